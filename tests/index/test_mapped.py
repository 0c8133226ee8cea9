"""Arrays in a file that is mapped, not read."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.store import mapped
from index.store.mapped import Mapped, arrays_in, write_arrays

ARRAYS: list[NDArray[Any]] = [
    np.arange(5),
    np.zeros((0, 3), np.int8),
    np.array([[1, 2], [3, 4]], np.float16),
    np.array([2**63], np.uint64),
]


def test_arrays_come_back_with_their_shape_and_kind_and_cannot_be_written(tmp_path: Path) -> None:
    write_arrays(tmp_path / "some", ARRAYS)
    found = arrays_in(Mapped(tmp_path / "some"), len(ARRAYS))
    for array, again in zip(ARRAYS, found, strict=True):
        assert (again.dtype, again.tolist()) == (array.dtype, array.tolist())
        assert not again.flags.writeable
        assert again.flags.aligned


def test_the_same_arrays_are_the_same_bytes_however_they_are_cut(
    tmp_path: Path,
) -> None:
    rows = np.arange(3_000_000).reshape(-1, 3)  # 24 MB
    write_arrays(tmp_path / "one", [rows])
    (again,) = arrays_in(Mapped(tmp_path / "one"), 1)
    write_arrays(tmp_path / "two", [again])
    np.testing.assert_array_equal(again, rows)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_file_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    write_arrays(tmp_path / "some", ARRAYS[:1])
    (tmp_path / "some").write_bytes((tmp_path / "some").read_bytes()[:-1])
    with pytest.raises(ValueError, match="a file of arrays ends before they do"):
        arrays_in(Mapped(tmp_path / "some"), 1)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells it there")
def test_what_was_read_is_let_go_of_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "_MOST_MAPPED", 0)
    monkeypatch.setattr(mapped, "_LARGE", 2**20)
    write_arrays(tmp_path / "some", [np.ones(2**25, np.uint8)])
    kept = Mapped(tmp_path / "some")
    (ones,) = arrays_in(kept, 1)
    assert ones.sum() == 2**25
    full = resident()
    kept.touched(1)
    assert resident() > full - 20
    kept.touched(1_000)
    assert resident() < full - 20
    assert ones.sum() == 2**25


def test_as_long_as_little_is_mapped_all_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "_LARGE", 2**20)
    write_arrays(tmp_path / "some", [np.ones(2**22, np.uint8)])
    kept = Mapped(tmp_path / "some")
    monkeypatch.setattr(kept, "_let_go", lambda: pytest.fail("it was let go of"))
    kept.touched(1_000)


def resident() -> float:
    """In MB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss")) / 1024
