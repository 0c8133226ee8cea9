"""`citewell calibrate`: from a site's own questions to its scale and line, kept beside its kb."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from qa.answerer import Answerer
from qa.calibration import CalibrationRecord, store
from qa.confidence import Calibration
from qa.evaluation.calibrate import Fitted, Floats, fitted, log_odds, sigmoid
from qa.evaluation.job import Job, prepared
from qa.evaluation.labels import Labelled
from qa.evaluation.measure import Decisions
from qa.evaluation.metrics.decision import ece, reliability
from qa.evaluation.metrics.resampling import wilson
from qa.evaluation.row import Row, rows
from qa.evaluation.run import BATCH
from qa.evaluation.settings import answering, now
from qa.evaluation.summary import curve_points
from qa.terminal import progress_bar


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The record that was stored, and what the page of it draws."""

    record: CalibrationRecord
    page: dict[str, Any]


def calibrate(path: Path, qrels: Path | None, job: Job, promise: float) -> tuple[Path, Calibrated]:
    """Ask the questions, fit the scale and the line to them, and store both.

    The knowledge base that was asked, and what is now beside it.
    """
    questions, kb, answerer, asked = prepared(path, qrels, job)
    told = Decisions.of(_asked(_silenced(answerer), asked))
    found = fitted(told, promise, answerer.calibration)
    manifest = answering(kb, answerer)
    record = CalibrationRecord(
        calibration=found.calibration,
        made=now(),
        name=questions.name,
        questions=len(told.right),
        promise=promise,
        precision=found.precision,
        coverage=found.coverage,
        expected_precision=found.expected_precision,
        expected_coverage=found.expected_coverage,
        generation=manifest.generation,
        corpus=manifest.corpus,
        encoder=manifest.encoder,
        fingerprint=manifest.fingerprint,
    )
    store(kb, record)
    return kb, Calibrated(record, _page(record, told, answerer.calibration, found))


def _silenced(answerer: Answerer) -> Answerer:
    """One that answers nothing, so that all is judged by the surest passage, whatever the line."""
    return Answerer(
        answerer.knowledge, answerer.encoder, replace(answerer.calibration, answer_from=1.0)
    )


def _asked(answerer: Answerer, asked: tuple[Labelled, ...]) -> list[Row]:
    batches = [asked[start : start + BATCH] for start in range(0, len(asked), BATCH)]
    found: list[Row] = []
    with progress_bar("Asking", "questions") as progress:
        progress(0, len(asked))
        for batch in batches:
            found += rows(answerer, batch)
            progress(len(found), len(asked))
    return found


def _page(
    record: CalibrationRecord, told: Decisions, before: Calibration, found: Fitted
) -> dict[str, Any]:
    after = Decisions(_rescaled(told.confidence, before, found.calibration), told.right)
    answered = after.confidence >= record.calibration.answer_from
    interval = wilson(int((answered & told.right).sum()), int(answered.sum()))
    return {
        "made": record.made,
        "name": record.name,
        "questions": record.questions,
        "promise": record.promise,
        "precision": record.precision,
        "low": interval.low,
        "high": interval.high,
        "coverage": record.coverage,
        "out_of_fold": {
            "precision": record.expected_precision,
            "coverage": record.expected_coverage,
        },
        "answer_from": record.calibration.answer_from,
        "before": _state(told, before.answer_from),
        "after": _state(after, record.calibration.answer_from),
        "curve": curve_points(after),
        "reliability_before": [asdict(b) for b in reliability(told.confidence, told.right)],
        "reliability": [asdict(b) for b in reliability(after.confidence, after.right)],
        "corpus": record.corpus,
        "generation": record.generation,
        "encoder": record.encoder,
    }


def _rescaled(confidence: Floats, before: Calibration, after: Calibration) -> Floats:
    """Confidence under one calibration as it is under another."""
    raw = (log_odds(confidence) - before.intercept) / before.slope
    return sigmoid(after.slope * raw + after.intercept)


def _state(told: Decisions, line: float) -> dict[str, float]:
    answered = told.confidence >= line
    right = told.right[answered]
    return {
        "answer_from": line,
        "precision": float(right.mean()) if len(right) else 0.0,
        "coverage": float(np.mean(answered)),
        "ece": ece(told.confidence, told.right),
    }
