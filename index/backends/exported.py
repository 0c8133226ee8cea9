"""An encoder that runs an exported graph: neither torch nor transformers is loaded."""

import logging
import threading
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.backends.reading import Reader, Recipe, Tokens, padded
from index.backends.runtimes import Runtime, Session
from index.backends.shelf import Damaged, Export
from index.encoder import (
    Embedded,
    Encoder,
    Role,
    SentenceTransformerEncoder,
    Vectors,
    has_word,
    unit,
)
from index.errors import EncoderError
from index.model_files import lossy
from index.threads import FEW, most

_log = logging.getLogger(__name__)


class ExportedEncoder:
    """The vectors of `torch` by another library, from what was exported of it.

    The export is read, and every byte of it checked, at the first text. Where it is damaged,
    or cannot run here, an exact backend leaves the work to `torch`; a lossy one raises
    EncoderError. Safe to use from several threads.
    """

    def __init__(self, torch: SentenceTransformerEncoder, runtime: Runtime, export: Export) -> None:
        self.name, self.fingerprint = torch.name, torch.fingerprint
        if not runtime.exact:
            self.name, self.fingerprint = lossy(torch.name, torch.fingerprint, runtime.name)
        self.backend = runtime.name
        self._torch = torch
        self._runtime = runtime
        self._export = export
        self._loading = threading.Lock()
        self._loaded: dict[int, Encoder] = {}

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """One unit-length row a question."""
        return self._for(questions).encode_queries(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """One unit-length row a passage; text past the model's maximum length does not count."""
        return self._for(passages).encode_passages(passages)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`."""
        return self._for(texts).embed(texts, role)

    def _for(self, texts: Sequence[str]) -> Encoder:
        """What encodes so many: on one thread a few, on all a build's."""
        threads = 1 if len(texts) <= FEW else most()
        with self._loading:
            if threads not in self._loaded:
                self._loaded[threads] = self._opened(threads)
            return self._loaded[threads]

    def _opened(self, threads: int) -> Encoder:
        try:
            graph, tokenizer, recipe = self._export.read()
        except Damaged as damage:
            if self._runtime.exact:
                return self._torch
            raise EncoderError(
                f"{damage}; delete {self._export.folder}, and citewell build makes it anew"
            ) from None
        try:
            session = self._runtime.open(graph, threads)
        except EncoderError:
            raise
        except Exception as error:  # each library raises its own
            if self._runtime.exact:
                _log.warning("%s cannot run here (%s); torch does the work", self.backend, error)
                return self._torch
            raise EncoderError(f"backend {self.backend} cannot run here ({error})") from error
        return _Graph(self, session, Reader(tokenizer, recipe), recipe, self._runtime.batch)


class _Graph:
    """A session with the reader and recipe of its model."""

    def __init__(
        self, owner: Encoder, session: Session, reader: Reader, recipe: Recipe, batch: int
    ) -> None:
        self.name, self.fingerprint = owner.name, owner.fingerprint
        self._session = session
        self._reader = reader
        self._recipe = recipe
        self._batch = batch

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        return self._vectors(questions, "query")

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        return self._vectors(passages, "passage")

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        read = self._read(texts, role)
        parts: dict[int, Embedded] = {}
        for number, hidden in self._hidden(read):
            spans = read[number].spans - len(self._recipe.prompt(role))
            told = _told(texts[number], spans)
            tokens = unit(hidden[told])
            parts[number] = Embedded(self._recipe.pooled(hidden), tokens, spans[told])
        return [parts[number] for number in range(len(texts))]

    def _vectors(self, texts: Sequence[str], role: Role) -> Vectors:
        rows = np.empty((len(texts), self._recipe.dim), np.float32)
        for number, hidden in self._hidden(self._read(texts, role)):
            rows[number] = self._recipe.pooled(hidden)
        return rows

    def _read(self, texts: Sequence[str], role: Role) -> list[Tokens]:
        prompt = self._recipe.prompt(role)
        return self._reader.read([prompt + text for text in texts]) if texts else []

    def _hidden(self, read: Sequence[Tokens]) -> Iterator[tuple[int, Vectors]]:
        """The number of each text with the vectors of its tokens, (t, dim); like lengths first."""
        order = sorted(range(len(read)), key=lambda number: len(read[number].ids))
        for start in range(0, len(order), self._batch):
            numbers = order[start : start + self._batch]
            batch = self._session.run(*padded([read[n] for n in numbers], self._recipe.padding))
            for number, rows in zip(numbers, batch, strict=True):
                yield number, self._checked(rows[: len(read[number].ids)])

    def _checked(self, rows: Vectors) -> Vectors:
        if not np.isfinite(rows).all():
            raise EncoderError(f"{self.name} gave a vector that is not finite; try another model")
        return rows


def _told(text: str, spans: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which tokens stand in the text and hold a letter or digit."""
    told = [start >= 0 and has_word(text[start:end]) for start, end in spans.tolist()]
    return np.array(told, bool)
