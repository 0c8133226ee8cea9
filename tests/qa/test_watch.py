"""When a change of the sources leads to a rebuild, and what counts as a change."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from index.readers import read_folder
from qa.watch import LONGEST, QUIET, Seen, Watcher, look


def names(sources: Path, kb: Path = Path("kb")) -> list[str]:
    return sorted(os.path.relpath(path, sources) for path in look(sources, kb))


def test_what_a_build_reads_is_looked_at_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("faq.md", "deeper/tides.HTML", "synonyms.txt"):
        (tmp_path / name).write_text("Text.")
    for name in (".faq.md.swp", ".git/a.md", "faq.md~", "#faq.md#", "~$faq.csv", "a.tmp", "a.png"):
        (tmp_path / name).write_text("Text.")

    assert names(tmp_path) == ["deeper/tides.HTML", "faq.md", "synonyms.txt"]


def test_a_knowledge_base_among_the_sources_is_none_of_them(tmp_path: Path) -> None:
    for folder in ("kb", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "documents.jsonl").write_text("{}")
    (tmp_path / "kb" / "CURRENT").write_text("gen-1\n")
    (tmp_path / "kb" / "gen-1").mkdir()

    assert names(tmp_path) == ["new/documents.jsonl"]
    assert names(tmp_path, tmp_path / "new") == []


def test_a_folder_with_a_file_named_current_is_watched_as_it_is_read(tmp_path: Path) -> None:
    for name in ("CURRENT", "~faq.md", "notes.bak.md"):
        (tmp_path / name).write_text("Text.")

    assert names(tmp_path) == sorted(file.name for file in read_folder(tmp_path).files)
    assert names(tmp_path) == ["notes.bak.md", "~faq.md"]


def test_one_file_may_be_all_there_is_and_no_folder_is_nothing(tmp_path: Path) -> None:
    only = tmp_path / "faq.md"
    only.write_text("Text.")

    assert list(look(only, Path("kb"))) == [str(only)]
    assert look(tmp_path / "none", Path("kb")) == {}


def test_another_size_or_time_is_a_change(tmp_path: Path) -> None:
    file = tmp_path / "faq.md"
    file.write_text("Text.")
    before = look(tmp_path, Path("kb"))

    os.utime(file, ns=(1, 1))

    assert look(tmp_path, Path("kb")) != before


class Folder:
    """Sources, the clock, and a rebuild that says which state of them it was of."""

    def __init__(self, ready: bool = True) -> None:
        self.seen: Seen = {"faq.md": (5, 0)}
        self.now = 0.0
        self.built: list[Seen] = []
        self.tried: list[float] = []
        self.ready = ready
        self.watcher = Watcher(lambda: dict(self.seen), self.rebuild, lambda: self.now)

    def rebuild(self) -> bool:
        self.tried.append(self.now)
        if self.ready:
            self.built.append(dict(self.seen))
        return self.ready

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.watcher.watch()


def test_what_stands_there_at_first_is_built_once() -> None:
    folder = Folder()

    for _ in range(5):
        folder.later(QUIET)

    assert folder.built == [{"faq.md": (5, 0)}]


@pytest.fixture
def settled() -> Folder:
    """Built once, and quiet since."""
    folder = Folder()
    for _ in range(3):
        folder.later(QUIET)
    folder.built.clear()
    folder.tried.clear()
    return folder


def test_five_hundred_changes_in_a_row_are_one_rebuild(settled: Folder) -> None:
    for number in range(500):
        settled.seen[f"{number}.md"] = (1, number)
        settled.later(QUIET / 50)
    for _ in range(3):
        settled.later(QUIET)

    assert [len(seen) for seen in settled.built] == [501]


def test_what_never_rests_is_built_all_the_same(settled: Folder) -> None:
    for number in range(int(LONGEST) + 2):
        settled.seen["log.txt"] = (number, number)
        settled.later(1.0)

    assert len(settled.built) == 1


def test_a_change_while_a_rebuild_runs_is_built_after_it(settled: Folder) -> None:
    def rebuild() -> bool:
        settled.built.append(dict(settled.seen))
        settled.seen["late.md"] = (1, 1)
        return True

    settled.watcher._rebuild = rebuild
    settled.seen["new.md"] = (1, 1)
    for _ in range(5):
        settled.later(QUIET)

    assert [sorted(seen) for seen in settled.built] == [
        ["faq.md", "new.md"],
        ["faq.md", "late.md", "new.md"],
    ]


def test_what_failed_is_tried_again_ever_later(settled: Folder) -> None:
    settled.ready = False
    settled.seen["new.md"] = (1, 1)
    for _ in range(80):
        settled.later(1.0)
    assert [b - a for a, b in pairwise(settled.tried)] == [10.0, 20.0, 40.0]

    settled.seen["new.md"] = (2, 2)
    settled.ready = True
    for _ in range(3):
        settled.later(QUIET)

    assert len(settled.built) == 1


def test_what_fails_and_never_rests_is_tried_once_a_minute(settled: Folder) -> None:
    settled.ready = False
    for number in range(3 * int(LONGEST)):
        settled.seen["log.txt"] = (number, number)
        settled.later(1.0)

    assert len(settled.tried) == 2


def test_a_change_taken_back_before_it_was_built_is_none(settled: Folder) -> None:
    settled.seen["new.md"] = (1, 1)
    settled.later(QUIET / 2)
    del settled.seen["new.md"]
    for _ in range(3):
        settled.later(QUIET)

    assert settled.built == []
