"""What the fits share: folds, and the file of fitted weights with how it came about."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.weights import FILE

FOLDS = 5


def fold(name: str, question: str) -> int:
    """Which fold a question of a set belongs to: the same in every run."""
    return zlib.crc32(f"{name}: {question}".encode()) % FOLDS


def folds(groups: NDArray[np.str_], texts: NDArray[np.str_]) -> NDArray[np.int64]:
    """The fold of each row."""
    pairs = zip(groups.tolist(), texts.tolist(), strict=True)
    return np.array([fold(*pair) for pair in pairs], np.int64)


def keep(part: str, weights: Mapping[str, float], command: str, how: Mapping[str, Any]) -> None:
    """Write one part of `fitted.json`; `how` says on what it was fitted and how well it does."""
    fitted = json.loads(FILE.read_text(encoding="utf-8"))
    made = {"command": command, "date": f"{datetime.now(UTC):%Y-%m-%d}", **how}
    fitted[part] = {"weights": dict(weights), "how": made}
    FILE.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
