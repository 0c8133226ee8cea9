"""`citewell stress`: questions made from the knowledge base itself, asked, scored and reported."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import qa
from index.build import assemble
from index.errors import EvaluationError
from index.knowledge import Knowledge
from index.known import known_vectors
from qa.answerer import Answerer
from qa.evaluation.case import Case, QuestionSet
from qa.evaluation.job import Job, carried_out, finished
from qa.evaluation.labels import Labelled, labelled
from qa.evaluation.row import line, rows
from qa.evaluation.run import Run, read, sole
from qa.evaluation.settings import described
from qa.evaluation.stress.alternates import Round, rounds
from qa.evaluation.stress.collisions import collisions
from qa.evaluation.stress.questions import stress_cases
from qa.evaluation.summary import Summary

QUESTIONS = "questions.jsonl"


class StressAsker:
    """Answers from the knowledge base, and each round's questions from one without an alternate."""

    def __init__(self, answerer: Answerer, without: Sequence[Round]) -> None:
        self._answerer = answerer
        self._rounds = without
        self._round_of = {case.id: turn for turn, r in enumerate(without) for case in r.cases}
        self._known = known_vectors(answerer.knowledge) if without else None

    def __call__(self, batches: Iterable[Sequence[Labelled]]) -> Iterator[list[bytes]]:
        """The lines of each batch, whose parts are asked where they belong."""
        last: tuple[int | None, Answerer] = (None, self._answerer)
        for batch in batches:
            found: list[bytes] = []
            for turn, part in groupby(batch, key=lambda each: self._round_of.get(each.case.id)):
                if turn != last[0]:
                    last = (turn, self._answerer if turn is None else self._without(turn))
                found += map(line, rows(last[1], tuple(part)))
            yield found

    def _without(self, turn: int) -> Answerer:
        """An answerer for what a round leaves; nothing has to be encoded for it."""
        now = self._answerer
        documents = self._rounds[turn].documents
        knowledge, _ = assemble(documents, now.encoder, known=self._known)
        knowledge.generation = now.knowledge.generation
        return Answerer(knowledge, now.encoder, now.calibration)


def stress(job: Job) -> Summary:
    """Make the questions, keep them in the job's folder, ask them, and write the report."""
    before = read(job.baseline) if job.baseline else None
    kb = job.kb or Path("kb")
    answerer = qa.load(kb, model=job.model, backend=job.backend)
    knowledge = answerer.knowledge
    without = tuple(rounds(knowledge.documents))
    cases = (*stress_cases(knowledge.documents), *(case for r in without for case in r.cases))
    questions = QuestionSet(f"stress test of {kb}", QUESTIONS, cases, notes=_notes(knowledge))
    asked, problems = labelled(questions, knowledge)
    if problems:  # the questions come from these very documents
        raise EvaluationError(f"{kb}: its questions and documents do not fit together", problems)
    settings = described(questions, asked, answerer, kb, 1)
    answerer.warm_up()
    with sole(job.out):
        done = carried_out(asked, StressAsker(answerer, without), job, settings)
        _write_questions(job.out / QUESTIONS, cases)
        found = [asdict(one) for one in collisions(knowledge, _first(done, cases))]
        return finished(done, answerer, questions.notes, job, before, found)


def _first(done: Run, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """Each case that was asked with the document that came first."""
    by_id = {case.id: case for case in cases}
    for row in done.rows:
        if row["ranking"] and row["case"]["unit"] in ("document", "passage"):
            yield by_id[row["case"]["id"]], row["ranking"][0][0]


def _notes(knowledge: Knowledge) -> tuple[str, ...]:
    entries = sum(document.kind == "faq" for document in knowledge.documents)
    notes = ["negated questions have no outcome: whether an entry answers them is not known"]
    if not entries:
        notes.append("there is no FAQ entry, so only titles and out-of-scope questions were asked")
    return tuple(notes)


def _write_questions(path: Path, cases: Sequence[Case]) -> None:
    """As `citewell eval` reads them, so that they can be edited and asked again."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for case in cases:
            stream.write(json.dumps(_record(case), ensure_ascii=False) + "\n")


def _record(case: Case) -> dict[str, Any]:
    record = {
        "id": case.id,
        "question": case.question,
        "sources": dict(case.sources),
        "answerable": case.answerable,
        "kind": case.kind,
        "like": case.like,
    }
    return {name: value for name, value in record.items() if value not in (None, "", {})}
