"""A file in the place of another: the old or the new, and nothing else beside it."""

import os
import stat
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path

import pytest

from index.disk import replace


def test_a_file_is_replaced_and_folder_and_file_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def sync(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")

    monkeypatch.setattr("os.fsync", sync)
    (tmp_path / "a").write_bytes(b"old")

    replace(tmp_path / "a", b"\xff new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"\xff new")]
    assert synced == ["file", "folder"]


@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("failure", [OSError(ENOSPC, "full"), KeyboardInterrupt("stopped")])
def test_what_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, failure: BaseException
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(at, fails(failure))

    with pytest.raises(type(failure), match=r"full|stopped"):
        replace(tmp_path / "a", b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


def fails(failure: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise failure

    return fail


def test_a_pipe_in_the_way_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".a.new")

    replace(tmp_path / "a", b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"new")]
