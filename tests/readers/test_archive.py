"""Zip archives of office files: every way to harm is refused before anything is parsed."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from index.readers import Reading, SourceFile, read_folder
from index.readers.archive import checked_archive
from tests.readers.shape import problems, read_bytes

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SUFFIXES = [".docx", ".xlsx"]


def packed(*parts: tuple[str, bytes]) -> bytes:
    """A zip archive of a content list and these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def refusal(suffix: str, data: bytes) -> str:
    reading = read_bytes(f"a{suffix}", data)
    assert reading.documents == ()
    (problem,) = problems(reading)
    return problem.removeprefix(f"a{suffix}: ")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_entities_are_refused_before_any_is_resolved(suffix: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    for encoding in ("utf-8", "utf-16"):
        assert refusal(suffix, packed(("word/document.xml", bomb.encode(encoding)))) == (
            "word/document.xml has a document type (DTD); save it anew without"
        )


DOCTYPE = '<!DOCTYPE x [<!ENTITY l0 "ha">]><x>&l0;</x>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("word/document.xml", b" " * 70_000 + DOCTYPE.encode()),
        ("word/document.xml", b"\r\n\t " * 40_000 + DOCTYPE.encode()),
        ("word/document.xml", "\ufeff".encode() + b" " * 70_000 + DOCTYPE.encode()),
        ("word/document.xml", (" " * 70_000 + DOCTYPE).encode("utf-16")),
        ("word/document.svg", DOCTYPE.encode()),
        ("word/media/more/document.svg/a.xml", DOCTYPE.encode()),
        ("word/multimedia/a.svg", DOCTYPE.encode()),
    ],
)
def test_a_document_type_is_found_wherever_it_stands(name: str, data: bytes) -> None:
    noise = ("word/media/a.bin", random.Random(1).randbytes(20_000))  # for blanks are packed small
    assert refusal(".docx", packed((name, data), noise)) == (
        f"{name} has a document type (DTD); save it anew without"
    )


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        *(("utf-32-le", "\ufeff"), ("utf-32-le", ""), ("utf-32-be", "\ufeff"), ("utf-32-be", "")),
        ("cp500", "<?xml version='1.0' encoding='cp500'?>"),
    ],
)
def test_xml_that_cannot_be_looked_through_is_refused(encoding: str, mark: str) -> None:
    data = (mark + DOCTYPE).encode(encoding)
    assert refusal(".docx", packed(("word/document.xml", data))) == (
        "not an office file that can be read; open it and save it anew"
    )


def test_a_picture_may_have_a_document_type() -> None:
    data = packed(("word/media/image1.svg", DOCTYPE.encode()), ("media/b.SVG", DOCTYPE.encode()))
    assert checked_archive(SourceFile("a.docx", data)).getvalue() == data


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_zip_bomb_is_refused(suffix: str) -> None:
    said = "unpacks to more than 100 times its size or 200,000,000 bytes; split it or save it anew"
    assert refusal(suffix, packed(("word/media/a.bin", bytes(5_000_000)))) == said


def test_sizes_are_counted_and_not_believed() -> None:
    data = bytearray(packed(("xl/a.bin", bytes(1_000_000))))
    place = data.rindex(b"PK\x01\x02")  # the list's entry of the last part says: 10 bytes
    struct.pack_into("<I", data, place + 24, 10)
    assert refusal(".xlsx", bytes(data)) == (
        "not an office file that can be read; open it and save it anew"
    )


@pytest.mark.parametrize("name", ["../up.xml", "/etc/a.xml", "word/../../a.xml", "a\\b.xml", "C:a"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_name_that_leads_out_of_the_archive_is_refused(suffix: str, name: str) -> None:
    assert refusal(suffix, packed((name, b"<x/>"))) == (
        f"a part named {name!r} leads out of it; save it anew"
    )


def test_too_many_parts_or_two_of_one_name_are_refused() -> None:
    many = [(f"p{n}.bin", b"x") for n in range(2_000)]
    assert (
        refusal(".docx", packed(*many)) == "2,001 parts, more than 2,000; save it anew with fewer"
    )
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed(("a.xml", b"<x/>"), ("a.xml", b"<y/>"))
    assert refusal(".docx", twice) == "two parts of one name; open it and save it anew"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_locked_file_and_one_of_another_kind_are_named(suffix: str) -> None:
    assert refusal(suffix, b"\xd0\xcf\x11\xe0" + bytes(600)) == (
        "locked with a password or in the format of before 2007; save it anew without one"
    )
    assert refusal(suffix, b"PK\x03\x04 cut short") == (
        "not an office file that can be read; open it and save it anew"
    )
    kind = {".docx": "a Word document", ".xlsx": "a spreadsheet"}[suffix]
    assert refusal(suffix, packed()) == (
        f"not {kind} that can be read; open it and save it as {suffix}"
    )


def test_an_older_format_is_left_out_with_what_to_save_it_as(tmp_path: Path) -> None:
    for name in ("a.doc", "b.xls", "c.odt", "d.pptx", "e.bin"):
        (tmp_path / name).write_bytes(b"x")
    assert read_folder(tmp_path) == Reading(
        ignored=(
            "a.doc (no reader; save it as .docx)",
            "b.xls (no reader; save it as .xlsx)",
            "c.odt (no reader; save it as .docx)",
            "d.pptx (no reader; save it as .pdf)",
            "e.bin (no reader)",
        )
    )
