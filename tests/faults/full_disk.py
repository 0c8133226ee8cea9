"""Builds on a disk that fills: how each ended, what serves then, and how the next one fares."""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from index.build import build
from index.errors import BuildError
from tests.faults.forks import NONE, Ended, Limits, forked, forked_each
from tests.faults.store import ask, built, encoder, sources

ENTRIES = 120
_PAGE = 4096
_ROOM = 64 << 20  # more than a generation takes


@dataclass(frozen=True, slots=True)
class Filled:
    """How a build ended where only `room` bytes were left; what was then, and after another build.

    `left` names what lies in the knowledge base's folder.
    """

    room: int
    build: Ended
    served: Ended
    left: list[str]
    mended: Ended
    after: Ended

    @property
    def refused(self) -> bool:
        """Whether it said so in one line, with what to do."""
        said = str(self.build.said)
        told = "cannot be written (" in said and "; mend that or choose another" in said
        return self.build.code == 0 and told and "\n" not in said

    @property
    def whole(self) -> bool:
        """Whether nothing of a build that failed lies there, nor stands in the next one's way."""
        rest = set(self.left) - {".lock", "CURRENT", "gen-1", ".CURRENT.new"}
        return not rest and self.mended.said == "built" and "2 o'clock" in first(self.after.said)


def first(said: Any) -> str:
    """The text of the first answer; empty where there is none."""
    return str(said["answers"][0]["text"]) if isinstance(said, dict) else ""


def prepared(place: Path) -> Path:
    """`kb` says 1, and what is in `sources` now says 2."""
    built(place, 1, ENTRIES)
    sources(place / "sources", 2, ENTRIES)
    return place


def sizes(kb: Path) -> list[int]:
    """Twenty and more: none, the last byte and the last block of each larger file."""
    whole = sorted({p.stat().st_size for p in kb.rglob("*") if p.is_file()}, reverse=True)
    return sorted({0, *(at for s in whole[:12] for at in (s - 1, s - _PAGE) if at > 100)})


def rooms(kb: Path, points: int = 24) -> list[int]:
    """Of a whole disk: none, and ever more until a page less than a generation fills."""
    pages = sum(-(-p.stat().st_size // _PAGE) for p in (kb / "gen-1").rglob("*") if p.is_file())
    return sorted({_PAGE * (pages - 1) * point // (points - 1) // _PAGE * _PAGE
                   for point in range(points)})  # fmt: skip


def built_under(kb: Path) -> str:
    """What a build of the sources beside `kb` says."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        build(kb.parent / "sources", kb, encoder())
    except BuildError as error:
        return str(error)
    return "built"


def limited(place: Path, fresh: bool, limits: Sequence[int]) -> list[Filled]:
    """No file may become longer than the limit."""
    ends = []
    for limit in limits:
        folder = place / f"{limit}-{fresh}"
        folder.mkdir()
        kb = _copied(place, folder, fresh)
        ends.append(_filled(kb, limit, {resource.RLIMIT_FSIZE: limit}))
    return ends


def small(place: Path, fresh: bool, limits: Sequence[int]) -> list[Filled]:
    """The disk has so many bytes left. For root; raises CalledProcessError where it may not."""
    ends = []
    for limit in limits:
        with tmpfs(place / f"tmpfs-{limit}-{fresh}") as disk:
            kb = _copied(place, disk, fresh)
            held = os.statvfs(disk)
            used = (held.f_blocks - held.f_bfree) * held.f_frsize
            _resize(disk, used + limit)
            ends.append(_filled(kb, limit, disk=disk))
    return ends


@contextmanager
def tmpfs(at: Path) -> Iterator[Path]:
    """A disk of its own, in memory. For root; raises CalledProcessError where it may not."""
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(at)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def _resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={max(size, _PAGE)}", str(disk)], check=True)


def _copied(place: Path, folder: Path, fresh: bool) -> Path:
    (folder / "sources").symlink_to(place / "sources")
    if not fresh:
        shutil.copytree(place / "kb", folder / "kb")
    return folder / "kb"


def _filled(kb: Path, room: int, limits: Limits = NONE, disk: Path | None = None) -> Filled:
    ended, served = forked(partial(built_under, kb), limits), forked(partial(ask, kb))
    left = sorted(path.name for path in kb.iterdir()) if kb.is_dir() else []
    if disk:
        _resize(disk, _ROOM)
    mended, after = forked_each([partial(built_under, kb), partial(ask, kb)])
    return Filled(room, ended, served, left, mended, after)
