"""One slip of the finger in a question."""

import hashlib
import random
from collections.abc import Callable, Sequence

import regex

from index.lexical import content_words

Letters = list[str]  # each with its combining marks
Slip = Callable[[Letters, int, random.Random], Letters]

# A slip in a shorter word often makes another word. Where no word has the first length, the second.
WORD_LETTERS = (5, 4)

_WORD = regex.compile(r"(?:\p{L}\p{M}*)+")
_LETTER = regex.compile(r"\X")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def slipped(question: str) -> str | None:
    """`question` with one slip in one of its longer words, the same slip every time.

    Two neighbours swapped, a letter dropped or doubled, or hit beside its key; the first letter of
    a word stays. A word that carries the topic is preferred. None where every word is too short.
    """
    found = list(_WORD.finditer(question))
    choices = next(filter(None, (_longer(found, letters) for letters in WORD_LETTERS)), None)
    if choices is None:
        return None
    chance = random.Random(_seed(question))  # noqa: S311 - nothing is kept secret
    word = chance.choice(choices)
    letters = _LETTER.findall(word[0])
    slip, places = chance.choice(_slips(letters))
    slipped_word = "".join(slip(letters, chance.choice(places), chance))
    return question[: word.start()] + slipped_word + question[word.end() :]


def _longer(found: Sequence[regex.Match], least: int) -> list[regex.Match]:
    """The words of at least so many letters: those with a topic, or all."""
    long = [word for word in found if len(_LETTER.findall(word[0])) >= least]
    return [word for word in long if content_words(word[0])] or long


def _seed(question: str) -> int:
    """A number that is the same in every process, as `hash` is not."""
    return int.from_bytes(hashlib.sha256(question.encode()).digest()[:8], "big")


def _slips(letters: Letters) -> list[tuple[Slip, list[int]]]:
    """The slips that change this word, each with the places where they do."""
    after_first = list(range(1, len(letters)))
    possible: list[tuple[Slip, list[int]]] = [
        (_swap, [i for i in after_first[:-1] if _differ(letters[i], letters[i + 1])]),
        (_drop, after_first),
        (_double, after_first),
        (_miss, [i for i in after_first if letters[i].lower() in _BESIDE]),
    ]
    return [(slip, places) for slip, places in possible if places]


def _differ(one: str, other: str) -> bool:
    return one.casefold() != other.casefold()


def _swap(letters: Letters, at: int, _: random.Random) -> Letters:
    return [*letters[:at], letters[at + 1], letters[at], *letters[at + 2 :]]


def _drop(letters: Letters, at: int, _: random.Random) -> Letters:
    return letters[:at] + letters[at + 1 :]


def _double(letters: Letters, at: int, _: random.Random) -> Letters:
    return letters[: at + 1] + letters[at:]


def _miss(letters: Letters, at: int, chance: random.Random) -> Letters:
    key = chance.choice(_BESIDE[letters[at].lower()])
    hit = key.upper() if letters[at].isupper() else key
    return [*letters[:at], hit, *letters[at + 1 :]]


def _keys_beside() -> dict[str, str]:
    """Each key of a QWERTY keyboard with those that touch it; each row is half a key further in."""
    rows = ["", *_ROWS, ""]
    return {
        key: above[at : at + 2]
        + row[max(at - 1, 0) : at]
        + row[at + 1 : at + 2]
        + below[max(at - 1, 0) : at + 1]
        for above, row, below in zip(rows, rows[1:], rows[2:], strict=False)
        for at, key in enumerate(row)
    }


_BESIDE = _keys_beside()
