"""The real encoder with a memory on disk, so that a second run measures in seconds."""

import hashlib
import io
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder import Embedded, Encoder, Role, Vectors
from index.tokens import to_codes

CACHE = Path(".cache/benchmarks")


class RememberingEncoder:
    """Gives `encoder`'s vectors, each encoded once and kept under `CACHE` by its text."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        CACHE.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(CACHE / f"{encoder.fingerprint[:16]}.sqlite3", timeout=60)
        for table in ("vectors", "readings"):
            self._kept.execute(
                f"create table if not exists {table} (text blob primary key, row blob)"
            )

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`; the default model encodes questions and passages alike."""
        return self.encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        keys = [hashlib.sha256(text.encode()).digest() for text in passages]
        missing = {k: t for k, t in zip(keys, passages, strict=True) if self._row(k) is None}
        if missing:
            rows = self._encoder.encode_passages(list(missing.values()))
            pairs = ((k, row.tobytes()) for k, row in zip(missing, rows, strict=True))
            self._kept.executemany("insert or ignore into vectors values (?, ?)", pairs)
            self._kept.commit()
        return np.stack([np.frombuffer(self._row(key) or b"", np.float32) for key in keys])

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`; tokens are kept in eight bits a value, as a knowledge base keeps them."""
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if self._read(k) is None}
        if missing:
            read = self._encoder.embed(list(missing.values()), role)
            rows = [(k, to_bytes(one)) for k, one in zip(missing, read, strict=True)]
            self._kept.executemany("insert or ignore into readings values (?, ?)", rows)
            self._kept.commit()
        return [from_bytes(self._read(key) or b"") for key in keys]

    def _read(self, key: bytes) -> bytes | None:
        found = self._kept.execute("select row from readings where text = ?", (key,)).fetchone()
        return found[0] if found else None

    def _row(self, key: bytes) -> bytes | None:
        found = self._kept.execute("select row from vectors where text = ?", (key,)).fetchone()
        return found[0] if found else None


def to_bytes(read: Embedded) -> bytes:
    """A reading as bytes."""
    written = io.BytesIO()
    codes = to_codes(read.tokens)
    np.savez(written, vector=read.vector, codes=codes, spans=read.spans.astype(np.int32))
    return written.getvalue()


def from_bytes(data: bytes) -> Embedded:
    """The reading that `to_bytes` wrote, its tokens off by their rounding."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        tokens = kept["codes"].astype(np.float32)
        length = np.linalg.norm(tokens, axis=1, keepdims=True)
        return Embedded(kept["vector"], tokens / length, kept["spans"].astype(np.int64))
