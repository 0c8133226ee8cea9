"""Question sets in the BEIR layout, as documents and labelled questions."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.documents import Block, Document

LIMIT = 600  # questions of a kind that are measured, chosen with a fixed seed
ROLES = {"user": "user", "agent": "assistant"}
FAQ_SETS = {"covid-faq-en", "covid-faq-de", "stackfaq"}  # their titles are questions

Turn = Mapping[str, str]  # a "role", user or assistant, and its "content"


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question: `relevant` holds the ids of the documents that answer it.

    `answerable` is None where that is open. `answers` are gold answers, if there are any; `history`
    is what was said before it.
    """

    text: str
    relevant: frozenset[str]
    answerable: bool | None
    answers: tuple[str, ...]
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A corpus with its questions: those with a relevant document, and the unanswerable ones."""

    name: str
    documents: tuple[Document, ...]
    answerable: tuple[Question, ...]
    unanswerable: tuple[Question, ...]


def load(bench: Path, name: str) -> QuestionSet:
    """Read one set, at most LIMIT questions of each kind (numpy's generator, seed 0)."""
    folder = bench / name
    faq = name in FAQ_SETS
    documents = tuple(document(record, faq) for record in records(folder / "corpus.jsonl"))
    known = {document.id for document in documents}
    relevant = _relevant(folder / "qrels.tsv", known)
    questions = [_question(record, relevant) for record in records(folder / "queries.jsonl")]
    return QuestionSet(
        name,
        documents,
        _sample([q for q in questions if q.relevant and q.answerable]),
        _sample([q for q in questions if q.answerable is False]),
    )


def document(record: dict[str, Any], faq: bool) -> Document:
    """A record of a corpus as one paragraph, or one FAQ entry."""
    title = record.get("title", "").strip()
    text = record["text"].strip() or title  # stackfaq has questions alone
    return Document(
        id=record["_id"],
        kind="faq" if faq else "article",
        title=title,
        text=text,
        source="corpus.jsonl",
        blocks=(Block("paragraph", 0, len(text)),),
    )


def _question(record: dict[str, Any], relevant: dict[str, frozenset[str]]) -> Question:
    answerable = said_answerable(record)
    return Question(
        record["text"],
        relevant.get(record["_id"], frozenset()) if answerable is not None else frozenset(),
        answerable,
        tuple(record.get("answers", ())),
        tuple(turns(record.get("history", ()))),
    )


def turns(history: Sequence[Any]) -> Iterable[Turn]:
    """Speakers are told apart by name in mtrag, elsewhere by turns.

    canard's conversations begin with the title and a heading of the article that they are about.
    """
    for number, said in enumerate(history):
        if isinstance(said, dict):
            yield {"role": ROLES[said["speaker"]], "content": said["text"]}
        else:
            yield {"role": "assistant" if number % 2 else "user", "content": said}


def said_answerable(record: dict[str, Any]) -> bool | None:
    """Of the four kinds that mtrag labels, what is underspecified counts on neither side."""
    labels = record.get("meta", {}).get("answerability")
    if labels is None:
        return bool(record.get("answerable", True))
    if "UNANSWERABLE" in labels:
        return False
    return True if {"ANSWERABLE", "PARTIAL"} & set(labels) else None


def _relevant(path: Path, known: set[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if int(row["score"]) > 0 and row["corpus-id"] in known:
                found.setdefault(row["query-id"], set()).add(row["corpus-id"])
    return {question: frozenset(documents) for question, documents in found.items()}


def records(path: Path) -> Iterable[dict[str, Any]]:
    """What each line of a JSON Lines file holds."""
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _sample(questions: list[Question]) -> tuple[Question, ...]:
    if len(questions) <= LIMIT:
        return tuple(questions)
    chosen = np.random.default_rng(0).choice(len(questions), LIMIT, replace=False)
    return tuple(questions[i] for i in sorted(chosen))
