"""Office files are zip archives: looked through before anything in them is parsed."""

import io
import re
import zipfile
from typing import IO
from xml.parsers import expat

from index.readers.source import SourceFile

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200_000_000  # bytes
MAX_RATIO = 100  # of the bytes unpacked to those of the file

_CHUNK = 1 << 16
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"  # of Word 97, and of any new file that is locked
_BLANK = b" \t\r\n"  # what may stand before the first element of XML
# UTF-32 and EBCDIC, which the parser of a part might read, but the one here cannot.
_STRANGE = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<", b"\x4c\x6f\xa7\x94")
_MARKUP = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")
_PICTURE = re.compile(r"(?:.*/)?media/[^/]+\.svg", re.IGNORECASE)


class _Doctype(Exception):
    """A part of the archive has a document type, where entities are declared."""


def checked_archive(file: SourceFile) -> io.BytesIO:
    """The file's bytes, after every part was unpacked once, piece by piece, and found harmless.

    No more than `MAX_RATIO` bytes come of one, no name leads out of it, no XML has a document
    type. Sizes are counted and not taken from the archive's own list. Raises ReadError.
    """
    if file.data.startswith(_OLD_FORMAT):
        reason = "locked with a password or in the format of before 2007; save it anew without one"
        raise file.problem(0, reason)
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            _check_names(file, archive)
            _check_parts(file, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        reason = "not an office file that can be read; open it and save it anew"
        raise file.problem(0, reason) from None
    except Exception as error:
        if type(error).__module__ not in ("zlib", "lzma", "_lzma"):
            raise
        raise file.problem(0, "damaged within; open it and save it anew") from None
    return io.BytesIO(file.data)


def _check_names(file: SourceFile, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        reason = f"{len(entries):,} parts, more than {MAX_ENTRIES:,}; save it anew with fewer"
        raise file.problem(0, reason)
    names = [entry.orig_filename for entry in entries]
    for name in names:
        if _leads_out(name):
            raise file.problem(0, f"a part named {name[:80]!r} leads out of it; save it anew")
    if len(set(names)) < len(names):
        raise file.problem(0, "two parts of one name; open it and save it anew")


def _leads_out(name: str) -> bool:
    odd = any(mark in name for mark in ("\\", "\0", ":"))
    return odd or name.startswith("/") or ".." in name.split("/")


def _check_parts(file: SourceFile, archive: zipfile.ZipFile) -> None:
    allowed = min(MAX_UNPACKED, MAX_RATIO * len(file.data))
    for entry in archive.infolist():
        with archive.open(entry) as part:
            try:
                allowed -= _read_through(part, allowed, svg=_is_picture(entry.filename))
            except _Doctype:
                reason = f"{entry.filename[:80]} has a document type (DTD); save it anew without"
                raise file.problem(0, reason) from None
        if allowed < 0:
            reason = (
                f"unpacks to more than {MAX_RATIO} times its size or {MAX_UNPACKED:,} bytes; "
                "split it or save it anew"
            )
            raise file.problem(0, reason)


def _is_picture(name: str) -> bool:
    return _PICTURE.fullmatch(name) is not None


def _read_through(part: IO[bytes], allowed: int, *, svg: bool) -> int:
    """Count the part's bytes, up to just above `allowed`. Pictures may have a document type.

    The first bytes that are not blank tell whether it is XML, in whatever chunk they come.
    """
    size, parser, unknown = 0, None, not svg
    while size <= allowed and (chunk := part.read(_CHUNK)):
        size += len(chunk)
        if unknown and (begins := chunk.lstrip(_BLANK)):
            unknown, parser = False, _parser(begins)
        if parser:
            try:
                parser.Parse(chunk, False)
            except expat.ExpatError as error:
                raise ValueError(str(error)) from None
    return size


def _parser(begins: bytes) -> expat.XMLParserType | None:
    """What stops at a document type in XML that begins so; None for what is no XML."""
    if begins.startswith(_STRANGE):
        raise ValueError("XML in an encoding that cannot be looked through")
    if not begins.startswith(_MARKUP):
        return None
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop
    return parser


def _stop(*_: object) -> None:
    raise _Doctype
