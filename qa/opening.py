"""A knowledge base's folder → what answers from it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.encoder import Encoder
    from qa.answerer import Answerer
    from qa.answers import Answers


def opened(kb: Path, encoder: "Encoder", answers: "Answers | None" = None) -> "Answerer":
    """The answerer over the knowledge base at `kb`, with the calibration and small talk beside it.

    It gives those of `answers` again that it gave lately. Raises KnowledgeBaseError where one of
    them cannot be used.
    """
    from index.knowledge import Knowledge
    from qa.answerer import Answerer
    from qa.calibration import stored
    from qa.confidence import SHIPPED
    from qa.small_talk import SmallTalk

    knowledge = Knowledge.load(kb, encoder)
    own = stored(kb)
    fits = own is not None and own.fingerprint == encoder.fingerprint
    small_talk = SmallTalk.beside(kb).without(knowledge.questions)
    calibration = own.calibration if own and fits else SHIPPED
    return Answerer(knowledge, encoder, calibration, small_talk, answers)
