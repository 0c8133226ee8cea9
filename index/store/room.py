"""Room for rows that come one after another: in memory or, where they may be many, on disk."""

import tempfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

_IN_MEMORY = 2**30  # bytes


class Room:
    """Keeps rows of one width and kind. What was kept is there as long as somebody holds it.

    On disk it takes what is kept, in the folder for temporary files (TMPDIR names another).
    """

    def __init__(self, most: int) -> None:
        """For `most` rows at most."""
        self._most = most
        self._rows: NDArray[Any] | None = None
        self._used = 0

    def keep(self, rows: NDArray[Any]) -> NDArray[Any]:
        """A copy of these rows, shape (n, width), that takes no memory where there are many.

        Raises ValueError where they are more than was said.
        """
        if self._rows is None:
            self._rows = _space(self._most, rows)
        start, self._used = self._used, self._used + len(rows)
        if self._used > self._most:
            raise ValueError(f"room for {self._most} rows, not {self._used}")
        self._rows[start : self._used] = rows
        return self._rows[start : self._used]

    def rows(self, like: NDArray[Any]) -> NDArray[Any]:
        """All that was kept, in order; `like` has the width and kind where that is nothing."""
        return like[:0] if self._rows is None else self._rows[: self._used]


def _space(most: int, like: NDArray[Any]) -> NDArray[Any]:
    shape = (most, *like.shape[1:])
    if np.prod(shape) * like.itemsize <= _IN_MEMORY:
        return np.empty(shape, like.dtype)
    # Gone when nobody maps it any more, whatever becomes of this process.
    with tempfile.TemporaryFile() as file:
        return np.asarray(np.memmap(file, like.dtype, "w+", shape=shape))
