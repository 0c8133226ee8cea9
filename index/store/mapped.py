"""Files that are mapped, not read: what is touched comes from the disk, and processes share it."""

import mmap
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO
from weakref import WeakSet

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_ALIGNED = 64  # bytes, where an array begins
_TOLD = Path("/proc/self/statm")
# A row that is read makes the system map what lies around it, up to megabytes, and all that counts
# as this process's memory. Reading here and there of large files would soon hold all of them.
_MOST_MAPPED = 3 * 2**29
_LARGE = 64 * 2**20  # bytes; of smaller files all may stay
_LOOK_EACH = 250  # rows that are read between two looks
_maps: "WeakSet[Mapped]" = WeakSet()
_changing = Lock()


class Mapped:
    """A file's bytes, read only. They stay what they were when the file's name goes away.

    Its open file is closed when nothing refers to the bytes any more. Whoever shortens the file
    meanwhile ends this process; a generation is never written in place.
    """

    def __init__(self, path: Path) -> None:
        """Map a file that is not empty. Raises OSError, or ValueError for an empty one."""
        with path.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self.bytes: Bytes = np.frombuffer(self._map, np.uint8)
        self._read = 0
        with _changing:
            _maps.add(self)

    def touched(self, rows: int) -> None:
        """Tell that so many rows were read: where much is mapped by now, all is let go of.

        It stays in the system's cache, from which the next reading takes it.
        """
        self._read += rows
        if self._read < _LOOK_EACH or len(self.bytes) < _LARGE:
            return
        self._read = 0
        if _mapped_now() > _MOST_MAPPED:
            with _changing:
                for each in _maps:
                    each._let_go()

    def _let_go(self) -> None:
        if len(self.bytes) >= _LARGE:
            self._map.madvise(mmap.MADV_DONTNEED)


def _mapped_now() -> int:
    """The bytes of files that this process has mapped; 0 where the system does not tell."""
    try:
        return int(_TOLD.read_text().split()[2]) * mmap.PAGESIZE
    except (OSError, LookupError, ValueError):
        return 0


def write_arrays(path: Path, arrays: Sequence[NDArray[Any]]) -> None:
    """Write arrays one after another, each as numpy does and where a page of it can be mapped."""
    with path.open("wb") as stream:
        for array in arrays:
            write_array(stream, array)


def write_array(stream: BinaryIO, array: NDArray[Any]) -> None:
    """Add one array to such a file; one that is larger than memory may itself be mapped."""
    stream.write(bytes(-stream.tell() % _ALIGNED))
    # Not `np.save`: into a file it writes by a way that tells no full disk.
    npy.write_array_header_1_0(stream, npy.header_data_from_array_1_0(array))
    step = max(1, 2**24 // max(1, array.nbytes // max(1, len(array))))
    for start in range(0, len(array), step):
        stream.write(np.ascontiguousarray(array[start : start + step]).data.cast("B"))


def arrays_in(mapped: Mapped, count: int) -> list[NDArray[Any]]:
    """The `count` arrays that `write_arrays` wrote, none of them copied.

    Raises ValueError where the file holds others.
    """
    found, stream = [], _Cursor(mapped.bytes)
    for _ in range(count):
        stream.at += -stream.at % _ALIGNED
        npy.read_magic(stream)
        shape, _, dtype = npy.read_array_header_1_0(stream)
        size = int(np.prod(shape)) * dtype.itemsize
        if dtype.hasobject or stream.at + size > len(mapped.bytes):
            raise ValueError("a file of arrays ends before they do")
        found.append(mapped.bytes[stream.at : stream.at + size].view(dtype).reshape(shape))
        stream.at += size
    return found


class _Cursor:
    """As much of a file as numpy asks of one to read a header."""

    def __init__(self, data: Bytes) -> None:
        self.at = 0
        self._data = data

    def read(self, size: int = 0, /) -> bytes:
        self.at += size
        return self._data[self.at - size : self.at].tobytes()
