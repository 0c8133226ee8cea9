"""Answers from a knowledge base: verbatim quotes with citations, or that the sources don't say."""

from pathlib import Path

from index.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.knowledge import Knowledge
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.answerer import Answerer, Explained

__all__ = ["Answer", "Answerer", "Citation", "Explained", "Quote", "Suggestion", "load"]


def load(kb: Path | str = "kb", *, model: str = DEFAULT_MODEL) -> Answerer:
    """The answerer over the knowledge base that `citewell build` wrote at `kb`.

    `model` is the one it was built with: a name or the path of a folder. Raises
    KnowledgeBaseMissing, KnowledgeBaseDamaged, EncoderMismatch or EncoderError. The model's weights
    are read at the first question.
    """
    encoder = SentenceTransformerEncoder(model)
    return Answerer(Knowledge.load(Path(kb), encoder), encoder)
