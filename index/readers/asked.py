"""Questions on a printed page: in bold, set apart, or labelled `Q:`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.readers.draft import Piece
from index.readers.faq import is_question

LEVEL = 9  # below every real heading
MAX_QUESTION = 300

_Q = re.compile(r"\s*(?:q(?:uestion)?\s*\d*\s*[:：]|q\d*\.(?=\s))\s*", re.IGNORECASE)
_A = re.compile(r"\s*(?:a(?:nswer)?\s*\d*\s*[:：]|a\d*\.(?=\s))\s*", re.IGNORECASE)


def with_questions(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each paragraph that is a question made a heading.

    Those that begin `Q:` where an `A:` follows, the label left out; else, where no heading is a
    question, those that ask something and stand alone above an answer, if there are two or more.
    """
    labelled = [place for place, piece in enumerate(pieces) if _Q.match(piece.text)]
    if any(_A.match(piece.text) for place in labelled for piece in pieces[place + 1 : place + 2]):
        return [_unlabelled(piece) for piece in pieces]
    if any(piece.kind == "heading" and is_question(piece.text) for piece in pieces):
        return list(pieces)
    alone = {place for place in range(len(pieces) - 1) if _asks(pieces, place)}
    if len(alone) < 2:
        return list(pieces)
    return [as_question(p) if place in alone else p for place, p in enumerate(pieces)]


def is_labelled(text: str) -> bool:
    """Whether this begins as questions and answers do that have labels."""
    return bool(_Q.match(text) or _A.match(text))


def as_question(piece: Piece) -> Piece:
    """The piece as a heading of the lowest level."""
    return replace(piece, kind="heading", level=LEVEL)


def _unlabelled(piece: Piece) -> Piece:
    if label := _Q.match(piece.text):
        return as_question(replace(piece, text=piece.text[label.end() :]))
    label = _A.match(piece.text)
    return replace(piece, text=piece.text[label.end() :]) if label else piece


def _asks(pieces: Sequence[Piece], place: int) -> bool:
    piece, below = pieces[place], pieces[place + 1]
    alone = piece.kind == "paragraph" and not re.search(r"[.!?]\s", piece.text)
    asks = is_question(piece.text) and len(piece.text) <= MAX_QUESTION
    return alone and asks and not is_question(below.text) and below.kind != "heading"
