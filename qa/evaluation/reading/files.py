"""Files of a question set, opened without waiting and read within bounds."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from index.errors import ReadError
from index.readers.source import SourceFile

MAX_BYTES = 200_000_000  # a file that is read whole takes several times its size in memory
MAX_LINE_BYTES = 20_000_000  # as much as the largest source file that can be built from

_LOOK = 10_000  # bytes that tell of what kind a file is
_BLANK = b"\xef\xbb\xbf \t\r\n"
_EMPTY = "this file is empty; write something in it or name another"


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder. Raises ReadError where nothing is there or it cannot be told."""
    return stat.S_ISDIR(_status(path).st_mode)


def exists(path: Path) -> bool:
    """Whether anything is at `path`; opening it tells what keeps it from being read."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def content(path: Path, name: str) -> SourceFile:
    """The whole file, at most MAX_BYTES, called `name`. Raises ReadError."""
    with opened(path) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_BYTES:
            raise _too_large(name)
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:  # it has grown meanwhile
        raise _too_large(name)
    if not data.strip(_BLANK):
        raise ReadError(name, 0, _EMPTY)
    return SourceFile(name, data)


def opening(path: Path) -> str:
    """The whole lines among the first bytes of a file, whatever it holds; for a look at it."""
    with opened(path) as stream:
        data = stream.read(_LOOK + 1)
    text = data.decode(errors="replace")
    return text if len(data) <= _LOOK else text.rpartition("\n")[0]


def lines(path: Path, name: str) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, and its number: one at a time, for files of any size.

    Raises ReadError for what is not text in UTF-8, for a line of more than MAX_LINE_BYTES and where
    every line is blank.
    """
    number, empty = 0, True
    with opened(path) as stream:
        while data := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(data) > MAX_LINE_BYTES:
                reason = (
                    f"this line has more than {MAX_LINE_BYTES:,} bytes; write one record a line"
                )
                raise ReadError(name, number, reason)
            if data.strip(_BLANK):
                empty = False
                yield number, _text(data, name, number)
    if empty:
        raise ReadError(name, 0, _EMPTY)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`, to read from. Raises ReadError where it cannot be opened or read."""
    # Opening a FIFO waits for its other end, opening a device may act: look before.
    _check_regular(path, _status(path))
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            # The path may name another file by now.
            _check_regular(path, os.fstat(stream.fileno()))
            yield stream
    except OSError as error:
        raise _unopened(path, error) from None


def _text(line: bytes, name: str, number: int) -> str:
    try:
        return SourceFile(name, line).text.rstrip("\n")
    except ReadError as error:  # it counts from the start of the line
        raise ReadError(name, number, error.reason) from None


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise ReadError(str(path), 0, "no such file or folder; check the path") from None
    except OSError as error:
        raise _unopened(path, error) from None
    except ValueError:  # a NUL in the path
        raise ReadError(str(path), 0, "this path names no file; check it") from None


def _check_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ReadError(str(path), 0, "a folder, not a file; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(str(path), 0, "not a regular file; save what it holds in one")


def _unopened(path: Path, error: OSError) -> ReadError:
    why = error.strerror or "no reason given"
    return ReadError(str(path), 0, f"cannot be read ({why}); check its name and permissions")


def _too_large(name: str) -> ReadError:
    return ReadError(name, 0, f"larger than {MAX_BYTES:,} bytes; split it into several files")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
