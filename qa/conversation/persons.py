"""The persons of an English text, for whom "he" or "she" may stand."""

from collections.abc import Iterator

from qa.conversation.grammar import DETERMINERS, Word, word_set, words_of

_PERSONS = word_set(
    "man woman boy girl child kid baby son daughter husband wife partner mother father mum dad"
    " parent brother sister uncle aunt cousin grandmother grandfather friend neighbour neighbor"
    " guest visitor customer client member user patient student pupil teacher professor doctor"
    " nurse dentist surgeon lawyer judge officer soldier guard sailor captain pilot driver keeper"
    " farmer fisherman baker cook chef waiter butcher builder plumber engineer scientist"
    " researcher author writer poet painter artist actor actress singer musician composer director"
    " producer coach player manager boss owner founder chairman president minister mayor king"
    " queen prince princess emperor pope priest bishop monk librarian clerk secretary assistant"
    " worker employee colleague tenant landlord refugee prisoner suspect victim witness"
    " thief killer murderer hero candidate applicant inventor explorer leader spokesman"
)
_REACH = 4  # words from "the" to its noun, as in "the first two young soldiers"


def person(phrase: str) -> bool:
    """Whether a noun phrase is of a person, by its last word: "the young keeper", not "Ada"."""
    return any(word.low in _PERSONS for word in words_of(phrase)[-1:])


def person_phrases(text: str) -> list[str]:
    """The persons that a text names by a noun, in order, as ones already known: "the keeper"."""
    return list(_phrases(text, words_of(text)))


def _phrases(text: str, words: list[Word]) -> Iterator[str]:
    for place, word in enumerate(words):
        if word.low not in DETERMINERS:
            continue
        for last in range(place + 1, min(place + 1 + _REACH, len(words))):
            if text[words[last - 1].end : words[last].start].strip():
                break
            if words[last].low in _PERSONS:
                determiner = "the" if word.low in ("a", "an", "the") else word.low
                yield f"{determiner} {text[words[place + 1].start : words[last].end]}"
            if not words[last].tells or words[last].low in _PERSONS:
                break
