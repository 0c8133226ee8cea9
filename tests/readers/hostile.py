"""Readers that do what a bad file may make a reader do; the name of the file says which."""

import ctypes
import os
import re
import socket
import sys
import time
from pathlib import Path

from index.documents import Block, Document
from index.readers import Reading, SourceFile
from index.readers.source import Named

READER = Named("tests.readers.hostile", "read")


def read(file: SourceFile) -> Reading:
    """A document of the file's text, unless its name asks for something else."""
    text = globals()[Path(file.name).stem](file) or file.text
    blocks = (Block("paragraph", 0, len(text)),)
    return Reading((Document(file.name, "article", "A", text, file.name, blocks),))


def good(_: SourceFile) -> None:
    print("a parser may print what it likes")  # noqa: T201


def sleeps(_: SourceFile) -> None:
    time.sleep(600)


def matches(_: SourceFile) -> None:
    re.match(r"(a|a)*b", "a" * 40)  # never leaves the regex engine


def eats(_: SourceFile) -> str:
    return "x" * 3_000_000_000


def crashes(_: SourceFile) -> None:
    ctypes.string_at(0)


def leaves(_: SourceFile) -> None:
    os._exit(7)


def recurses(file: SourceFile) -> None:
    recurses(file)


def floods(_: SourceFile) -> str:
    return "x" * 2_000_000


def forges(_: SourceFile) -> None:
    forged = b'{"documents": [{"id": 1}], "problems": [], "ignored": [], "synonyms": null}'
    for place in range(3, 8):  # whichever of them leads to the build
        try:
            os.write(place, len(forged).to_bytes(8, "big") + forged)
        except OSError:
            continue
    time.sleep(600)


def writes(_: SourceFile) -> None:
    Path("/tmp/a-reader-writes-no-files").write_text("x")


def calls(_: SourceFile) -> None:
    socket.socket()


def starts(_: SourceFile) -> None:
    os.system("true")


def tells(_: SourceFile) -> str:
    """What it knows of where it runs."""
    known = [*os.environ, *(key for key in sys.modules if key in ("torch", "numpy", "gradio"))]
    return f"{sorted(set(known) - {'LC_CTYPE'})} {Path.cwd()} {sys.flags.isolated} {'' in sys.path}"
