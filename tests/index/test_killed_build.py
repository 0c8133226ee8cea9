"""A build that is killed at any step leaves the old knowledge base or the new one.

So does going back to an earlier one; and a build that comes after goes on as if nothing had been.
"""

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Literal

import pytest

import index.build
from index.build import build
from index.errors import KnowledgeBaseMissing
from index.knowledge import Knowledge
from index.publish import building, roll_back
from index.readers import read_folder
from tests.faults.forks import Ended, forked, forked_each
from tests.index.sources import FAQ, encoder, sources

Way = Literal["first build", "rebuild", "roll back"]

_WRITES = os.O_WRONLY | os.O_RDWR
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree")
_BATCH = 8


def changing(kb: Path, way: Way) -> None:
    if way == "roll back":
        with building(kb):
            roll_back(kb)
    else:
        build(kb.parent / "sources", kb, encoder(), keep=1)


def steps(kb: Path, way: Way, last: int = 0) -> list[str]:
    """The changes to the disk; killed before the one of number `last`, or as it empties a file."""
    seen: list[str] = []

    def tick(what: str, opened: str = "", flags: int = 0) -> None:
        seen.append(what)
        if len(seen) == last:
            if flags & os.O_TRUNC:
                os.truncate(os.open(opened, flags), 0)
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if str(kb) not in str(args[:1]):
            return
        if event == "open" and isinstance(args[2], int) and args[2] & _WRITES:
            tick(f"open {Path(os.fspath(args[0])).name}", os.fspath(args[0]), args[2])
        elif event in _CHANGES:
            tick(f"{event} {Path(os.fspath(args[0])).name}")

    sys.addaudithook(watch)
    # What a dead process wrote stays written: only a machine that dies needs the syncing itself.
    # Each build would start a process to read in, which writes nothing.
    vars(index.build)["read_folder_apart"] = read_folder
    os.fsync = lambda fd: tick("fsync")  # noqa: ARG005 (the name is os.fsync's)
    changing(kb, way)
    return seen


def width(kb: Path) -> str:
    """What the knowledge base says now."""
    try:
        knowledge = Knowledge.load(kb, encoder())
        return knowledge.degraded or knowledge.document("faq.md:q2").text
    except KnowledgeBaseMissing:
        return "nothing"


def afterwards(kb: Path) -> list[str]:
    """What it says now, what once it has been built again, and all that is beside generations."""
    os.fsync = lambda fd: None  # noqa: ARG005 (the name is os.fsync's)
    now = width(kb)
    build(kb.parent / "sources", kb, encoder())
    rest = sorted(p.name for p in kb.iterdir() if not p.name.startswith("gen-"))
    return [now, width(kb), *rest]


def deaths(place: Path, way: Way, numbers: Sequence[int]) -> list[tuple[Ended, Ended]]:
    """How each ended that was to be killed at its step, and what came afterwards."""
    copies = [place / f"{number}" / "kb" for number in numbers]
    for kb in copies:
        shutil.copytree(place / "before", kb)
        (kb.parent / "sources").symlink_to(place / "sources")
    killed = forked_each([partial(steps, *one) for one in zip(copies, repeat(way), numbers)])
    left = [*killed]
    return [*zip(left, forked_each([partial(afterwards, kb) for kb in copies]), strict=True)]


def prepared(place: Path, way: Way) -> tuple[str, str]:
    """Lay out sources and what stands before; what it says before and after the change."""
    folder, before = sources(place / "sources"), place / "before"
    before.mkdir()
    if way == "first build":
        return "nothing", "Four km."
    build(folder, before, encoder())
    sources(folder, FAQ.replace("Four km.", "Five km."))
    build(folder, before, encoder())
    if way == "roll back":
        return "Five km.", "Four km."
    sources(folder, FAQ.replace("Four km.", "Six km."))
    return "Five km.", "Six km."


@pytest.mark.parametrize("way", ["first build", "rebuild", "roll back"])
def test_what_is_killed_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: ProcessPoolExecutor, way: Way
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    old, new = prepared(tmp_path, way)
    shutil.copytree(tmp_path / "before", tmp_path / "kb")
    all_steps = pool.submit(counted, tmp_path / "kb", way).result()
    numbers = range(1, len(all_steps) + 1)
    batches = [numbers[start : start + _BATCH] for start in range(0, len(numbers), _BATCH)]

    ends = [*chain.from_iterable(pool.map(deaths, repeat(tmp_path), repeat(way), batches))]

    assert [killed.code for killed, _ in ends] == [-signal.SIGKILL] * len(all_steps)
    last = new if way != "roll back" else "Five km."  # the build of today's sources
    seen = [after.said[0] for _, after in ends]
    assert seen == sorted(seen, key=[old, new].index)
    assert set(seen) == {old, new}
    assert {tuple(after.said[1:]) for _, after in ends} == {(last, ".lock", "CURRENT")}
    assert expected_steps(way) <= set(all_steps)


def counted(kb: Path, way: Way) -> list[str]:
    """All steps of one that is not killed."""
    said: list[str] = forked(partial(steps, kb, way)).said
    return said


def expected_steps(way: Way) -> set[str]:
    """Some that there have to be: of each kind, and those that decide."""
    serving = {"open .lock", "open .CURRENT.new", "fsync", "os.rename .CURRENT.new"}
    if way == "roll back":
        return serving
    files = {"documents.jsonl", "passages.faiss", "sentences.tokens", "postings.arrays"}
    written = {f"open {name}" for name in files}
    swept = {"shutil.rmtree gen-1"} if way == "rebuild" else set[str]()
    stage = {"os.mkdir .building", "os.mkdir lexical", "open manifest.json", "os.rename .building"}
    return serving | written | stage | swept
