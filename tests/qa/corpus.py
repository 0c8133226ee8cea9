"""Small knowledge bases written out by hand."""

from collections.abc import Sequence
from typing import Any

from index.build import assemble
from index.documents import Block, Document
from index.encoder import Encoder
from index.knowledge import Knowledge
from index.passages import Passage, split
from qa.hit import Hit, Match


def faq(id_: str, question: str, answer: str, *alternates: str, **more: Any) -> Document:
    """An FAQ entry whose answer is one paragraph."""
    blocks = (Block("paragraph", 0, len(answer)),)
    return Document(id_, "faq", question, answer, "faq.md", blocks, alternates=alternates, **more)


def article(id_: str, title: str, *paragraphs: str, **more: Any) -> Document:
    """An article of these paragraphs; short ones share a passage."""
    text, blocks = "", []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        blocks.append(Block("paragraph", len(text), len(text) + len(paragraph)))
        text += paragraph
    return Document(id_, "article", title, text, f"{id_}.md", tuple(blocks), **more)


def knowledge(encoder: Encoder, *documents: Document) -> Knowledge:
    """A knowledge base in memory."""
    return assemble(documents, encoder)[0]


def passage(document: Document) -> Passage:
    """The only passage of a document."""
    (only,) = split(document)
    return only


def hit(
    of: Passage,
    *sentences: float,
    held: Sequence[float] = (),
    score: float = 0.5,
    question: Match | None = None,
    asked: str = "",
    **more: float,
) -> Hit:
    """A hit whose sentences have these cosines and hold these shares of the question, or none."""
    shares = held or [0.0] * len(sentences)
    parts = {"dense": 0.5, "lexical": 0.0, "coverage": 0.0} | more
    none = [0.0] * len(sentences)
    matches = tuple(map(Match, sentences, shares, none, none))
    return Hit(
        passage=of, rank=1, score=score, sentences=matches, question=question, asked=asked, **parts
    )
