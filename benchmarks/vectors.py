"""The real encoder with a memory on disk, so that a second run measures in seconds."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder import Encoder, Vectors

CACHE = Path(".cache/benchmarks")


class RememberingEncoder:
    """Gives `encoder`'s vectors, each encoded once and kept under `CACHE` by its text."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        CACHE.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(CACHE / f"{encoder.fingerprint[:16]}.sqlite3")
        self._kept.execute("create table if not exists vectors (text blob primary key, row blob)")

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
            self._kept.executemany("insert into vectors values (?, ?)", pairs)
            self._kept.commit()
        return np.stack([np.frombuffer(self._row(key) or b"", np.float32) for key in keys])

    def _row(self, key: bytes) -> bytes | None:
        found = self._kept.execute("select row from vectors where text = ?", (key,)).fetchone()
        return found[0] if found else None
