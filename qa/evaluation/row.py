"""One row of results.jsonl: the wire form of an answer, and what it is worth."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qa.answerer import Answerer, Explained
from qa.evaluation.labels import Labelled, Labels, collapsed
from qa.evaluation.scoring import DEPTH, Found, score

Row = Mapping[str, Any]

# Passages that are ranked for each question, so that DEPTH documents are among them.
PASSAGES = 3 * DEPTH


def rows(answerer: Answerer, asked: Sequence[Labelled]) -> list[Row]:
    """Ask these questions together: the row of each.

    Nothing in a row differs between two runs of the same: its id is made from the case's, and
    `took_ms` is null, since times stand in timings.jsonl.
    """
    labels = Labels(answerer.knowledge)
    histories = [[asdict(turn) for turn in each.case.history] for each in asked]
    questions = [each.case.question for each in asked]
    explained = answerer.explain_each(questions, PASSAGES, histories)
    return [_row(one, said, labels) for one, said in zip(asked, explained, strict=True)]


def line(row: Row) -> bytes:
    """The row as a line of results.jsonl."""
    return (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _row(asked: Labelled, explained: Explained, labels: Labels) -> Row:
    ranking = collapsed(
        ((labels.name(p, asked.unit), round(score, 6)) for p, score in explained.ranking), DEPTH
    )
    answer = explained.answer
    withheld = explained.withheld
    found = Found(
        ranking=[id_ for id_, _ in ranking],
        quoted=answer.text or " ".join(one.text for one in withheld),
        cited=_cited(asked, explained, labels),
        answered=answer.answered,
    )
    scored = score(asked, found)
    return {
        **answer.to_dict(),
        "id": hashlib.sha256(f"{answer.generation} {asked.case.id}".encode()).hexdigest()[:12],
        "took_ms": None,
        "case": {**_expected(asked), "titles": labels.titles(asked)},
        "ranking": ranking,
        "withheld": [
            {"text": e.text, "passage": e.hit.passage.id, "start": e.start, "end": e.end}
            for e in withheld
        ],
        "outcome": scored.outcome,
        "why": scored.why,
        "right": scored.right,
        "scores": scored.metrics,
    }


def _cited(asked: Labelled, explained: Explained, labels: Labels) -> list[str]:
    """The sources of the quotes, or of what would have been quoted, in the case's unit."""
    passages = [hit.passage for hit in explained.hits]
    held = [one.hit.passage.id for one in explained.withheld]
    quoted = {quote.passage for quote in explained.answer.quotes} | set(held)
    return [labels.name(p, asked.unit) for p in passages if p.id in quoted]


def _expected(asked: Labelled) -> dict[str, Any]:
    case = asked.case
    return {
        "id": case.id,
        "unit": asked.unit,
        "sources": dict(asked.grades),
        "answers": list(case.answers),
        "answerable": case.expects_answer,
        "tags": list(case.tags),
        "kind": case.kind,
        "like": case.like,
        "line": case.line,
        "turns": len(case.history),
    }
