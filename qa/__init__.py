"""Answers from a knowledge base: verbatim quotes with citations, or that the sources don't say."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.default_model import DEFAULT_MODEL

if TYPE_CHECKING:
    from qa.answer import Answer, Citation, Quote, Suggestion
    from qa.answerer import Answerer, Explained

__all__ = ["Answer", "Answerer", "Citation", "Explained", "Quote", "Suggestion", "load"]

_HOMES = {
    "Answer": "qa.answer",
    "Answerer": "qa.answerer",
    "Citation": "qa.answer",
    "Explained": "qa.answerer",
    "Quote": "qa.answer",
    "Suggestion": "qa.answer",
}


def load(kb: Path | str = "kb", *, model: str = DEFAULT_MODEL, backend: str = "auto") -> "Answerer":
    """The answerer over the knowledge base that `citewell build` wrote at `kb`.

    `model` is the one it was built with: a name or the path of a folder; `backend` computes its
    vectors (docs/performance.md). Where `citewell calibrate`
    has left a calibration for that model, it holds. Raises
    KnowledgeBaseMissing, KnowledgeBaseDamaged, EncoderMismatch or EncoderError. The model's weights
    are read at the first question.
    """
    from index.backends import choice
    from qa.opening import opened

    return opened(Path(kb), choice.open_encoder(model, backend))


def __getattr__(name: str) -> Any:
    """The public names, each loaded when it is first used: `citewell --help` needs none."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
