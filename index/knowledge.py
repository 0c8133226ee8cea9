"""A knowledge base in memory: one generation, immutable, safe to read from several threads."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import numpy as np

from index import generation
from index.documents import Document
from index.encoder import Encoder
from index.encoding import Known, Stores, TokenReading, sentences_of
from index.errors import EncoderMismatch, KnowledgeBaseDamaged
from index.lexical import LexicalStore
from index.passages import Passage
from index.spelling import Speller
from index.store.base import Rows, VectorStore
from index.tokens import Codes, TokenStore

_DENSE = ("passages", "sentences", "questions")
_TOKENS = ("sentences", "questions")
_TRIES = 20  # to read what serves, each while a build ends


class Knowledge:
    """Documents and passages with the stores that search them.

    Row r of `passage_store` is `passages[r]`. The sentences of all passages, in order, are the rows
    of `sentence_store`; the questions of all FAQ entries those of `question_store`; the arrays
    `sentence_owner` and `question_owner` give each row's passage. `generation` is the name of what
    was loaded, `built` when its sources were read (UTC, ISO 8601); `degraded`, else empty, says
    which damage keeps a newer generation from serving.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        stores: Stores,
        lexical: LexicalStore,
        name: str = "",
        *,
        built: str = "",
        degraded: str = "",
    ) -> None:
        self.documents = tuple(documents)
        self.passages = tuple(passages)
        self.passage_store = stores.dense["passages"]
        self.sentence_store = stores.dense["sentences"]
        self.question_store = stores.dense["questions"]
        self.sentence_tokens = stores.tokens["sentences"]
        self.question_tokens = stores.tokens["questions"]
        self.lexical = lexical
        self.generation = name
        self.built = built
        self.degraded = degraded
        self._documents = {document.id: document for document in self.documents}
        self._rows = {passage.id: row for row, passage in enumerate(self.passages)}
        self._check_rows()

    def _check_rows(self) -> None:
        expected = (len(self.passages), len(self.sentence_owner), len(self.question_owner))
        seen = (len(self.passage_store), len(self.sentence_store), len(self.question_store))
        if expected != seen:
            raise ValueError(f"vectors for {seen} passages, sentences, questions, not {expected}")
        tokens = (len(self.sentence_tokens), len(self.question_tokens))
        if expected[1:] != tokens:
            raise ValueError(f"tokens of {tokens} sentences, questions, not {expected[1:]}")

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
        return self._documents[id_]

    def passage(self, id_: str) -> Passage:
        """The passage with this id. Raises KeyError where there is none."""
        return self.passages[self._rows[id_]]

    @cached_property
    def first_sentence(self) -> Rows:
        """Where each passage's sentences begin in `sentence_store`; one entry more for the end."""
        return np.array([0, *accumulate(len(p.sentences) for p in self.passages)], np.int64)

    @cached_property
    def first_question(self) -> Rows:
        """The same for its FAQ questions in `question_store`."""
        counts = (len(document.questions) for document in self.documents_of_passages)
        return np.array([0, *accumulate(counts)], np.int64)

    @cached_property
    def sentence_owner(self) -> Rows:
        """The passage row of each sentence row."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.first_sentence))

    @cached_property
    def question_owner(self) -> Rows:
        """The passage row of each FAQ question row."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.first_question))

    @property
    def questions(self) -> tuple[str, ...]:
        """The FAQ questions and alternates, as rows of `question_store`."""
        return faq_questions(self.documents_of_passages)

    @property
    def documents_of_passages(self) -> Iterable[Document]:
        """Each passage's document, in row order."""
        return (self.document(passage.document_id) for passage in self.passages)

    def save(self, folder: Path) -> None:
        """Write everything but the manifest into `folder`."""
        _write_lines(folder / "documents.jsonl", (d.to_dict() for d in self.documents))
        _write_lines(folder / "passages.jsonl", (asdict(p) for p in self.passages))
        for name in _DENSE:
            store: VectorStore = getattr(self, f"{name[:-1]}_store")
            (folder / f"{name}.faiss").write_bytes(store.to_bytes())
        for name in _TOKENS:
            tokens: TokenStore = getattr(self, f"{name[:-1]}_tokens")
            (folder / f"{name}.tokens").write_bytes(tokens.to_bytes())
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
            return cls(
                [Document.from_dict(r) for r in _read_lines(place / "documents.jsonl")],
                [Passage.from_dict(r) for r in _read_lines(place / "passages.jsonl")],
                _stores(place),
                LexicalStore.load(place / "lexical"),
                manifest.generation,
                built=manifest.built,
                degraded=degraded,
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise KnowledgeBaseDamaged(place, f"does not fit together: {error}", folder) from error


def faq_questions(documents: Iterable[Document]) -> tuple[str, ...]:
    """All questions and alternates of these documents, in order."""
    return tuple(question for document in documents for question in document.questions)


def known_vectors(knowledge: Knowledge) -> Known:
    """All that this generation has vectors and tokens for."""
    passages = [*map(TokenReading.of, knowledge.passages)]
    questions = [*map(TokenReading.of_question, knowledge.questions)]
    texts = (
        ([reading.whole for reading in passages], knowledge.passage_store),
        (sentences_of(knowledge.passages), knowledge.sentence_store),
        (knowledge.questions, knowledge.question_store),
    )
    vectors = {
        text: vector
        for rows, store in texts
        for text, vector in zip(rows, store.vectors(np.arange(len(rows))), strict=True)
    }
    tokens = _known_tokens(passages, knowledge.sentence_tokens)
    return Known(vectors, tokens | _known_tokens(questions, knowledge.question_tokens))


def _known_tokens(
    readings: Sequence[TokenReading], store: TokenStore
) -> dict[TokenReading, tuple[Codes, ...]]:
    rows = map(store.row, range(len(store)))
    return {reading: tuple(islice(rows, len(reading.spans))) for reading in readings}


def _stores(place: Path) -> Stores:
    from index.store.faiss import FaissStore

    return Stores(
        {n: FaissStore.from_bytes((place / f"{n}.faiss").read_bytes()) for n in _DENSE},
        {n: TokenStore.from_bytes((place / f"{n}.tokens").read_bytes()) for n in _TOKENS},
    )


def _write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=True) + "\n")


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]
