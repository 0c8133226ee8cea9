"""All vectors of a knowledge base, encoding only what is new."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.encoder import Encoder, Vectors
from index.known import Known, sentences_of
from index.passages import Passage
from index.scratch import Piece, Pieces
from index.store.choice import EXACT
from index.store.rounded import RoundedStore
from index.stores import Stores, stores_of
from index.token_readings import Item, TokenReading, read
from index.tokens import Codes, TokenStore, packed

Progress = Callable[[int, int], None]  # texts encoded so far, of how many

_BATCH = 64  # texts between two reports of progress
_AT_ONCE = 10_000  # vectors that are put in their places together
_GOLDEN = 0.618033988749895  # multiples of it spread evenly, however many there are


def encoded(
    passages: Sequence[Passage],
    questions: Sequence[str],
    known: Known,
    encoder: Encoder,
    progress: Progress | None,
    scratch: Pieces | None = None,
) -> tuple[Stores, int]:
    """The stores of these passages and FAQ questions, and how many texts were encoded for them.

    What is encoded is kept in `scratch`, and what that holds already is not encoded again.
    """
    readings = [*map(TokenReading.of, passages), *map(TokenReading.of_question, questions)]
    sentences = sentences_of(passages)
    pieces: Pieces = {} if scratch is None else scratch
    given = _Given(known, pieces, is_packed=len(passages) > EXACT)
    count = _encode(readings, sentences, given, encoder, progress)
    texts = {
        "passages": [passage.encoded_text for passage in passages],
        "sentences": sentences,
        "questions": list(questions),
    }
    return _stored(readings, len(passages), texts, given), count


class _Given:
    """What the encoder gave, known before or kept in pieces; if `is_packed`, with tokens packed."""

    def __init__(self, known: Known, pieces: Pieces, is_packed: bool) -> None:
        # Tokens that were packed would differ from a fresh build's; vectors are kept alike anyway.
        fits = is_packed or not known.is_packed
        self.is_packed = is_packed
        self._known = known if fits else replace(known, tokens={})
        self._vectors = (self._known.questions, self._known.passages, self._known.sentences)
        self._pieces = pieces
        self._keys: dict[Item, str] = {}  # of pieces; a reading's for its whole text, too

    def expect(
        self, readings: Sequence[TokenReading], sentences: Sequence[str]
    ) -> tuple[list[TokenReading], list[str]]:
        """Of these, what is not known: it is to be among the pieces."""
        tokens = self._known.tokens
        new = [reading for reading in dict.fromkeys(readings) if reading not in tokens]
        for reading in new:
            self._keys[reading] = self._keys[reading.whole] = key_of(reading, self.is_packed)
        have = (self._keys, *self._vectors)
        plain = [s for s in dict.fromkeys(sentences) if not any(s in one for one in have)]
        self._keys.update({sentence: key_of(sentence) for sentence in plain})
        return new, plain

    def lacking(self, items: Iterable[Item]) -> list[Item]:
        """Of what is expected, that which is not among the pieces."""
        return [item for item in items if self._keys[item] not in self._pieces]

    def keep(self, items: Sequence[Item], pieces: Sequence[Piece]) -> None:
        """Put the pieces of these items among the others."""
        kept = (Piece(piece.vector, self._rounded(piece.codes)) for piece in pieces)
        self._pieces.update({self._keys[i]: piece for i, piece in zip(items, kept, strict=True)})

    def vector(self, text: str) -> Vectors:
        """That of a passage, sentence or question."""
        if text in self._keys:
            return self._pieces[self._keys[text]].vector
        return next(known[text] for known in self._vectors if text in known)

    def codes(self, reading: TokenReading) -> tuple[Codes, ...]:
        """The tokens of each span."""
        if reading in self._keys:
            return self._pieces[self._keys[reading]].codes
        return self._rounded(self._known.tokens[reading])

    def _rounded(self, codes: tuple[Codes, ...]) -> tuple[Codes, ...]:
        return tuple(map(packed, codes)) if self.is_packed else codes


def _encode(
    readings: Sequence[TokenReading],
    sentences: Sequence[str],
    given: _Given,
    encoder: Encoder,
    progress: Progress | None,
) -> int:
    """Have all that is lacking given; how many texts had to be encoded."""
    new, plain = given.expect(readings, sentences)
    missing = len(given.lacking([*new, *plain]))
    total = len(new) + len(plain)
    done = _counted(progress, total - missing, total)
    for batch in planned(new, plain):
        # A batch that was cut short has other company now, and so may have other last bits; that
        # happens only where the sources have changed since.
        lacking = given.lacking(batch)
        given.keep(lacking, read(lacking, encoder))
        done(len(lacking))
    return missing


def key_of(item: Item, is_packed: bool = False) -> str:
    """What it is kept under: a digest of all that decides what is encoded of it, and how kept."""
    told = ["text", item] if isinstance(item, str) else [item.context, item.text, item.spans]
    return hashlib.sha256(json.dumps([*told, *["packed"] * is_packed]).encode()).hexdigest()


def _counted(progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    """What is told of each batch; the model is loaded with the first, which takes a while."""
    counts = [before]

    def done(more: int) -> None:
        counts[0] += more
        if progress and total:
            progress(counts[0], total)

    done(0)
    return done


def planned(readings: Sequence[TokenReading], texts: Sequence[str]) -> list[list[Item]]:
    """Batches of one kind and like lengths, for a batch is padded to its longest text.

    The same items make the same batches, whatever was encoded of them before: company decides the
    last bits of a vector. Long and short ones take turns, so that the rate tells the time left.
    """
    batches: list[list[Item]] = [
        *_alike(readings, [reading.whole for reading in readings]),
        *_alike(texts, texts),
    ]
    return [batches[n] for n in sorted(range(len(batches)), key=lambda n: n * _GOLDEN % 1)]


def _alike(items: Sequence[Item], texts: Sequence[str]) -> Iterator[list[Item]]:
    order = sorted(range(len(items)), key=lambda number: len(texts[number]))
    for start in range(0, len(order), _BATCH):
        yield [items[number] for number in order[start : start + _BATCH]]


def _stored(
    readings: Sequence[TokenReading],
    passages: int,
    texts: Mapping[str, Sequence[str]],
    given: _Given,
) -> Stores:
    from index.store.faiss import FaissStore

    dim = len(given.vector(texts["passages"][0]))
    gathered = {name: _gathered(rows, given) for name, rows in texts.items()}
    parts = {"sentences": readings[:passages], "questions": readings[passages:]}
    tokens = {
        name: TokenStore.of(
            (codes for reading in part for codes in given.codes(reading)), dim, given.is_packed
        )
        for name, part in parts.items()
    }
    return stores_of(
        FaissStore.of(gathered["passages"], dim),
        FaissStore.of(gathered["questions"], dim),
        RoundedStore.of(gathered["sentences"], len(texts["sentences"]), dim),
        tokens,
        EXACT,
    )


def _gathered(texts: Sequence[str], given: _Given) -> Iterator[Vectors]:
    """The vectors of these texts, some at a time."""
    for start in range(0, len(texts), _AT_ONCE):
        yield np.array([given.vector(t) for t in texts[start : start + _AT_ONCE]], np.float32)
