"""What a build has encoded so far, kept in a file: one that is killed goes on where it stopped."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.disk import remove, size
from index.encoder import Vectors
from index.tokens import Codes

FILE = ".encoded"  # in the knowledge base's folder, while a build runs
_FORM = 2  # of the file; raised when what is in it changes
_LENGTH = 8  # bytes of a block's length, before its digest
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What the encoder gave for one text: its vector, (dim,), and the tokens of its spans."""

    vector: Vectors
    codes: tuple[Codes, ...]


class _Place(NamedTuple):
    """Where a piece lies: the bytes that its vector and its codes begin at, and how they part."""

    vector: int
    codes: int
    dim: int
    width: int  # bytes of a token
    is_packed: bool
    counts: tuple[int, ...]


class Pieces(Protocol):
    """Pieces by key: a dict, or a file."""

    def __contains__(self, key: object, /) -> bool:
        """Whether it holds the piece of this key."""

    def __getitem__(self, key: str, /) -> Piece:
        """The piece of this key. Raises KeyError."""

    def update(self, batch: Mapping[str, Piece], /) -> None:
        """Add them all."""


class Scratch:
    """Pieces in a file, a block a batch, each with its digest; `started` is what it opened with.

    A piece is read from the mapped file, so memory does not grow with what is kept.
    """

    def __init__(self, stream: BinaryIO, fingerprint: str) -> None:
        """Go on with what is whole of the same encoder; the rest of the file is cut off."""
        self._stream = stream
        self._places: dict[str, _Place] = {}
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)
        head = json.dumps({"form": _FORM, "encoder": fingerprint}).encode() + b"\n"
        stream.seek(0)
        if stream.read(len(head)) == head:
            stream.truncate(self._restored(len(head)))
        else:
            stream.seek(0)
            stream.truncate()
            stream.write(head)
        stream.seek(0, os.SEEK_END)
        stream.flush()
        self.started = len(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> Piece:
        place = self._places[key]
        stop = place.codes + place.width * sum(place.counts)
        mapped = self._mapped(stop)
        rows: Codes = mapped[place.codes : stop].reshape(-1, place.width)
        rows = rows if place.is_packed else rows.view(np.int8)
        ends = accumulate(place.counts)
        parts = (rows[end - count : end] for end, count in zip(ends, place.counts, strict=True))
        vector = mapped[place.vector : place.vector + 4 * place.dim].view(np.float32)
        return Piece(vector, tuple(parts))

    def update(self, batch: Mapping[str, Piece]) -> None:
        """Append them as one block, which a kill leaves whole or not at all.

        All codes in it are packed, or none.
        """
        if not batch:
            return
        vectors = np.stack([piece.vector for piece in batch.values()]).astype("<f4")
        codes = [rows for piece in batch.values() for rows in piece.codes]
        names = [[key, [len(rows) for rows in piece.codes]] for key, piece in batch.items()]
        told = {"dim": vectors.shape[1], "pieces": names, **_form_of(codes)}
        head = json.dumps(told).encode()
        head += b" " * (-(self._stream.tell() + _LENGTH + _DIGEST + len(head) + 1) % 4) + b"\n"
        block = b"".join([head, vectors.tobytes(), *(rows.tobytes() for rows in codes)])
        start = self._stream.tell() + _LENGTH + _DIGEST
        length = len(block).to_bytes(_LENGTH, "little")
        self._stream.write(length + hashlib.sha256(block).digest() + block)
        self._stream.flush()
        self._place(block, start)

    def _restored(self, start: int) -> int:
        """Where the last whole block ends; those before it are taken over."""
        self._stream.seek(start)
        last = os.fstat(self._stream.fileno()).st_size
        while len(lead := self._stream.read(_LENGTH + _DIGEST)) == _LENGTH + _DIGEST:
            length = int.from_bytes(lead[:_LENGTH], "little")
            place = start + len(lead)
            if length > last - place:
                break
            block = self._stream.read(length)
            if hashlib.sha256(block).digest() != lead[_LENGTH:]:
                break
            self._place(block, place)
            start = place + length
        return start

    def _place(self, block: bytes, start: int) -> None:
        """Note where each piece of a block lies, which begins at `start` of the file."""
        head: dict[str, Any] = json.loads(block[: block.index(b"\n")])
        dim, width, pieces = head["dim"], head["width"], head["pieces"]
        vector = start + block.index(b"\n") + 1
        codes = vector + 4 * dim * len(pieces)
        for key, counts in pieces:
            self._places[key] = _Place(vector, codes, dim, width, head["packed"], tuple(counts))
            vector += 4 * dim
            codes += width * sum(counts)

    def _mapped(self, needed: int) -> NDArray[np.uint8]:
        if len(self._bytes) < needed:
            self._bytes = np.asarray(np.memmap(self._stream, np.uint8, "r"))
        return self._bytes


def _form_of(codes: Sequence[Codes]) -> dict[str, Any]:
    """Bytes of a token, and whether it is packed."""
    if not codes:
        return {"width": 1, "packed": False}
    return {"width": codes[0].shape[1], "packed": codes[0].dtype == np.uint8}


@contextmanager
def scratch_in(folder: Path, fingerprint: str) -> Iterator[Scratch]:
    """The scratch of a build in this folder, for whoever holds the right to build there.

    It is gone in the end, also where the disk is full; after any other failure it stays for the
    next build. Raises OSError.
    """
    path = folder / FILE
    try:
        with _opened(path) as stream:
            yield Scratch(stream, fingerprint)
    except OSError:
        remove(path)
        raise
    remove(path)


def forget_scratch(folder: Path) -> None:
    """Take away what a build left that was killed, where nothing is left to build."""
    remove(folder / FILE)


def _opened(path: Path) -> BinaryIO:
    """A file of our own, there already or not; what else stands there is taken away first."""
    try:
        strange = path.is_symlink() or size(path) < 0
    except OSError:
        strange = True
    if strange:
        remove(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o600), "r+b")
