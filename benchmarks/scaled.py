"""Knowledge bases of any size, made of two real ones.

A passage is a real one, or a copy of one: its vector is the real one's with noise, its sentences
are its first and others' picked at random, each with noise of its own; every other copy has a word
that no other text has. Copies are as near to each other (a cosine of .5) as texts on one topic are.
One passage in fifty is an FAQ entry; the others stand in articles of ten.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import load
from index.assembling import assemble, corpus_digest
from index.documents import Block, Document, DocumentKind
from index.encoder import Encoder
from index.knowledge import Knowledge, faq_questions
from index.known import sentences_of
from index.lexical import LexicalStore
from index.manifest import Manifest
from index.passages import Passage
from index.publish import building, publish_files
from index.store.base import Rows, Vectors
from index.store.choice import EXACT
from index.store.faiss import FaissStore
from index.store.rounded import RoundedStore
from index.stores import stores_of
from index.tokens import TokenStore, packed

ARTICLES = ("squad2",)
ENTRIES = ("covid-faq-en",)
_NOISE = 1.0  # of the length of a vector
_FAQ_EACH = 50
_IN_ARTICLE = 10
_AT_ONCE = 10_000  # passages, or rows


@dataclass(frozen=True, slots=True)
class Real:
    """Real articles' passages, or real FAQ entries, with all that was made of them."""

    knowledge: Knowledge
    sentences: tuple[str, ...]
    passage_vectors: Vectors
    sentence_vectors: Vectors
    question_vectors: Vectors

    @classmethod
    def of(cls, bench: Path, names: tuple[str, ...], encoder: Encoder) -> "Real":
        """Those of these sets."""
        documents = [d for name in names for d in load(bench, name).documents]
        knowledge, _ = assemble(documents, encoder)
        passages = knowledge.passages
        return cls(
            knowledge,
            tuple(p.sentence(n) for p in passages for n in range(len(p.sentences))),
            *(
                store.vectors(np.arange(len(store)))
                for store in (
                    knowledge.passage_store,
                    knowledge.sentence_store,
                    knowledge.question_store,
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Which real passage each passage is of (`real`), which sentences it has; copies are noisy.

    The sentences of passage r are those numbered `sentences[first[r]]` to `[first[r + 1]]` of the
    real ones of its kind.
    """

    is_faq: NDArray[np.bool_]
    real: Rows
    copy: NDArray[np.bool_]
    first: Rows
    sentences: Rows


def plan(articles: Real, entries: Real, size: int, rng: np.random.Generator) -> Plan:
    """For `size` passages; each real one comes once before its copies."""
    is_faq = np.arange(size) % _FAQ_EACH == _FAQ_EACH - 1
    turn = np.where(is_faq, np.cumsum(is_faq) - 1, np.cumsum(~is_faq) - 1)
    counts = np.where(is_faq, len(entries.passage_vectors), len(articles.passage_vectors))
    real, copy = turn % counts, turn >= counts
    firsts = [r.knowledge.first_sentence for r in (articles, entries)]
    start = np.where(is_faq, firsts[1][real * is_faq], firsts[0][real * ~is_faq])
    stop = np.where(is_faq, firsts[1][real * is_faq + 1], firsts[0][real * ~is_faq + 1])
    first = np.concatenate([[0], np.cumsum(stop - start)])
    owner = np.repeat(np.arange(size), stop - start)
    place = np.arange(first[-1]) - first[owner]
    # An FAQ entry keeps its sentences; of an article's copy all but the first are another's.
    moved = copy[owner] & ~is_faq[owner] & (place > 0)
    own = start[owner] + place
    other = rng.integers(0, len(articles.sentences), len(owner))
    return Plan(is_faq, real, copy, first, np.where(moved, other, own))


def texts(articles: Real, entries: Real, chosen: Plan) -> Iterator[tuple[Document, list[Passage]]]:
    """Each document with its passages, in the plan's order."""
    rows: list[int] = []
    for row in range(len(chosen.real)):
        if chosen.is_faq[row]:
            if rows:
                yield _document(rows, articles, chosen)
            yield _document([row], entries, chosen)
            rows = []
            continue
        rows.append(row)
        if len(rows) == _IN_ARTICLE:
            yield _document(rows, articles, chosen)
            rows = []
    if rows:
        yield _document(rows, articles, chosen)


def _document(rows: list[int], real: Real, chosen: Plan) -> tuple[Document, list[Passage]]:
    faq = bool(chosen.is_faq[rows[0]])
    template = real.knowledge.passages[int(chosen.real[rows[0]])]
    title = f"{template.title} ({rows[0]})" if chosen.copy[rows[0]] else template.title
    id_ = f"{'faq' if faq else 'article'}:{rows[0]}"
    text, blocks, passages = "", [], []
    for number, row in enumerate(rows, start=1):
        start = len(text) + 2 * bool(text)
        said, spans = _said(row, real, chosen)
        text += ("\n\n" if text else "") + said
        blocks.append(Block("paragraph", start, len(text)))
        named = id_ if faq else f"{id_}:p{number}"
        passages.append(Passage(named, id_, start, len(text), said, spans, title))
    kind: DocumentKind = "faq" if faq else "article"
    return Document(id_, kind, title, text, f"{id_}.md", tuple(blocks)), passages


def _said(row: int, real: Real, chosen: Plan) -> tuple[str, tuple[tuple[int, int], ...]]:
    numbers = chosen.sentences[chosen.first[row] : chosen.first[row + 1]].tolist()
    said = [real.sentences[number] for number in numbers]
    if chosen.copy[row] and row % 2:
        said[-1] += f" (no. {_word(row)})"
    spans, at = [], 0
    for sentence in said:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return " ".join(said), tuple(spans)


def _word(number: int) -> str:
    """Letters that stand for a number."""
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters += chr(ord("a") + digit)
    return f"q{letters}x"


def noisy(real: Vectors, copy: NDArray[np.bool_], rng: np.random.Generator) -> Vectors:
    """These rows, those that are copies with noise; of unit length."""
    rows = real.copy()
    noise = rng.standard_normal((int(copy.sum()), rows.shape[1]), np.float32)
    rows[copy] += noise * np.float32(_NOISE / np.sqrt(rows.shape[1]))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def vectors(
    articles: Real, entries: Real, chosen: Plan, place: Path, rng: np.random.Generator
) -> dict[str, Vectors]:
    """Those of passages, sentences and questions; sentences in sixteen bits, on disk at `place`."""
    size, many = len(chosen.real), int(chosen.first[-1])
    passages = np.empty((size, articles.passage_vectors.shape[1]), np.float32)
    kept = np.memmap(place / "sentences", np.float16, "w+", shape=(many, passages.shape[1]))
    for start in range(0, size, _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, size))
        passages[rows] = noisy(_picked(articles, entries, chosen, rows), chosen.copy[rows], rng)
        span = np.arange(chosen.first[start], chosen.first[rows[-1] + 1])
        owner = np.repeat(rows, np.diff(chosen.first[start : rows[-1] + 2]))
        real = _sentences(articles, entries, chosen, span, owner)
        kept[span[0] : span[-1] + 1] = noisy(real, chosen.copy[owner], rng)
    faq = np.flatnonzero(chosen.is_faq)
    questions = noisy(entries.question_vectors[chosen.real[faq]], chosen.copy[faq], rng)
    return {"passages": passages, "sentences": kept, "questions": questions}  # type: ignore[dict-item]


def _picked(articles: Real, entries: Real, chosen: Plan, rows: Rows) -> Vectors:
    faq, real = chosen.is_faq[rows], chosen.real[rows]
    return np.where(
        faq[:, None], entries.passage_vectors[real * faq], articles.passage_vectors[real * ~faq]
    )


def _sentences(articles: Real, entries: Real, chosen: Plan, span: Rows, owner: Rows) -> Vectors:
    faq, real = chosen.is_faq[owner], chosen.sentences[span]
    return np.where(
        faq[:, None], entries.sentence_vectors[real * faq], articles.sentence_vectors[real * ~faq]
    )


def tokens(
    articles: Real, entries: Real, chosen: Plan, most: int, is_packed: bool
) -> dict[str, TokenStore]:
    """Of each sentence and question the real one's, at most so many of a sentence."""
    kept = packed if is_packed else partial(np.asarray, dtype=np.int8)
    faq_rows = np.flatnonzero(chosen.is_faq)
    owner_faq = np.repeat(chosen.is_faq, np.diff(chosen.first)).tolist()
    real = (articles.knowledge, entries.knowledge)
    cut = [
        [kept(k.sentence_tokens.row(n)[:most]) for n in range(len(k.sentence_tokens))] for k in real
    ]
    pairs = zip(owner_faq, chosen.sentences.tolist(), strict=True)
    sentences = [cut[faq][number] for faq, number in pairs]
    asked = [kept(real[1].question_tokens.row(int(chosen.real[row]))) for row in faq_rows]
    dim = articles.passage_vectors.shape[1]
    return {
        "sentences": TokenStore.of(sentences, dim, is_packed),
        "questions": TokenStore.of(asked, dim, is_packed),
    }


def published(
    articles: Real,
    entries: Real,
    size: int,
    out: Path,
    encoder: Encoder,
    *,
    most_tokens: int,
    exact: int = EXACT,
) -> tuple[Manifest, dict[str, float]]:
    """Make a knowledge base of `size` passages at `out`; its manifest, and seconds a part took."""
    rng, took = np.random.default_rng(0), {}
    started = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal started
        took[name] = round(time.perf_counter() - started, 1)
        print(f"  {size:,}: {name} in {took[name]} s", flush=True)
        started = time.perf_counter()

    chosen = plan(articles, entries, size, rng)
    out.mkdir(parents=True)
    made = vectors(articles, entries, chosen, out, rng)
    is_packed = size > exact
    kept = tokens(articles, entries, chosen, most_tokens, is_packed)
    lap("vectors made")
    sentences = made["sentences"]
    parts = (sentences[n : n + _AT_ONCE] for n in range(0, len(sentences), _AT_ONCE))
    rounded = RoundedStore.of(parts, *sentences.shape)
    flat = FaissStore(made["passages"]), FaissStore(made["questions"])
    stores = stores_of(*flat, rounded, kept, exact)
    del made, flat, sentences
    (out / "sentences").unlink()
    lap("vectors stored")
    documents, passages = [], []
    for document, some in texts(articles, entries, chosen):
        documents.append(document)
        passages += some
    lap("texts made")
    lexical = LexicalStore(
        [p.encoded_text for p in passages],
        sentences=sentences_of(passages),
        questions=faq_questions(documents),
    )
    lap("words counted")
    knowledge = Knowledge(documents, passages, stores, lexical)
    described = {
        "built": "",
        "sources": "benchmarks",
        "corpus": corpus_digest(documents[:1]),
        "encoder": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dim": knowledge.passage_store.dim,
        "language": knowledge.language,
        "counts": {"passages": size, "sentences": len(kept["sentences"])},
        "searches": {name: how.to_dict() for name, how in stores.searches.items()},
    }
    with building(out):
        manifest = publish_files(out, knowledge.save, described)
    lap("published")
    return manifest, took
