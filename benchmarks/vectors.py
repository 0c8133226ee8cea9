"""The real encoder with a memory on disk, so that a second run measures in seconds."""

import hashlib
import io
import sqlite3
from collections.abc import Callable, Iterable, Sequence
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

        def encode(texts: Sequence[str]) -> Iterable[bytes]:
            return (row.tobytes() for row in self._encoder.encode_passages(texts))

        kept = self._remembered("vectors", passages, encode)
        return np.stack([np.frombuffer(row, np.float32) for row in kept])

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`; tokens are kept in eight bits a value, as a knowledge base keeps them."""

        def encode(texts: Sequence[str]) -> Iterable[bytes]:
            return map(to_bytes, self._encoder.embed(texts, role))

        return [*map(from_bytes, self._remembered("readings", texts, encode))]

    def _remembered(
        self,
        table: str,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Iterable[bytes]],
    ) -> list[bytes]:
        """What a table holds for each text; what it lacks is encoded first and kept."""
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if self._row(table, k) is None}
        if missing:
            rows = zip(missing, encode([*missing.values()]), strict=True)
            self._kept.executemany(f"insert or ignore into {table} values (?, ?)", rows)
            self._kept.commit()
        return [self._row(table, key) or b"" for key in keys]

    def _row(self, table: str, key: bytes) -> bytes | None:
        found = self._kept.execute(f"select row from {table} where text = ?", (key,)).fetchone()
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
