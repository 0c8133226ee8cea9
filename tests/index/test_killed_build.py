"""A build that dies at any step leaves the old knowledge base or the new one, and can be rerun."""

import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import index.build
from index.build import build
from index.errors import KnowledgeBaseMissing
from index.knowledge import Knowledge
from index.readers import read_folder
from tests.index.sources import FAQ, encoder, sources

KILLED = 86
_WRITES = os.O_WRONLY | os.O_RDWR
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
_fork = multiprocessing.get_context("forkserver")
# Imported once, so that each of seventy builds starts at once.
_LAZY = ["index.store.faiss", "index.readers.markdown", "bm25s", "sentencex", "Stemmer", "yaml"]
_fork.set_forkserver_preload([__name__, *_LAZY])


def build_and_die(folder: Path, kb: Path, step: int) -> None:
    """Build, and die before the `step`-th change to the disk, or with a file just emptied."""
    left = iter(range(step - 1, -1, -1))

    def tick(opened: str = "", flags: int = 0) -> None:
        if next(left, -1) == 0:
            if flags & os.O_TRUNC:
                os.truncate(os.open(opened, flags), 0)
            os._exit(KILLED)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if str(kb) in str(args[:1]):
            if event == "open" and isinstance(args[2], int) and args[2] & _WRITES:
                tick(os.fspath(args[0]), args[2])
            elif event in _CHANGES:
                tick()

    sys.addaudithook(watch)
    # What a dead process wrote stays written: only a machine that dies needs the syncing itself.
    os.fsync = lambda fd: tick()  # noqa: ARG005 (the name is os.fsync's)
    # Seventy builds would start as many processes to read in, which write nothing.
    vars(index.build)["read_folder_apart"] = read_folder
    build(folder, kb, encoder())


def deaths(folder: Path, before: Path, kb: Path) -> Iterator[int]:
    """`kb` as `before` and a dead build leave it, once for each step a build has."""
    for step in count(1):
        shutil.rmtree(kb, ignore_errors=True)
        shutil.copytree(before, kb)
        child = _fork.Process(target=build_and_die, args=(folder, kb, step))
        child.start()
        child.join()
        if child.exitcode == 0:
            return
        assert child.exitcode == KILLED
        yield step


def width(kb: Path) -> str:
    """What the knowledge base says now."""
    try:
        return Knowledge.load(kb, encoder()).document("faq.md:q2").text
    except KnowledgeBaseMissing:
        return "nothing"


@pytest.mark.parametrize("first", [True, False], ids=["first build", "rebuild"])
def test_a_build_that_dies_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    folder, before, kb = sources(tmp_path / "sources"), tmp_path / "before", tmp_path / "kb"
    before.mkdir()
    if not first:
        build(folder, before, encoder())
        sources(folder, FAQ.replace("Four km.", "Five km."))
    old, new = ("nothing", "Four km.") if first else ("Four km.", "Five km.")
    seen = []
    for _ in deaths(folder, before, kb):
        seen.append(width(kb))
        build(folder, kb, encoder())
        assert width(kb) == new
        assert not (kb / ".building").exists()
    assert width(kb) == new
    assert seen == sorted(seen, key=[old, new].index)
    assert len(seen) > 30  # each file is opened, written and synced
    assert set(seen) == {old, new}
