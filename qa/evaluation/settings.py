"""What decides a run's results, written down so that two runs can be told apart."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from index import generation
from index.errors import EvaluationError
from index.manifest import Manifest
from qa import answerer, confidence, evidence, finder, hit, retriever
from qa.answerer import Answerer
from qa.conversation import completion
from qa.evaluation.case import QuestionSet
from qa.evaluation.labels import Labelled
from qa.evaluation.run import BATCH, Settings
from qa.weights import CONFIDENCE, RANKING


def described(
    questions: QuestionSet,
    asked: Sequence[Labelled],
    answerer: Answerer,
    kb: Path,
    workers: int,
) -> Settings:
    """The settings of a run, JSON-ready."""
    manifest = answering(kb, answerer)
    return {
        "name": questions.name,
        "made": now(),
        "of": len(asked),
        "questions": digest(asked),
        "citewell": version("citewell"),
        "knowledge_base": str(kb),
        "generation": manifest.generation,
        "corpus": manifest.corpus,
        "counts": dict(manifest.counts),
        "encoder": manifest.encoder,
        "fingerprint": manifest.fingerprint,
        "calibration": asdict(answerer.calibration),
        "scoring": _scoring(),
        "batch": BATCH,
        "workers": workers,
    }


def answering(kb: Path, answerer: Answerer) -> Manifest:
    """The manifest of what answers. Raises EvaluationError where it was rebuilt since."""
    manifest = generation.read_manifest(kb)
    if manifest.generation != answerer.knowledge.generation:
        raise EvaluationError(f"{kb}: was built again in the meantime; run this again")
    return manifest


def now() -> str:
    """UTC in ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digest(asked: Sequence[Labelled]) -> str:
    """The SHA-256 of all cases with their labels, in order."""
    records = [[asdict(each.case), each.unit, dict(each.grades)] for each in asked]
    return hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()


def _scoring() -> dict[str, Any]:
    """The numbers in the code that decide what is found, quoted and believed."""
    modules = (answerer, completion, confidence, evidence, finder, hit, retriever)
    return {"ranking": asdict(RANKING), "confidence": asdict(CONFIDENCE)} | {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float)
    }
