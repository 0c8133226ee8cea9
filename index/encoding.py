"""All vectors of a knowledge base, encoding only what is new."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from index.encoder import Embedded, Encoder, Vectors, has_word
from index.passages import Passage
from index.sentences import Span
from index.store.base import VectorStore
from index.tokens import Codes, TokenStore, to_codes

_T = TypeVar("_T")
Progress = Callable[[int, int], None]  # texts encoded so far, of how many

_BATCH = 64  # texts between two reports of progress


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


@dataclass(frozen=True, slots=True)
class Known:
    """What one encoder has given so far: vectors by text, tokens by reading and span."""

    vectors: dict[str, Vectors] = field(default_factory=dict)
    tokens: dict[TokenReading, tuple[Codes, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stores:
    """The vectors of passages, sentences and questions, and the tokens of the last two."""

    dense: dict[str, VectorStore]
    tokens: dict[str, TokenStore]


def encoded(
    passages: Sequence[Passage],
    questions: Sequence[str],
    known: Known,
    encoder: Encoder,
    progress: Progress | None,
) -> tuple[Stores, int]:
    """The stores of these passages and FAQ questions, and how many texts were encoded for them."""
    readings = [*map(TokenReading.of, passages), *map(TokenReading.of_question, questions)]
    sentences = sentences_of(passages)
    now = Known(dict(known.vectors), dict(known.tokens))
    count = _encode(readings, sentences, now, encoder, progress)
    texts = {
        "passages": [passage.encoded_text for passage in passages],
        "sentences": sentences,
        "questions": list(questions),
    }
    return _stored(readings, len(passages), texts, now), count


def sentences_of(passages: Sequence[Passage]) -> list[str]:
    """All sentences of these passages, in order."""
    return [p.sentence(number) for p in passages for number in range(len(p.sentences))]


def _encode(
    readings: Sequence[TokenReading],
    sentences: Sequence[str],
    now: Known,
    encoder: Encoder,
    progress: Progress | None,
) -> int:
    """Add to `now` all that it lacks; how many texts had to be encoded."""
    new = [r for r in dict.fromkeys(readings) if r not in now.tokens]
    read = {reading.whole for reading in new}
    plain = [s for s in dict.fromkeys(sentences) if s not in now.vectors and s not in read]
    done = _counted(progress, len(new) + len(plain))
    for reading_batch in _batches(new, [reading.whole for reading in new]):
        _read(reading_batch, now, encoder)
        done(len(reading_batch))
    for batch in _batches(plain, plain):
        now.vectors.update(zip(batch, encoder.encode_passages(batch), strict=True))
        done(len(batch))
    return len(new) + len(plain)


def _counted(progress: Progress | None, total: int) -> Callable[[int], None]:
    """What is told of each batch; the model is loaded with the first, which takes a while."""
    counts = [0]

    def done(more: int) -> None:
        counts[0] += more
        if progress and total:
            progress(counts[0], total)

    done(0)
    return done


def _batches(items: Sequence[_T], texts: Sequence[str]) -> Iterator[list[_T]]:
    """Like lengths together: a batch is padded to its longest text."""
    order = sorted(range(len(items)), key=lambda number: len(texts[number]))
    for start in range(0, len(order), _BATCH):
        yield [items[number] for number in order[start : start + _BATCH]]


def _read(readings: Sequence[TokenReading], now: Known, encoder: Encoder) -> None:
    """Add their vectors and tokens to `now`."""
    parts = encoder.embed([reading.whole for reading in readings], "passage")
    for reading, part in zip(readings, parts, strict=True):
        now.vectors[reading.whole] = part.vector
        now.tokens[reading] = _tokens(reading, part, encoder)


def _tokens(reading: TokenReading, part: Embedded, encoder: Encoder) -> tuple[Codes, ...]:
    """The tokens of each span. What the model did not get to is read below the same context."""
    rows: list[list[Codes]] = [[] for _ in reading.spans]
    start = 0  # of what was read last
    while True:
        places = part.spans - len(reading.context) + start
        codes = to_codes(part.tokens)
        for row, (first, last) in zip(rows, reading.spans, strict=True):
            row.append(codes[(places[:, 0] < last) & (places[:, 1] > max(first, start))])
        stopped = int(places[:, 1].max(initial=0))
        left = (s for s in reading.spans if has_word(reading.text[max(s[0], stopped) : s[1]]))
        span = next(left, None)
        if span is None or stopped <= start:
            return tuple(map(np.concatenate, rows))
        start = span[0] if start < span[0] < stopped else stopped
        rows = _forgotten(rows, reading.spans, start)
        (part,) = encoder.embed([reading.context + reading.text[start:]], "passage")


def _forgotten(rows: list[list[Codes]], spans: Sequence[Span], start: int) -> list[list[Codes]]:
    """Without the spans that are to be read again as a whole."""
    return [[] if span[0] >= start else row for row, span in zip(rows, spans, strict=True)]


def _stored(
    readings: Sequence[TokenReading], passages: int, texts: Mapping[str, Sequence[str]], now: Known
) -> Stores:
    from index.store.faiss import FaissStore

    dim = len(now.vectors[texts["passages"][0]])
    dense: dict[str, VectorStore] = {
        name: FaissStore(np.array([now.vectors[t] for t in rows], np.float32).reshape(-1, dim))
        for name, rows in texts.items()
    }
    parts = {"sentences": readings[:passages], "questions": readings[passages:]}
    tokens = {
        name: TokenStore.of([codes for reading in part for codes in now.tokens[reading]], dim)
        for name, part in parts.items()
    }
    return Stores(dense, tokens)
