"""Questions that are asked at the same moment, encoded in one batch."""

import threading
from collections.abc import Sequence

from index.encoder import Embedded, Encoder, Role, Vectors
from index.threads import FEW


class TogetherEncoder:
    """The vectors of `encoder`; what several threads ask for meanwhile goes together.

    One call encodes at a time. Who comes first does so at once, and waits for nobody; those who
    come before it ends wait, and the first of them encodes for all, FEW texts at most. Together
    they take a good half of the time that they take one by one. A text that cannot be encoded fails
    for who asked for it alone. How many wait is bounded by who calls: the server's workers.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.encoder = encoder
        self.waiting: list[_Asked] = []
        self._adding = threading.Lock()
        self._encoding = threading.Lock()

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self.encoder.encode_queries(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self.encoder.encode_passages(passages)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`; questions go together, where they are few."""
        if role != "query" or not 0 < len(texts) <= FEW:
            return self.encoder.embed(texts, role)
        mine = _Asked(texts)
        with self._adding:
            self.waiting.append(mine)
        with self._encoding:
            while not mine.done:
                self._encode(self._taken())
        return mine.result()

    def _taken(self) -> "list[_Asked]":
        """Those that have waited longest, as many as go together."""
        with self._adding:
            number, texts = 0, 0
            for asked in self.waiting:
                texts += len(asked.texts)
                if texts > FEW:
                    break
                number += 1
            taken, self.waiting = self.waiting[:number], self.waiting[number:]
        return taken

    def _encode(self, batch: "Sequence[_Asked]") -> None:
        try:
            texts = [text for each in batch for text in each.texts]
            found = iter(self.encoder.embed(texts, "query"))
            for each in batch:
                each.found = [next(found) for _ in each.texts]
        except BaseException as error:
            alone = len(batch) == 1 or not isinstance(error, Exception)
            for each in batch:
                if alone:
                    each.error = error
                else:
                    self._encode([each])


class _Asked:
    """Some texts, and what became of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.found: list[Embedded] = []
        self.error: BaseException | None = None

    @property
    def done(self) -> bool:
        return bool(self.found) or self.error is not None

    def result(self) -> list[Embedded]:
        """What was found. Raises what went wrong."""
        if self.error is not None:
            raise self.error
        return self.found
