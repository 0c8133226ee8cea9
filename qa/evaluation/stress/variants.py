"""A question as others might type it: each variant of a text, or None where it has none."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType

import regex

from index.errors import QuestionError
from index.lexical import content_words, words
from qa.evaluation.stress.negation import negated
from qa.evaluation.stress.typo import slipped
from qa.question import cleaned

Variant = Callable[[str], str | None]

_ENDING = r"[\p{Terminal_Punctuation}…]"
_ENCLOSING = r"[[\p{Quotation_Mark}\p{Ps}\p{Pe}]--['’]]"
_INVERTED = regex.compile(r"[¿¡]*")
_OPENING = regex.compile(rf"^(?:(?:[¿¡'’]|{_ENCLOSING})\p{{M}}*)+", regex.VERSION1)
_CLOSING = regex.compile(rf"(?:(?:{_ENDING}|['’]|{_ENCLOSING})\p{{M}}*)+$", regex.VERSION1)
_LAST_MARKS = regex.compile(rf"(?:\s*{_ENDING}\p{{M}}*)+$", regex.VERSION1)
_APOSTROPHE = regex.compile(r"(?<=\p{L}\p{M}*)['’](?=\p{L})")
# A mark that stands for itself inside a number or a name stays: 1,000, 10:30, example.com.
_MARK = regex.compile(
    rf"(?!(?<=\p{{N}})[.,:'’](?=\p{{N}}))(?!(?<=\p{{L}})\.(?=\p{{L}}))"
    rf"(?:{_ENDING}|{_ENCLOSING}|['’¿¡]|[\p{{Pd}}--[-‐‑]]|(?<!\w)[-‐‑]+(?!\w))\p{{M}}*",
    regex.VERSION1,
)
_SHORT_FORM = regex.compile(r"['’](?:s|m|re|ll|ve|d)$", regex.IGNORECASE)
_WORDY = regex.compile(r"[\p{L}\p{N}]")


def _another(make: Variant) -> Variant:
    """`make` for the question as it is asked; None where nothing else can be asked."""

    @wraps(make)
    def made(question: str) -> str | None:
        try:
            asked = cleaned(question)
            other = make(asked)
            return None if other is None or cleaned(other) == asked else cleaned(other)
        except QuestionError:
            return None

    return made


@_another
def typo(question: str) -> str | None:
    """One slip of the finger, as `typo.slipped` makes it."""
    return slipped(question)


@_another
def keywords(question: str) -> str | None:
    """Its topic alone: "When does the shop open?" → "shop open". At least two words are left."""
    kept = topic(question)
    left_out = len(words(" ".join(kept))) < len(words(question))
    return " ".join(kept) if left_out and len(kept) > 1 else None


@_another
def lower_case(question: str) -> str | None:
    """All of it in small letters."""
    return question.lower()


@_another
def no_punctuation(question: str) -> str | None:
    """Without marks: "Don't ask, why?" → "Dont ask why"."""
    bare: str = _MARK.sub(" ", _APOSTROPHE.sub("", question))
    return bare


@_another
def word_order(question: str) -> str | None:
    """The second half first: "How do I return a parcel?" → "return a parcel How do I?"."""
    start: int = _INVERTED.match(question).end()
    last_marks = _LAST_MARKS.search(question, start)
    end: int = last_marks.start() if last_marks else len(question)
    tokens = question[start:end].split()
    if sum(bool(_WORDY.search(token)) for token in tokens) < 4:
        return None
    half = len(tokens) // 2
    turned: str = _LAST_MARKS.sub("", " ".join(tokens[half:] + tokens[:half]))
    return question[:start] + turned + question[end:]


@_another
def negation(question: str) -> str | None:
    """Its opposite, as `negation.negated` makes it."""
    return negated(question)


def topic(text: str) -> list[str]:
    """The words of a text that carry its topic, as they are spelled, without marks around them.

    A word that negates is among them, since it changes what is asked, and so is an abbreviation
    that reads like a word of grammar: IT, US.
    """
    bare = (_CLOSING.sub("", _OPENING.sub("", token)) for token in text.split())
    return [word for word in bare if _has_topic(word, shouted=text.isupper())]


def _has_topic(word: str, *, shouted: bool) -> bool:
    abbreviation = len(word) > 1 and word.isupper() and not shouted
    return abbreviation or bool(content_words(_SHORT_FORM.sub("", word)))


KINDS: Mapping[str, Variant] = MappingProxyType(
    {
        "typo": typo,
        "keywords": keywords,
        "lower case": lower_case,
        "no punctuation": no_punctuation,
        "word order": word_order,
        "negation": negation,
    }
)
"""Kind, as a content editor reads it → what makes it."""

ENGLISH_ONLY = frozenset({"keywords", "negation"})
"""Kinds that know English words and would make nonsense of other languages."""
