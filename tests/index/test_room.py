"""Room for rows that come one after another."""

from pathlib import Path

import numpy as np
import pytest

from index.store import room
from index.store.room import Room

ROWS = np.arange(12, dtype=np.int8).reshape(4, 3)


@pytest.fixture(params=[0, 2**30], ids=["on disk", "in memory"])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(room, "_IN_MEMORY", request.param)
    return int(request.param)


@pytest.mark.usefixtures("limit")
def test_what_is_kept_stays_when_more_comes_and_is_no_copy_of_the_given() -> None:
    given, kept = ROWS.copy(), Room(9)
    first, second = kept.keep(given[:1]), kept.keep(given[1:])
    given[:] = 0
    assert first.tolist() == ROWS[:1].tolist()
    assert second.tolist() == ROWS[1:].tolist()
    assert kept.rows(ROWS).tolist() == ROWS.tolist()


def test_nothing_has_the_width_that_it_would_have() -> None:
    assert Room(0).rows(ROWS).shape == (0, 3)


def test_there_is_no_room_for_more_than_was_said() -> None:
    with pytest.raises(ValueError, match="room for 3 rows, not 4"):
        Room(3).keep(ROWS)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux tells it there")
def test_many_rows_take_a_file_that_has_no_name_and_no_more_of_the_disk_than_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    big = Room(2**40 // 3)  # a terabyte
    assert big.keep(ROWS).tolist() == ROWS.tolist()
    assert list(tmp_path.iterdir()) == []
    assert f"{tmp_path}/" in Path("/proc/self/maps").read_text()
