"""What a person typed, made fit to search: cleaned, bounded, or refused with a reason."""

import re
import unicodedata

from index.errors import QuestionError

MAX_CHARS = 500  # a question is a sentence or two; longer text is pasted by mistake or in malice
_JOINERS = "\u200c\u200d "  # part of how Persian, Hindi and others are written
_MARKS = re.compile(r"([\u0300-\u036f\u0483-\u0489]{3})[\u0300-\u036f\u0483-\u0489]+")


def cleaned(question: str) -> str:
    """`question` in NFC on one line, without controls and invisible characters.

    Raises QuestionError if it is no text or nothing is left of it, if it is longer than MAX_CHARS
    or holds half of a character (a lone surrogate).
    """
    if not isinstance(question, str):
        raise QuestionError(f"a question is text, not {type(question).__name__}")
    if len(question) > 20 * MAX_CHARS:  # before any work on it
        raise QuestionError(_too_long(len(question)))
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("the question holds a broken character; type it again")
    visible = unicodedata.normalize("NFC", "".join(map(_shown, question)))
    text = " ".join(_MARKS.sub(r"\1", visible).split())
    if not text.strip(_JOINERS):
        raise QuestionError("the question is empty; type one")
    if len(text) > MAX_CHARS:
        raise QuestionError(_too_long(len(text)))
    return text


def _shown(character: str) -> str:
    """White space as a space, nothing for controls, zero-width and direction marks."""
    if character in _JOINERS:
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") else character


def _too_long(length: int) -> str:
    return f"the question has {length:,} characters, at most {MAX_CHARS} are read; shorten it"
