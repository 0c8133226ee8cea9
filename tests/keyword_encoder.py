"""An encoder whose vectors a reader can check by hand: one dimension a keyword."""

import re
from collections.abc import Sequence

import numpy as np

from index.encoder import Embedded, Role, Vectors


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

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """Each word is a token whose vector is that of the word alone."""
        vectors = self.encode_queries(texts) if role == "query" else self.encode_passages(texts)
        return [self._embedded(*pair) for pair in zip(texts, vectors, strict=True)]

    def _embedded(self, text: str, vector: Vectors) -> Embedded:
        spans = np.array([m.span() for m in re.finditer(r"\w+", text)], np.int64).reshape(-1, 2)
        tokens = [self._vector(text[start:end]) for start, end in spans.tolist()]
        return Embedded(vector, np.array(tokens, np.float32).reshape(-1, len(vector)), spans)

    def _vector(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        counts = [float(words.count(keyword)) for keyword in self.keywords]
        vector = np.array([*counts, 0.0 if any(counts) else 1.0], np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)
