import numpy as np
import pytest

from index.tokens import TokenStore, to_codes

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


def test_a_store_is_what_its_bytes_say() -> None:
    store = TokenStore.of([codes(EAST, BETWEEN), codes(NORTH)], dim=2)
    again = TokenStore.from_bytes(store.to_bytes())

    assert [again.row(n).tolist() for n in range(2)] == [store.row(n).tolist() for n in range(2)]
    assert again.to_bytes() == store.to_bytes()


@pytest.mark.parametrize("first", [[], [0], [1, 2], [0, 1], [0, 2, 2], [0, 3, 2]])
def test_rows_that_do_not_part_the_tokens_are_refused(first: list[int]) -> None:
    with pytest.raises(ValueError, match="2 token vectors do not part into"):
        TokenStore(codes(EAST, NORTH), rows(*first))
