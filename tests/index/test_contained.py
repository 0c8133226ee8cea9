import numpy as np
import pytest

from index.contained import Contained


def test_the_weights_of_what_a_row_holds_are_added_up() -> None:
    rows = Contained.of([[3, 1, 3], [], [2], [1, 2, 3]])
    assert len(rows) == 4
    asked = {1: 0.5, 3: 2.0, 9: 7.0}
    assert rows.weights(asked, np.arange(4)).tolist() == [2.5, 0, 0, 2.5]
    assert rows.weights(asked, np.array([3, 1, 1])).tolist() == [2.5, 0, 0]
    assert rows.weights({}, np.arange(4)).tolist() == [0] * 4
    assert rows.weights(asked, np.arange(0)).tolist() == []


def test_there_may_be_no_row() -> None:
    assert len(Contained.of([])) == 0


@pytest.mark.parametrize("first", [[], [1, 3], [0, 2], [0, 4, 3], [0, 2, 1, 3]])
def test_arrays_that_do_not_fit_are_refused(first: list[int]) -> None:
    with pytest.raises(ValueError, match="3 terms do not part into"):
        Contained(np.array(first, np.int64), np.arange(3, dtype=np.int32))
