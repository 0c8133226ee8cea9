"""Records that stay on disk until they are asked for."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from index import records
from index.records import Places, Records, write_records


class Named(NamedTuple):
    id: str
    text: str


THREE = [Named("a", "One"), Named("b", "Zwei — ß"), Named("c", "three\nlines")]


def written(path: Path, named: list[Named]) -> Places:
    return write_records(path, ((one.id, one._asdict()) for one in named))


@pytest.fixture
def kept(tmp_path: Path) -> Records[Named]:
    return Records(tmp_path / "all.jsonl", written(tmp_path / "all.jsonl", THREE), made)


def made(record: dict[str, Any]) -> Named:
    return Named(**record)


def test_they_are_a_sequence_of_what_was_written(kept: Records[Named]) -> None:
    assert list(kept) == THREE
    assert len(kept) == 3
    assert (kept[0], kept[-1], kept[np.int64(1)]) == (THREE[0], THREE[2], THREE[1])
    assert kept[1:] == tuple(THREE[1:])
    assert kept == THREE
    assert kept != THREE[:2]
    assert kept != [*THREE[:2], Named("c", "other")]


@pytest.mark.parametrize("row", [3, -4])
def test_a_row_that_is_not_there_is_an_index_error(kept: Records[Named], row: int) -> None:
    with pytest.raises(IndexError, match=f"row {row} of 3"):
        kept[row]


def test_each_is_found_by_its_id(kept: Records[Named]) -> None:
    assert [kept.row(id_) for id_ in "cab"] == [2, 0, 1]
    for unknown in ("d", "\ud800"):  # one is half a character
        with pytest.raises(KeyError):
            kept.row(unknown)


def test_ids_with_the_same_key_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_key", lambda _: np.uint64(7))
    kept = Records(tmp_path / "all", written(tmp_path / "all", THREE), made)
    assert [kept.row(id_) for id_ in "cab"] == [2, 0, 1]
    with pytest.raises(KeyError, match="d"):
        kept.row("d")


def test_they_outlive_the_name_of_their_file(tmp_path: Path, kept: Records[Named]) -> None:
    (tmp_path / "all.jsonl").unlink()
    assert list(kept) == THREE


def test_a_file_of_another_length_is_refused(tmp_path: Path) -> None:
    places = written(tmp_path / "all", THREE)
    with (tmp_path / "all").open("a") as stream:
        stream.write("{}\n")
    with pytest.raises(ValueError, match="all does not end where its last line should"):
        Records(tmp_path / "all", places, made)
