"""From a folder of files to a published knowledge base, encoding only what changed."""

import hashlib
import json
import os.path
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np

from index import generation
from index.documents import Document
from index.encoder import Encoder, Vectors
from index.errors import BuildError, KnowledgeBaseError, ReadError
from index.knowledge import Knowledge, faq_questions, known_vectors, sentences_of
from index.lexical import LexicalStore, words
from index.passages import Passage, split
from index.readers import Reading, read_folder
from index.store.base import VectorStore

OnError = Literal["fail", "skip"]
Progress = Callable[[int, int], None]  # texts encoded so far, of how many

_BATCH = 64  # texts between two reports of progress


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `unchanged`, `new` and `removed` count passages against the one before."""

    generation: str
    faq_entries: int
    articles: int
    passages: int
    unchanged: int
    new: int
    removed: int
    encoded: int
    problems: tuple[ReadError, ...]
    ignored: tuple[str, ...]


def build(
    sources: Path,
    out: Path,
    encoder: Encoder,
    *,
    on_error: OnError = "fail",
    progress: Progress | None = None,
) -> BuildReport:
    """Read `sources`, encode what is new, publish the whole at `out`; nothing new, nothing done.

    `progress` is called before the first and after each batch of texts. With `on_error="fail"` a
    file or entry that cannot be read stops the build (BuildError, its `problems` name each); with
    "skip" it is left out and reported. Whatever goes wrong, the knowledge base at `out` stays as
    it was.
    """
    if not os.path.exists(sources):  # noqa: PTH110 - Path's may raise
        raise BuildError(f"{sources}: there is no such folder; name the one with your FAQs")
    reading = read_folder(sources)
    if reading.problems and on_error == "fail":
        raise BuildError(_unread(sources, len(reading.problems)), reading.problems)
    if not any(map(_has_words, reading.documents)):
        raise BuildError(_nothing_found(sources, reading.ignored))
    before, after, name, encoded = publish(
        reading.documents, out, encoder, sources=str(sources), progress=progress
    )
    return _report(reading, before, after, name, encoded)


def publish(
    documents: Sequence[Document],
    out: Path,
    encoder: Encoder,
    *,
    sources: str,
    progress: Progress | None = None,
) -> tuple[Knowledge | None, Knowledge, str, int]:
    """Encode what is new of these documents and publish them all at `out`, if anything changed.

    What served before, if it was whole and of the same encoder; what serves now, under which name;
    how many texts were encoded. `sources` says where the documents are from. Raises BuildError
    where two share an id, or none holds a word.
    """
    _check_unique((document.id, document) for document in documents)
    if not any(map(_has_words, documents)):
        raise BuildError(f"{sources}: no document here holds a word; add some text")
    with _writing(out), generation.building(out):
        before = _previous(out, encoder)
        if before and before.documents == tuple(documents):
            return before, before, before.generation, 0
        known = known_vectors(before) if before else {}
        knowledge, encoded = assemble(documents, encoder, known=known, progress=progress)
        described = _described(knowledge, encoder, sources)
        manifest = generation.publish(out, knowledge.save, described)
    return before, knowledge, manifest.generation, encoded


def assemble(
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    known: Mapping[str, Vectors] = MappingProxyType({}),
    progress: Progress | None = None,
) -> tuple[Knowledge, int]:
    """A knowledge base in memory, and how many texts were encoded for it.

    `known` holds vectors by text that this encoder has given before. Raises EncoderError, and
    BuildError where two passages share an id.
    """
    owned = [(passage, document) for document in documents for passage in split(document)]
    _check_unique((passage.id, document) for passage, document in owned)
    passages = [passage for passage, _ in owned]
    stores, encoded = _encode(passages, faq_questions(documents), known, encoder, progress)
    lexical = LexicalStore(["\n".join([p.encoded_text, *d.alternates]) for p, d in owned])
    return Knowledge(documents, passages, stores, lexical), encoded


def corpus_digest(documents: Iterable[Document]) -> str:
    """The SHA-256 of all documents and what they say of themselves, in order."""
    records = [document.to_dict() for document in documents]
    return hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()


def _check_unique(owners: Iterable[tuple[str, Document]]) -> None:
    """Raise BuildError where one id has two owners, naming both places."""
    seen: dict[str, Document] = {}
    for id_, document in owners:
        other = seen.setdefault(id_, document)
        if other is not document:
            raise BuildError(
                f"{document.source}:{document.line}: has the id {id_!r}, as has "
                f"{other.source}:{other.line}; give one of them another id"
            )


def _has_words(document: Document) -> bool:
    return any(words(passage.encoded_text) for passage in split(document))


def _unread(sources: Path, count: int) -> str:
    what = (
        "1 problem; mend it or leave that"
        if count == 1
        else (f"{count} problems; mend them or leave those")
    )
    return f"{sources}: {what} out with --skip-errors"


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Tell that the disk is full, or the place not ours to write, as a BuildError."""
    try:
        yield
    except OSError as error:
        raise BuildError(
            f"{out}: cannot be written ({error.strerror or error}); "
            "mend that or choose another place with --out"
        ) from error


def _nothing_found(sources: Path, ignored: Sequence[str]) -> str:
    left_out = f" ({len(ignored)} left out)" if ignored else ""
    return (
        f"{sources}: no FAQ entry and no article found here{left_out}; "
        "put .md, .txt, .html, .csv, .tsv, .json or .jsonl files into it"
    )


def _previous(out: Path, encoder: Encoder) -> Knowledge | None:
    """What serves now, if it is whole and of the same encoder; a rebuild mends all else."""
    try:
        return Knowledge.load(out, encoder)
    except KnowledgeBaseError:
        return None


def _report(
    reading: Reading, before: Knowledge | None, after: Knowledge, name: str, encoded: int
) -> BuildReport:
    old = Counter(passage.encoded_text for passage in before.passages) if before else Counter[str]()
    now = Counter(passage.encoded_text for passage in after.passages)
    return BuildReport(
        name,
        faq_entries=sum(document.kind == "faq" for document in after.documents),
        articles=sum(document.kind == "article" for document in after.documents),
        passages=now.total(),
        unchanged=(now & old).total(),
        new=(now - old).total(),
        removed=(old - now).total(),
        encoded=encoded,
        problems=reading.problems,
        ignored=reading.ignored,
    )


def _encode(
    passages: Sequence[Passage],
    questions: Sequence[str],
    known: Mapping[str, Vectors],
    encoder: Encoder,
    progress: Progress | None,
) -> tuple[dict[str, VectorStore], int]:
    """The three vector stores, and how many texts had to be encoded for them."""
    from index.store.faiss import FaissStore

    texts = {
        "passages": [passage.encoded_text for passage in passages],
        "sentences": sentences_of(passages),
        "questions": list(questions),
    }
    wanted = dict.fromkeys(text for rows in texts.values() for text in rows)
    # Like lengths together: a batch is padded to its longest text.
    missing = sorted((text for text in wanted if text not in known), key=len)
    vectors = dict(known)
    if missing and progress:
        progress(0, len(missing))  # the model is loaded with the first batch, which takes a while
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors |= zip(batch, encoder.encode_passages(batch), strict=True)
        if progress:
            progress(start + len(batch), len(missing))
    dim = len(vectors[texts["passages"][0]])
    stores: dict[str, VectorStore] = {
        name: FaissStore(np.array([vectors[text] for text in rows], np.float32).reshape(-1, dim))
        for name, rows in texts.items()
    }
    return stores, len(missing)


def _described(knowledge: Knowledge, encoder: Encoder, sources: str) -> dict[str, object]:
    """The manifest's fields that a build knows."""
    return {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": sources,
        "corpus": corpus_digest(knowledge.documents),
        "encoder": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dim": knowledge.passage_store.dim,
        "counts": {
            "documents": len(knowledge.documents),
            "passages": len(knowledge.passages),
            "sentences": len(knowledge.sentence_store),
            "questions": len(knowledge.question_store),
        },
    }
