"""A knowledge base for a question set that brings its own corpus, kept from run to run."""

import hashlib
from pathlib import Path

from index.build import publish
from index.encoder import Encoder
from index.errors import EvaluationError
from index.user_cache import cache
from qa.evaluation.case import QuestionSet
from qa.terminal import Progress


def own_knowledge_base(
    questions: QuestionSet, path: Path, encoder: Encoder, progress: Progress | None = None
) -> Path:
    """Where the knowledge base of the set's documents stands; what changed is encoded first.

    In the user's cache, one for each set and model. Raises BuildError where it cannot be written.
    """
    if not questions.documents:
        raise EvaluationError(f"{path}: its corpus holds no document; name a --kb")
    kb = _place(questions.name, path, encoder)
    publish(questions.documents, kb, encoder, sources=str(path.resolve()), progress=progress)
    return kb


def _place(name: str, path: Path, encoder: Encoder) -> Path:
    key = hashlib.sha256(f"{path.resolve()} {encoder.fingerprint}".encode()).hexdigest()[:12]
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:60]
    return cache() / f"{plain}-{key}"
