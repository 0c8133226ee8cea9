import numpy as np

from index.outline import firsts, owner_of, rows_of

FIRST = firsts([2, 0, 3])  # rows 0 and 1; none; rows 2, 3 and 4


def test_rows_are_gathered_owner_by_owner() -> None:
    assert FIRST.tolist() == [0, 2, 2, 5]
    rows, begin = rows_of(FIRST, np.array([2, 1, 0, 2]))
    assert rows.tolist() == [2, 3, 4, 0, 1, 2, 3, 4]
    assert begin.tolist() == [0, 3, 3, 5, 8]


def test_of_no_owner_there_is_no_row() -> None:
    rows, begin = rows_of(FIRST, np.array([], np.int64))
    assert (rows.tolist(), begin.tolist()) == ([], [0])


def test_each_row_has_its_owner() -> None:
    assert owner_of(FIRST, np.arange(5)).tolist() == [0, 0, 2, 2, 2]
