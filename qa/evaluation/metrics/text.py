"""How near a text is to the gold answers, word by word, after SQuAD (Rajpurkar et al. 2016).

The best of several gold answers counts. One without a word, such as "?" or "the", never matches.
All measures raise ValueError where there is no gold answer at all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator

from index.lexical import words

_ARTICLES = frozenset({"a", "an", "the"})

# Between groups of three digits: commas, apostrophes, and the spaces that do not break a line. Not
# the ordinary space, which also parts two numbers, nor the point, which also marks decimals.
_GROUPING = ",，'’\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_GROUPED = re.compile(
    rf"(?<![\d.{_GROUPING}])\d{{1,3}}(?:[{_GROUPING}]\d{{3}})+(?![{_GROUPING}]?\d)"
)
_NO_GROUPING = str.maketrans("", "", _GROUPING)
# One point or comma within digits. Of two or more, as in 1.5.2024, each part stays a word.
_DECIMAL = re.compile(r"((?<![\d.,])\d+[.,]\d+(?![.,]?\d))")
_LETTER = r"[^\W\d_]"
_DOTTED = re.compile(rf"(?<!\w){_LETTER}(?:\.{_LETTER})+(?!\w)")  # U.S., a.m.


def normalised(text: str) -> list[str]:
    """The words of a text in order, so that equal answers are equal lists; may be empty.

    Case, punctuation and compatibility forms (NFKC) make no difference and English articles are
    dropped, as in SQuAD; scripts without spaces give a word a character. Unlike there, a mark parts
    two words ("well-known" is two) except in a number and between single letters: "34,000" is
    "34000", "3,5" is "3.5" and not "35", "a.m." is "am".
    """
    plain = _GROUPED.sub(lambda number: number[0].translate(_NO_GROUPING), text)
    plain = unicodedata.normalize("NFKC", plain)
    plain = _DOTTED.sub(lambda letters: letters[0].replace(".", ""), plain)
    found: list[str] = []
    for place, piece in enumerate(_DECIMAL.split(plain)):  # every second one is a decimal
        found += [piece.replace(",", ".")] if place % 2 else words(piece)
    return [word for word in found if word not in _ARTICLES]


def exact_match(text: str, answers: Collection[str]) -> bool:
    """Whether the text is one of the answers and no more: SQuAD's EM."""
    said = normalised(text)
    return any(said == gold for gold in _worded(answers))


def token_f1(text: str, answers: Collection[str]) -> float:
    """The harmonic mean of precision and recall of the text's words, 0 to 1: SQuAD's F1.

    A word counts as often as both have it.
    """
    said = normalised(text)
    scores = (2 * _shared(said, gold) / (len(said) + len(gold)) for gold in _worded(answers))
    return max(scores, default=0.0)


def holds(text: str, answers: Collection[str]) -> bool:
    """Whether the words of any of the answers stand in the text, in order and side by side."""
    said = _spaced(normalised(text))
    return any(_spaced(gold) in said for gold in _worded(answers))


def _worded(answers: Collection[str]) -> Iterator[list[str]]:
    """The words of each answer that has any."""
    if not answers:
        raise ValueError("no gold answer to hold the text against; leave this case out")
    return filter(None, map(normalised, answers))


def _shared(said: list[str], gold: list[str]) -> int:
    return (Counter(said) & Counter(gold)).total()


def _spaced(some_words: list[str]) -> str:
    return f" {' '.join(some_words)} "
