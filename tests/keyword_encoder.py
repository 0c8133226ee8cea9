"""An encoder whose vectors a reader can check by hand: one dimension a keyword."""

import re
from collections.abc import Sequence

import numpy as np

from index.encoder import Vectors


class KeywordEncoder:
    """Counts keywords and scales to unit length; the last dimension stands for "none of them".

    With keywords ("dog", "cat"), "dog dog cat" is (2, 1, 0) / sqrt(5). `calls` keeps every text
    that was encoded, in order.
    """

    def __init__(self, *keywords: str, name: str = "keywords") -> None:
        self.name = name
        self.fingerprint = f"{name}:{','.join(keywords)}"
        self.keywords = keywords
        self.calls: list[str] = []

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        return self.encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        self.calls.extend(passages)
        return np.array([self._vector(text) for text in passages], np.float32)

    def _vector(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        counts = [float(words.count(keyword)) for keyword in self.keywords]
        vector = np.array([*counts, 0.0 if any(counts) else 1.0], np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)
