"""Files that are mapped, not read: what is touched comes from the disk, and processes share it."""

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_ALIGNED = 64  # bytes, where an array begins
# A row that is read makes the system map up to 16 pages around it, and they count as this process's
# memory. Reading rows here and there of a large file would soon hold all of it.
_AROUND = 16 * mmap.PAGESIZE
_MOST_HELD = 256 * 2**20


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
        self._held = 0

    def touched(self, rows: int) -> None:
        """Tell that so many rows were read here and there: now and then all pages are let go of.

        They stay in the system's cache, from which the next reading takes them.
        """
        self._held += rows * _AROUND
        if self._held > _MOST_HELD and len(self.bytes) > _MOST_HELD:
            self._held = 0
            self._map.madvise(mmap.MADV_DONTNEED)


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
