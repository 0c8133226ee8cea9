"""From a folder to documents: every file to the reader of its suffix, none lost without a word."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import ReadError
from index.readers.source import Content, Named, Reader, Reading, SourceFile
from index.synonyms import FILE as SYNONYMS

MAX_BYTES = 20_000_000


Parse = Callable[[Reader, SourceFile], Reading]


def _reader(module: str) -> Reader:
    return Named(f"index.readers.{module}", f"read_{module}")


READERS: dict[str, Reader] = {
    ".csv": _reader("table"),
    ".docx": _reader("docx"),
    ".htm": _reader("html"),
    ".html": _reader("html"),
    ".json": _reader("records"),
    ".jsonl": _reader("records"),
    ".jsonld": _reader("records"),
    ".markdown": _reader("markdown"),
    ".md": _reader("markdown"),
    ".pdf": _reader("pdf"),
    ".tsv": _reader("table"),
    ".txt": _reader("text"),
    ".xlsx": _reader("xlsx"),
}
_READ_SYNONYMS = _reader("synonyms")
_SAVED_AS = {".doc": ".docx", ".odt": ".docx", ".pptx": ".pdf", ".xls": ".xlsx"}


def parsed(reader: Reader, file: SourceFile) -> Reading:
    """What `reader` makes of the file; that it holds nothing is a problem."""
    if not file.data.strip(b"\xef\xbb\xbf \t\r\n"):
        return _problem(file.name, "this file is empty; write something in it or remove it")
    try:
        reading = reader(file)
    except ReadError as error:
        return Reading(problems=(error,))
    if reading == Reading():
        return _problem(file.name, "no readable text in this file; add some or remove it")
    return reading


def read_folder(root: Path, parse: Parse = parsed) -> Reading:
    """Every document below `root`, files in sorted order; `root` may also be a single file.

    What `is_source_name` says no to is skipped. A link to a folder is ignored (what it leads to is
    read in its own place), and so is a knowledge base, which holds no sources. Raises nothing: what
    cannot be read is among the problems. Files are parsed here, unless `parse` does it
    elsewhere, as `apart.read_folder_apart` has it for files that nobody vouches for.
    """
    return Reading.joined(_readings(root, parse))


def _readings(root: Path, parse: Parse) -> Iterator[Reading]:
    if not _is(Path.is_dir, root):
        yield _read(root, root.name, None, parse)
        return
    home = root.resolve()
    waiting = [root]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if path != root and (_is(Path.is_symlink, path) or not _is(Path.is_dir, path)):
            yield _read(path, name, home, parse)
            continue
        try:
            children = _children(path)
        except OSError as error:
            yield _problem(name, f"cannot be listed ({error.strerror}); change its permissions")
            continue
        if is_knowledge_base(children):
            yield Reading(ignored=(_printable(f"{name}/ (a knowledge base)"),))
        else:
            waiting.extend(reversed(children))


def is_source_name(name: str) -> bool:
    """Whether a file or folder of this name is looked at.

    Hidden ones are not, nor those in which an office program notes who has a file open.
    """
    return not name.startswith((".", "~$"))


def _children(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_source_name(path.name))


def _is(check: Callable[[Path], bool], path: Path) -> bool:
    """Whether `path` passes; not where that cannot be told, which opening it will say."""
    try:
        return check(path)
    except OSError:  # no permission to look, or a name longer than any
        return False


def is_knowledge_base(children: Iterable[Path]) -> bool:
    """Whether a build has written the folder that has these: generations, one of them current."""
    names = {path.name: path for path in children}
    generations = [
        path for name, path in names.items() if name.startswith("gen-") and _is(Path.is_dir, path)
    ]
    current = "CURRENT" in names and _is(Path.is_file, names["CURRENT"])
    return bool(generations) and (
        current or any(_is(Path.is_file, path / "manifest.json") for path in generations)
    )


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "_" for c in name)


def _read(path: Path, name: str, home: Path | None, parse: Parse) -> Reading:
    name = _printable(name)
    try:
        real = path.resolve(strict=True)
        if home and not real.is_relative_to(home):
            return _problem(name, "this link leads out of the folder; copy the file into it")
        if real.is_dir():
            return Reading(ignored=(f"{name} (a link to a folder)",))
        # Opening a FIFO waits for its other end, opening a device may act: look before.
        if not stat.S_ISREG(real.stat().st_mode):
            return _problem(name, "not a regular file; remove it from the folder")
        reader = READERS.get(path.suffix.lower())
        if home and name == SYNONYMS:  # in a folder, at its top
            reader = _READ_SYNONYMS
        if not reader:
            return _left_out(name, path.suffix.lower())
        return _read_with(reader, real, name, parse)
    except FileNotFoundError:
        return _problem(name, "no such file or folder; check the path or the link")
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, until Python 3.13
        why = getattr(error, "strerror", None) or "a link that leads to itself"
        return _problem(name, f"cannot be opened ({why}); check its name and permissions")


def _left_out(name: str, suffix: str) -> Reading:
    remedy = f"; save it as {_SAVED_AS[suffix]}" if suffix in _SAVED_AS else ""
    return Reading(ignored=(f"{name} (no reader{remedy})",))


def _read_with(reader: Reader, path: Path, name: str, parse: Parse) -> Reading:
    data = _content(path)
    if data is None:
        return _problem(name, f"larger than {MAX_BYTES:,} bytes; split it into several files")
    content = Content(name, len(data), hashlib.sha256(data).hexdigest())
    return replace(parse(reader, SourceFile(name, data)), files=(content,))


def _content(path: Path) -> bytes | None:
    """The file's bytes; None where there are more than `MAX_BYTES`."""
    # The open file is measured, not the path, which may name another file by then.
    with open(path, "rb", opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(None, "not a regular file any more")
        data = file.read(MAX_BYTES + 1) if status.st_size <= MAX_BYTES else b""
        return data if status.st_size <= MAX_BYTES and len(data) <= MAX_BYTES else None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _problem(name: str, reason: str) -> Reading:
    return Reading(problems=(ReadError(name, 0, reason),))
