import errno
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.tokens import Codes, TokenStore, packed, to_codes
from tests.faults.forks import forked

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]
BETWEEN = [0.6, 0.8]


def asked(*vectors: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array(vectors, np.float32)


def codes(*vectors: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    return to_codes(np.array(vectors, np.float32).reshape(-1, 2))


def rows(*numbers: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def test_each_token_of_the_question_meets_its_nearest_in_each_row() -> None:
    store = TokenStore.of([codes(EAST, BETWEEN), codes(NORTH)], dim=2)

    nearest = store.nearest(asked(EAST, NORTH), rows(0, 1))

    assert nearest == pytest.approx(np.array([[1.0, 0.8], [0.0, 1.0]]), abs=0.01)


def test_rows_may_be_asked_for_in_any_order_and_twice() -> None:
    store = TokenStore.of([codes(EAST), codes(NORTH, EAST), codes(BETWEEN)], dim=2)

    nearest = store.nearest(asked(NORTH), rows(2, 0, 2))

    assert nearest[:, 0] == pytest.approx([0.8, 0.0, 0.8], abs=0.01)


def test_a_row_without_a_token_is_like_nothing() -> None:
    store = TokenStore.of([codes(), codes(EAST)], dim=2)

    assert store.nearest(asked(EAST), rows(0))[0, 0] == 0.0
    assert len(store) == 2


def test_no_row_gives_no_cosine() -> None:
    assert TokenStore.of([], dim=2).nearest(asked(EAST), rows()).shape == (0, 1)


def test_equal_rows_score_the_same_to_the_bit_wherever_they_stand() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(30, 384)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    one = to_codes(unit)
    store = TokenStore.of([one[:7], one[7:20], one[:7], one[20:], one[:7]], dim=384)

    nearest = store.nearest(unit[25:], np.arange(5))

    assert nearest[0].tolist() == nearest[2].tolist() == nearest[4].tolist()
    assert store.nearest(unit[25:], rows(4)).tolist() == nearest[4:].tolist()


def test_a_store_is_what_its_file_says(tmp_path: Path) -> None:
    store = TokenStore.of([codes(EAST, BETWEEN), codes(NORTH)], dim=2)
    store.save(tmp_path / "one")
    again = TokenStore.load(tmp_path / "one")
    again.save(tmp_path / "two")

    assert [again.row(n).tolist() for n in range(2)] == [store.row(n).tolist() for n in range(2)]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("first", [[], [0], [1, 2], [0, 1], [0, 2, 1], [0, 3, 2]])
def test_rows_that_do_not_part_the_tokens_are_refused(first: list[int]) -> None:
    with pytest.raises(ValueError, match="2 token vectors do not part into"):
        TokenStore(codes(EAST, NORTH), rows(*first))


def test_packed_a_token_keeps_its_neighbours_in_a_quarter_of_the_room() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(60, 384)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = unit[:20] + 0.5 * unit[20:40]  # a cosine of .9 with the first twenty
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    small = packed(to_codes(unit[:20]))
    store = TokenStore.of([small[n : n + 1] for n in range(20)], dim=384, is_packed=True)

    assert (small.shape, small.nbytes, store.is_packed) == ((20, 96), 20 * 96, True)
    cosines = store.nearest(near, np.arange(20))
    assert cosines.argmax(axis=0).tolist() == [*range(20)]
    assert np.diag(cosines) == pytest.approx(np.diag(unit[:20] @ near.T), abs=0.08)
    assert packed(small).tolist() == small.tolist()


def test_packed_ones_lie_in_a_file_that_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    small = packed(codes(EAST, BETWEEN, NORTH))
    store = TokenStore.of(iter([small[:1], small[1:]]), 2, True)

    assert [store.row(n).tolist() for n in range(2)] == [small[:1].tolist(), small[1:].tolist()]
    assert list(tmp_path.iterdir()) == []
    if (maps := Path("/proc/self/maps")).exists():
        assert f"{tmp_path}/" in maps.read_text()


def test_a_full_disk_is_told_where_packed_ones_are_to_lie() -> None:
    many = packed(np.zeros((1000, 384), np.int8))

    def kept() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            TokenStore.of([many] * 10, 384, True)
        except OSError as error:
            return f"{errno.errorcode[error.errno or 0]}: {error.strerror}"
        return "kept"

    said = forked(kept, {resource.RLIMIT_FSIZE: many.nbytes}).said
    assert said == "EFBIG: File too large, in the folder for temporary files, see TMPDIR"


def test_where_the_rows_cannot_be_made_the_folder_is_not_to_blame() -> None:
    def rows() -> Iterator[Codes]:
        yield packed(codes(EAST))
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    with pytest.raises(OSError, match=r"Cannot allocate memory$"):
        TokenStore.of(rows(), 2, True)


def test_packed_too_a_row_without_a_token_is_like_nothing() -> None:
    store = TokenStore.of([packed(codes()), packed(codes(EAST)), packed(codes())], 2, True)

    assert store.nearest(asked(EAST), rows(2, 0)).tolist() == [[0.0], [0.0]]
    assert store.nearest(asked(EAST), rows(0, 1))[1, 0] > 0


def test_packed_equal_rows_score_the_same_to_the_bit_wherever_they_stand() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(30, 384)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    one = packed(to_codes(unit))
    store = TokenStore.of([one[:7], one[7:20], one[:7], one[20:]], 384, True)

    nearest = store.nearest(unit[25:], np.arange(4))

    assert nearest[0].tolist() == nearest[2].tolist()


def test_a_value_is_one_of_four_by_its_side_and_how_far_it_is() -> None:
    # Bits 0 and 1 are the first value's: its sign, and whether it is beyond 6/127.
    assert packed(np.array([[6, 7, -6, -7]], np.int8)).tolist() == [[0b11_01_10_00]]
    assert packed(np.array([[-1, 0, 0, 0, 127]], np.int8)).tolist() == [[1, 2]]
