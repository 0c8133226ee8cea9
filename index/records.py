"""Documents and passages on disk, each made when asked for: a million of them need no memory."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import index as whole_number
from pathlib import Path
from typing import Any, Generic, NamedTuple, SupportsIndex, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from index.store.base import Rows
from index.store.mapped import Bytes, Mapped

T = TypeVar("T")

# Made and kept: an answer looks at some 20, and asks for each several times. Whole articles are
# among them.
_KEPT = 256


class Places(NamedTuple):
    """Where records stand: line r from byte `starts[r]` to `starts[r + 1]`.

    `keys` are hashes of their ids, sorted; `rows` has the row of each.
    """

    starts: Rows
    keys: NDArray[np.uint64]
    rows: Rows


class Records(Sequence[T], Generic[T]):
    """The records of a JSON Lines file, by row and by id. Reading from several threads is safe."""

    def __init__(
        self,
        path: Path,
        places: Places,
        made: Callable[[dict[str, Any]], T],
        kept: int = _KEPT,
    ) -> None:
        """Map the file that `write_records` wrote; `made` makes a record of a line's object.

        Of those that were made the last `kept` stay. Raises ValueError where the file ends
        elsewhere.
        """
        mapped = Mapped(path)
        if places.starts[-1] != len(mapped.bytes):
            raise ValueError(f"{path.name} does not end where its last line should")
        self._places = places
        # A cache of a method would hold its own object, and so all that a generation has mapped.
        self._made = lru_cache(maxsize=kept)(_maker(mapped, places.starts, made))

    def __len__(self) -> int:
        return len(self._places.starts) - 1

    @overload
    def __getitem__(self, row: SupportsIndex) -> T: ...

    @overload
    def __getitem__(self, row: slice) -> tuple[T, ...]: ...

    def __getitem__(self, row: SupportsIndex | slice) -> T | tuple[T, ...]:
        """The record of a row, or those of a slice; IndexError beyond the last."""
        if isinstance(row, slice):
            return tuple(self._made(each) for each in range(*row.indices(len(self))))
        number = whole_number(row)
        if not -len(self) <= number < len(self):
            raise IndexError(f"row {number} of {len(self)}")
        return self._made(number % len(self))

    def __iter__(self) -> Iterator[T]:
        """All in order, none of them kept."""
        return map(self._made.__wrapped__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same records in the same order."""
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def row(self, id_: str) -> int:
        """The row of the record with this id. Raises KeyError where there is none."""
        keys, key = self._places.keys, _key(id_)
        at = int(np.searchsorted(keys, key))
        while at < len(keys) and keys[at] == key:  # two ids may share one
            row = int(self._places.rows[at])
            if self._made(row).id == id_:  # type: ignore[attr-defined]
                return row
            at += 1
        raise KeyError(id_)


def write_records(path: Path, records: Iterable[tuple[str, dict[str, Any]]]) -> Places:
    """Write each record on a line of its own; their places, by their ids."""
    starts, keys = [0], []
    with path.open("wb") as stream:
        for id_, record in records:
            line = (json.dumps(record, ensure_ascii=True) + "\n").encode("ascii")
            stream.write(line)
            starts.append(starts[-1] + len(line))
            keys.append(_key(id_))
    order = np.argsort(np.array(keys, np.uint64), kind="stable")
    return Places(np.array(starts, np.int64), np.array(keys, np.uint64)[order], order)


def _maker(mapped: Mapped, starts: Rows, made: Callable[[dict[str, Any]], T]) -> Callable[[int], T]:
    """Makes the record of a row."""
    data: Bytes = mapped.bytes

    def make(row: int) -> T:
        line = data[starts[row] : starts[row + 1]].tobytes()
        mapped.touched(1)
        return made(json.loads(line))

    return make


def _key(id_: str) -> np.uint64:
    data = id_.encode(errors="surrogatepass")  # half a character is in no id, but may be asked for
    return np.uint64(int.from_bytes(blake2b(data, digest_size=8).digest(), "little"))
