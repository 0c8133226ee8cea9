"""`citewell eval` from its question file to its report."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import qa
from index.backends import choice
from index.errors import EvaluationError, ReadError
from qa.answerer import Answerer
from qa.evaluation import asking
from qa.evaluation.case import QuestionSet
from qa.evaluation.compare import compare
from qa.evaluation.corpus import own_knowledge_base
from qa.evaluation.gates import Gate, held
from qa.evaluation.grounding import verified
from qa.evaluation.interrupt import interruptible
from qa.evaluation.labels import Labelled, labelled
from qa.evaluation.outputs import write
from qa.evaluation.reading import read_questions
from qa.evaluation.run import BEFORE, Ask, Run, Settings, note_times, read, run, sole, timings
from qa.evaluation.settings import described
from qa.evaluation.summary import Summary, summary
from qa.terminal import complain, count, progress_bar

# Questions asked one at a time as well, since a batch says nothing of what a reader waits for.
LATENCY_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Job:
    """Where a run's questions are asked, and how. `kb` is None for a set's own knowledge base."""

    kb: Path | None
    out: Path
    model: str
    gates: Sequence[Gate] = ()
    baseline: Path | None = None
    resume: bool = False
    workers: int = 1
    skip_errors: bool = False
    backend: str = "auto"


def prepared(
    path: Path, qrels: Path | None, job: Job
) -> tuple[QuestionSet, Path, Answerer, tuple[Labelled, ...]]:
    """The question set, the knowledge base with its answerer, and the cases labelled by it.

    What was left out, where the job allows it, is among the set's notes. Raises EvaluationError
    with every problem otherwise.
    """
    questions, problems = read_questions(path, qrels, skip_errors=job.skip_errors)
    kb = job.kb or _default_kb(questions, path, job)
    answerer = qa.load(kb, model=job.model, backend=job.backend)
    asked, unknown = labelled(questions, answerer.knowledge)
    if unknown and not job.skip_errors:
        raise EvaluationError(_unknown(path, len(unknown)), unknown)
    if not asked:
        raise EvaluationError(f"{path}: no question is left to ask; mend what was left out")
    notes = (*questions.notes, *_left_out([*problems, *unknown]), *_turns(asked), *_repeated(asked))
    return replace(questions, notes=notes), kb, answerer, asked


def evaluate(path: Path, qrels: Path | None, job: Job) -> Summary:
    """Ask the questions of `path`, write everything into `job.out`, and sum it up."""
    before = read(job.baseline) if job.baseline else None
    questions, kb, answerer, asked = prepared(path, qrels, job)
    settings = described(questions, asked, answerer, kb, job.workers)
    with sole(job.out):
        with _asker(answerer, kb, job) as ask:
            done = carried_out(asked, ask, job, settings)
        return finished(done, answerer, questions.notes, job, before)


def carried_out(asked: Sequence[Labelled], ask: Ask, job: Job, settings: Settings) -> Run:
    """The run, with a bar, until it is done or Ctrl-C was pressed."""
    with interruptible() as stopped, progress_bar("Asking", "questions") as progress:
        return run(
            asked,
            ask,
            job.out,
            settings,
            resume=job.resume,
            stopped=stopped,
            progress=progress,
        )


def finished(
    done: Run,
    answerer: Answerer,
    notes: Sequence[str],
    job: Job,
    before: Run | None,
    collisions: Sequence[dict[str, Any]] = (),
) -> Summary:
    """Verify, sum up, compare with the run before, hold against the gates, and write it all."""
    if done.complete and not any("one_at_a_time_ms" in times for times in timings(done.folder)):
        note_times(done.folder, {"one_at_a_time_ms": _latency(done, answerer)})
    told = summary(done, verified(done.rows, answerer.knowledge), notes)
    since = _since(done, before)
    if since and "not_compared" in since:
        told = replace(told, notes=(*told.notes, f"not compared: {since['not_compared']}"))
        since = None
    told = replace(told, since=since, collisions=collisions)
    try:
        if done.complete:
            told = told.with_gates(held(job.gates, told.metrics, told.outcomes))
    finally:
        write(done, told)
    return told


def _default_kb(questions: QuestionSet, path: Path, job: Job) -> Path:
    if not questions.documents and not path.is_dir():
        return Path("kb")
    encoder = choice.open_encoder(job.model, job.backend, prepare=True, tell=complain)
    with progress_bar("Encoding the corpus") as progress:
        return own_knowledge_base(questions, path, encoder, progress)


@contextmanager
def _asker(answerer: Answerer, kb: Path, job: Job) -> Iterator[Ask]:
    if job.workers > 1:
        with asking.workers(job.workers, kb, job.model, job.backend) as ask:
            yield ask
    else:
        answerer.warm_up()  # so that it does not count for the rate
        yield asking.alone(answerer)


def _latency(done: Run, answerer: Answerer) -> list[float]:
    """Milliseconds of questions asked one at a time, spread over the run's."""
    number = min(len(done.rows), LATENCY_QUESTIONS)
    places = np.linspace(0, len(done.rows) - 1, number).astype(int)
    texts = [done.rows[place]["question"] for place in places]
    answerer.answer(texts[0])
    taken = []
    for text in texts:
        started = time.perf_counter()
        answerer.answer(text)
        taken.append(round(1000 * (time.perf_counter() - started), 2))
    return taken


def _since(done: Run, before: Run | None) -> dict[str, Any] | None:
    """How the run compares with the one named, or else with the one that stood here before."""
    stood = done.folder / BEFORE
    if not done.complete or (before is None and not stood.exists()):
        return None
    try:
        before = before or read(stood)
        found = compare(before, done)
    except EvaluationError as error:  # of other questions, say: no reason to lose this run
        return {"not_compared": str(error)}
    return {
        "name": str(before.folder),
        "made": found.a["made"],
        "cases": found.cases,
        "gained": found.gained,
        "lost": found.lost,
        "p": found.p,
        "verdict": found.verdict,
    }


def _repeated(asked: Sequence[Labelled]) -> list[str]:
    number = len(asked) - len({each.case.question for each in asked})
    if not number:
        return []
    again = count(number, "question repeats", "questions repeat")
    return [f"{again} another word for word; each counts, so intervals are too narrow"]


def _unknown(path: Path, number: int) -> str:
    sources = count(number, "expected source", "expected sources")
    return (
        f"{path}: {sources} that the knowledge base does not hold; mend that, or leave out the "
        "questions with --skip-errors"
    )


def _left_out(problems: Sequence[ReadError]) -> list[str]:
    return [f"left out: {problem}" for problem in problems]


def _turns(asked: Sequence[Labelled]) -> list[str]:
    """How many questions follow on others."""
    number = sum(bool(each.case.history) for each in asked)
    if not number:
        return []
    follow = count(number, "question follows", "questions follow")
    return [f"{follow} on others; what they leave out is taken from there"]
