"""Numbers as a text writes them, in digits and in words, and how exact it says they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from qa.values import Token

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: number for number, word in enumerate(_ONES.split())} | {
    word: 10 * tens for tens, word in enumerate(_TENS.split(), start=2)
}
_HUNDRED = "hundred"
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LONGEST = 12  # words of one number; more are an attack

# Digits past fifteen, and those of version numbers and addresses, are no number.
_DIGITS = regex.compile(r"[-−]?(?:\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,4}|\d{1,15})(?:\.\d{1,6})?")
_SEPARATORS = regex.compile(r"[,\u00a0\u202f]")


# What stands before a number and says that it is rounded, or that it is the least or the most.
Exactness = Literal["", "about", "least", "most"]
_ROUNDED = "about around approximately approx roughly some circa c ca ~ ≈ estimated nearly almost"
_SAID: dict[str, Exactness] = {
    **dict.fromkeys([*_ROUNDED.split(), "approx .", "c .", "ca ."], "about"),
    **dict.fromkeys(["over", "above", "more than", "at least", ">"], "least"),
    **dict.fromkeys(["under", "below", "less than", "fewer than", "at most", "up to", "<"], "most"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from tokens; `after` is the place of the first token behind it.

    `step` is the worth of its last digit that is not a trailing zero: 1,000 for 34,000. `scaled` if
    a word such as "million" is part of it.
    """

    value: float
    step: float
    scaled: bool
    after: int


def number(text: str, read: Sequence[Token], place: int) -> Number | None:
    """The number that begins at one of a text's tokens, if one does."""
    token = read[place]
    if not token.text[-1].isdecimal():
        return _in_words(read, place)
    before = text[max(0, token.start - 1) : token.start]
    if before.isalnum() or before in (".", "_", "/") or not _DIGITS.fullmatch(token.text):
        return None
    written = _SEPARATORS.sub("", token.text).replace("−", "-")
    scale = _SCALES.get(read[place + 1].text, 1) if place + 1 < len(read) else 1
    after = place + 1 + (scale > 1)
    return Number(float(written) * scale, _step(written) * scale, scale > 1, after)


def _step(written: str) -> float:
    whole, _, decimals = written.partition(".")
    if decimals:
        return math.pow(10, -len(decimals))
    digits = str(abs(int(whole)))
    return math.pow(10, len(digits) - len(digits.rstrip("0"))) if digits != "0" else 1.0


def _in_words(read: Sequence[Token], place: int) -> Number | None:
    """Such as "two hundred and forty-eight thousand", as far as it is one."""
    total = part = 0
    scaled = False
    after = place
    while after < min(len(read), place + _LONGEST):
        word = read[after].text
        if word in _WORDS:
            part += _WORDS[word]
        elif word == _HUNDRED and part:
            part *= 100
        elif word in _SCALES and part:
            total, part, scaled = total + part * _SCALES[word], 0, True
        elif word not in ("-", "and") or not _goes_on(read, place, after):
            break
        after += 1
    if after == place:
        return None
    return Number(float(total + part), _step(str(total + part)), scaled, after)


def _goes_on(read: Sequence[Token], place: int, joint: int) -> bool:
    """Whether a number that began at `place` goes on behind a joint: forty - eight."""
    return place < joint < len(read) - 1 and read[joint + 1].text in _WORDS


def exactness(read: Sequence[Token], place: int) -> tuple[Exactness, int]:
    """What is said before a place of how exact a number is, and the place where that begins."""
    for count in (2, 1):
        if said := _SAID.get(words_at(read, place - count, count)):
            return said, place - count
    return "", place


def words_at(read: Sequence[Token], place: int, count: int = 1) -> str:
    """So many words from a place on; empty where the text has not so many."""
    if not 0 <= place <= len(read) - count:
        return ""
    return " ".join(token.text for token in read[place : place + count])
