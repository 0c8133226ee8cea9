"""PDF files written by hand: each line of text at a place of our own."""

import zlib
from collections.abc import Sequence

Line = tuple[float, float, float, str]  # x, y, size, text


def printed(*pages: Sequence[Line], info: str = "") -> bytes:
    """A PDF with these lines in Helvetica; `info` is what stands in its information dictionary."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "\n".join(_drawn(*line) for line in lines)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream",
        ]
    return _file([*objects, f"<< {info} >>"])


def paragraph(text: str, top: float = 700, size: float = 11, x: float = 72) -> list[Line]:
    """The lines of `text` below each other, 14 points apart."""
    return [(x, top - 14 * n, size, line) for n, line in enumerate(text.split("\n"))]


def bomb() -> bytes:
    """A PDF of two megabytes, the page of which unpacks to two gigabytes."""
    squeezer = zlib.compressobj(9)
    megabyte = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    packed = megabyte + 2_047 * megabyte[2:]  # the first two bytes open the stream
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    whole = printed(paragraph("x"))
    start, end = whole.index(b"<< /Length"), whole.index(b"endstream") + len(b"endstream")
    return whole[:start] + stream + whole[end:]


def _drawn(x: float, y: float, size: float, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"


def _file(objects: Sequence[str]) -> bytes:
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count, start = len(objects) + 1, len(data)
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R /Info {len(objects)} 0 R >>\n"
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}startxref\n{start}\n%%EOF\n"
    return data + end.encode()
