"""A knowledge base: one generation, mapped, immutable, safe to read from several threads."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index import generation
from index.documents import Document
from index.encoder import Encoder
from index.errors import EncoderMismatch, KnowledgeBaseDamaged
from index.lexical import LexicalStore
from index.manifest import Manifest
from index.outline import Facet, Outline, owner_of
from index.passages import Passage
from index.records import Places, Records, write_records
from index.spelling import Speller
from index.store.base import Rows, VectorStore
from index.store.choice import Search
from index.store.mapped import Mapped, arrays_in, write_arrays
from index.store.rounded import RoundedStore
from index.stores import Stores
from index.tokens import TokenStore

_SEARCHED = ("passages", "questions")
_SENTENCES = "sentences.vectors"
_TOKENS = ("sentences", "questions")
_OUTLINE = "outline.arrays"
_PLACES = len(Places._fields)
_PASSAGES_KEPT = 4_000  # once made; some 10 MB
_TRIES = 20  # to read what serves, each while a build ends


class Knowledge:
    """Documents and passages with the stores that search them.

    Row r of `passage_store` is `passages[r]`. The sentences of all passages, in order, are the rows
    of `sentence_store`, which is read and not searched; the questions of all FAQ entries those of
    `question_store`; `outline` has each passage's rows. What was loaded is mapped: a document or
    passage is made when it is asked for. `generation` is the name of what was loaded, `built` when
    its sources were read (UTC, ISO 8601); `degraded`, else empty, says which damage keeps a newer
    generation from serving.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        stores: Stores,
        lexical: LexicalStore,
        name: str = "",
        *,
        outline: Outline | None = None,
        built: str = "",
        degraded: str = "",
    ) -> None:
        self.documents = documents if isinstance(documents, Records) else tuple(documents)
        self.passages = passages if isinstance(passages, Records) else tuple(passages)
        self.outline = outline or Outline.of(self.documents, self.passages)
        self.stores = stores
        self.passage_store = stores.passages
        self.sentence_store = stores.sentences
        self.question_store = stores.questions
        self.sentence_tokens = stores.tokens["sentences"]
        self.question_tokens = stores.tokens["questions"]
        self.lexical = lexical
        self.generation = name
        self.built = built
        self.degraded = degraded
        self._document_row = _rows_by_id(self.documents)
        self._passage_row = _rows_by_id(self.passages)
        self._check_rows()

    def _check_rows(self) -> None:
        first_sentence, first_question = self.first_sentence, self.first_question
        expected = (len(self.passages), int(first_sentence[-1]), int(first_question[-1]))
        seen = (len(self.passage_store), len(self.sentence_store), len(self.question_store))
        if expected != seen:
            raise ValueError(f"vectors for {seen} passages, sentences, questions, not {expected}")
        tokens = (len(self.sentence_tokens), len(self.question_tokens))
        if expected[1:] != tokens:
            raise ValueError(f"tokens of {tokens} sentences, questions, not {expected[1:]}")
        words = self.lexical.counts
        if expected != words:
            raise ValueError(f"words of {words} passages, sentences, questions, not {expected}")

    @property
    def language(self) -> str:
        """The language of most documents, ISO 639-1; its rules hold for words and their stems."""
        return self.lexical.language

    @cached_property
    def speller(self) -> Speller:
        """What mends the typos of a question with the words of these passages."""
        return Speller(self.lexical.vocabulary, self.lexical.language)

    def document(self, id_: str) -> Document:
        """The document with this id. Raises KeyError where there is none."""
        return self.documents[self._document_row(id_)]

    def passage(self, id_: str) -> Passage:
        """The passage with this id. Raises KeyError where there is none."""
        return self.passages[self._passage_row(id_)]

    def document_of(self, row: int) -> Document:
        """The document of the passage in this row."""
        return self.documents[int(self.outline.document[row])]

    def asked_of(self, row: int) -> tuple[str, ...]:
        """What the passage in this row is asked by, or nothing for an article's."""
        first = self.first_question
        return self.document_of(row).questions if first[row] < first[row + 1] else ()

    @property
    def first_sentence(self) -> Rows:
        """Where each passage's sentences begin in `sentence_store`; one entry more for the end."""
        return self.outline.first_sentence

    @property
    def first_question(self) -> Rows:
        """The same for its FAQ questions in `question_store`."""
        return self.outline.first_question

    @property
    def question_owner(self) -> Rows:
        """The passage row of each FAQ question row."""
        return owner_of(self.first_question, np.arange(self.first_question[-1]))

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """What filters tell apart, by the numbers of `outline.facet`; read at the first filter."""
        return tuple(Facet.of(self.document_of(row)) for row in self.outline.facets.tolist())

    @cached_property
    def faq_rows(self) -> Rows:
        """The passage rows of FAQ entries."""
        return np.flatnonzero(np.diff(self.first_question))

    @property
    def faq_passages(self) -> Iterable[Passage]:
        """The passages of FAQ entries, in row order."""
        return (self.passages[row] for row in self.faq_rows.tolist())

    @property
    def questions(self) -> tuple[str, ...]:
        """The FAQ questions and alternates, as rows of `question_store`."""
        return faq_questions(map(self.document_of, self.faq_rows.tolist()))

    @property
    def documents_of_passages(self) -> Iterable[Document]:
        """Each passage's document, in row order."""
        return map(self.document_of, range(len(self.passages)))

    def save(self, folder: Path) -> None:
        """Write everything but the manifest into `folder`."""
        places = [
            write_records(
                folder / "documents.jsonl", ((d.id, d.to_dict()) for d in self.documents)
            ),
            write_records(folder / "passages.jsonl", ((p.id, asdict(p)) for p in self.passages)),
        ]
        write_arrays(folder / _OUTLINE, [*self.outline, *places[0], *places[1]])
        self.passage_store.save(folder / "passages.faiss")
        self.question_store.save(folder / "questions.faiss")
        self.sentence_store.save(folder / _SENTENCES)
        for name, tokens in self.stores.tokens.items():
            tokens.save(folder / f"{name}.tokens")
        self.lexical.save(folder / "lexical")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> "Knowledge":
        """The generation that serves at `folder`, every file checked before it is parsed.

        Where it is damaged, the newest earlier one that is whole serves in its place, and
        `degraded` says so. Raises KnowledgeBaseMissing, KnowledgeBaseDamaged where none is whole,
        and EncoderMismatch where `encoder` is not the one it was built with.
        """
        for _ in range(_TRIES):
            before = generation.current_bytes(folder)
            with suppress(KnowledgeBaseDamaged):
                loaded = cls._load(folder, encoder)
                if not loaded.degraded:
                    return loaded
            # What a build that ended meanwhile took away was not damaged.
            if generation.current_bytes(folder) == before:
                break
        return cls._load(folder, encoder)

    @classmethod
    def _load(cls, folder: Path, encoder: Encoder) -> "Knowledge":
        """The same, read once."""
        manifest, degraded = generation.serving(folder)
        if encoder.fingerprint != manifest.fingerprint:
            built = f"{manifest.encoder} ({manifest.fingerprint[:12]})"
            raise EncoderMismatch(built, f"{encoder.name} ({encoder.fingerprint[:12]})", folder)
        place = folder / manifest.generation
        try:
            arrays = arrays_in(Mapped(place / _OUTLINE), len(Outline._fields) + 2 * _PLACES)
            outline, places = arrays[: -2 * _PLACES], arrays[-2 * _PLACES :]
            documents, passages = Places(*places[:_PLACES]), Places(*places[_PLACES:])
            return cls(
                Records(place / "documents.jsonl", documents, Document.from_dict),
                Records(place / "passages.jsonl", passages, Passage.from_dict, _PASSAGES_KEPT),
                _stores(place, manifest),
                LexicalStore.load(place / "lexical"),
                manifest.generation,
                outline=Outline(*outline),
                built=manifest.built,
                degraded=degraded,
            )
        except (OSError, ValueError, LookupError, TypeError, RuntimeError) as error:
            raise KnowledgeBaseDamaged(place, f"does not fit together: {error}", folder) from error


def faq_questions(documents: Iterable[Document]) -> tuple[str, ...]:
    """All questions and alternates of these documents, in order."""
    return tuple(question for document in documents for question in document.questions)


def _stores(place: Path, manifest: Manifest) -> Stores:
    from index.store.coded import CodedStore
    from index.store.faiss import FaissStore

    searches = {name: Search(**manifest.searches[name]) for name in _SEARCHED}
    kept: dict[str, VectorStore] = {
        name: CodedStore.load(place / f"{name}.faiss", how.rescored)
        if how.kind == "codes"
        else FaissStore.load(place / f"{name}.faiss")
        for name, how in searches.items()
    }
    passages, questions = (kept[name] for name in _SEARCHED)
    sentences = RoundedStore.load(place / _SENTENCES)
    tokens = {name: TokenStore.load(place / f"{name}.tokens") for name in _TOKENS}
    return Stores(passages, questions, sentences, tokens, searches)


def _rows_by_id(records: Sequence[Any]) -> Callable[[str], int]:
    """What gives the row of an id, or raises KeyError."""
    if isinstance(records, Records):
        return records.row
    return {record.id: row for row, record in enumerate(records)}.__getitem__
