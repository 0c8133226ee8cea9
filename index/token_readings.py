"""Texts that are read token by token, however long they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Embedded, Encoder, has_word
from index.passages import Passage
from index.scratch import Piece
from index.sentences import Span
from index.tokens import Codes, to_codes


@dataclass(frozen=True, slots=True)
class TokenReading:
    """A text that is read token by token: `context`, which lends meaning, and `spans` of `text`.

    The tokens of each span are kept apart; those of the context are not kept.
    """

    context: str
    text: str
    spans: tuple[Span, ...]

    @property
    def whole(self) -> str:
        """What is encoded."""
        return self.context + self.text

    @classmethod
    def of(cls, passage: Passage) -> "TokenReading":
        """A passage below its title and headings, sentence by sentence."""
        whole = passage.encoded_text
        return cls(whole[: len(whole) - len(passage.text)], passage.text, passage.sentences)

    @classmethod
    def of_question(cls, question: str) -> "TokenReading":
        """An FAQ entry's question."""
        return cls("", question, ((0, len(question)),))


Item = TokenReading | str  # what is encoded: read token by token, or as a whole alone


def read(batch: Sequence[Item], encoder: Encoder) -> list[Piece]:
    """What the encoder gives for items of one kind."""
    texts = [item for item in batch if isinstance(item, str)]
    if texts:
        return [Piece(vector, ()) for vector in encoder.encode_passages(texts)]
    return _all_read([item for item in batch if isinstance(item, TokenReading)], encoder)


def _all_read(readings: Sequence[TokenReading], encoder: Encoder) -> list[Piece]:
    """Their vectors and tokens. What the model did not get to is read below the same context."""
    if not readings:
        return []
    parts = encoder.embed([reading.whole for reading in readings], "passage")
    vectors = [part.vector for part in parts]
    reads = [_Read(reading) for reading in readings]
    left = reads
    while left:
        left = [read for read, part in zip(left, parts, strict=True) if read.goes_on(part)]
        parts = encoder.embed([read.rest for read in left], "passage") if left else []
    return [Piece(vector, read.codes) for vector, read in zip(vectors, reads, strict=True)]


class _Read:
    """How far a reading has been read; `start` is where in its text the last part began."""

    def __init__(self, reading: TokenReading) -> None:
        self._reading = reading
        self._rows: list[list[Codes]] = [[] for _ in reading.spans]
        self._start = 0

    @property
    def rest(self) -> str:
        """What is to be read next."""
        return self._reading.context + self._reading.text[self._start :]

    @property
    def codes(self) -> tuple[Codes, ...]:
        """The tokens of each span."""
        return tuple(map(np.concatenate, self._rows))

    def goes_on(self, part: Embedded) -> bool:
        """Take over what was read; whether there is a rest."""
        text, spans, start = self._reading.text, self._reading.spans, self._start
        places = part.spans - len(self._reading.context) + start
        codes = to_codes(part.tokens)
        for row, (first, last) in zip(self._rows, spans, strict=True):
            row.append(codes[(places[:, 0] < last) & (places[:, 1] > max(first, start))])
        stopped = int(places[:, 1].max(initial=0))
        left = (s for s in spans if has_word(text[max(s[0], stopped) : s[1]]))
        span = next(left, None)
        if span is None or stopped <= start:
            return False
        self._start = span[0] if start < span[0] < stopped else stopped
        self._forget(self._start)
        return True

    def _forget(self, start: int) -> None:
        """The spans that are to be read again as a whole."""
        for row, span in zip(self._rows, self._reading.spans, strict=True):
            if span[0] >= start:
                row.clear()
