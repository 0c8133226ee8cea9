"""What an English question is about: its names, and the noun phrase in its subject's place.

No tagger and no list of nouns: where the words of grammar stand tells the rest.
"""

from collections.abc import Iterator, Sequence

import regex

from qa.conversation.grammar import (
    ACTING,
    ARTICLES,
    ASKING,
    BEING,
    DETERMINERS,
    HELPING,
    JOINING,
    NAMING,
    PREPOSITIONS,
    VERBS,
    Word,
    words_of,
)
from qa.conversation.persons import person_phrases

_PLACING = frozenset(["in", "at", "near", "into", "through", "across", "via"])
_CAPITAL = r"\p{Lu}\w*(?:[.'’&-]\w+)*"
_NAME = regex.compile(
    rf"{_CAPITAL}(?:(?:\b\.)?[ ](?:(?:of|the|and|de|del|di|la|van|von|bin)[ ]){{0,2}}"
    rf"(?:{_CAPITAL}|\d+\b)){{0,7}}"
)
_POSSESSIVE = regex.compile(r"['’]s?$")
# Of them as of "you" nothing is asked, and by these no thing is called.
_GENERAL = frozenset(["people", "i", "you", "we", "one"])
_ABSTRACT = frozenset(
    ["year", "time", "day", "date", "kind", "type", "sort", "way", "place", "part"]
)
_LINKING = frozenset(["of", "between"])
_IN_TITLES = (ARTICLES | PREPOSITIONS | JOINING) - {"to"}
# Titles and search words are about as long as this; longer ones are sentences.
_TITLE_WORDS = 8


def names(text: str) -> list[str]:
    """The names in a text, in order: runs of capitalised words; none where all is in capitals."""
    shouted = text.isupper() and len(words_of(text)) > 2
    return [] if shouted else list(_names(text))


def places(text: str) -> list[str]:
    """The names behind "in" and the like: nobody whom "he" or "she" could stand for."""
    found = []
    for name in names(text):
        before = words_of(text[: text.index(name)])[-1:]
        if before and before[0].low in _PLACING:
            found.append(name)
    return found


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        words = words_of(match[0])
        while words and not (words[0].tells and words[0].text[0].isupper()):
            words.pop(0)
        if words and (len(words) > 1 or words[0].start or not _opens_sentence(text, match)):
            yield _POSSESSIVE.sub("", match[0][words[0].start :])


def _opens_sentence(text: str, match: "regex.Match[str]") -> bool:
    """Whether its capital may be that of a sentence: so in "Speaking of it", not in "Ito was"."""
    if text[: match.start()].rstrip(' "“(')[-1:] not in ("", ".", "!", "?", ":"):
        return False
    follows = words_of(text[match.end() : match.end() + 20])[:1]
    if not follows:
        return text.endswith("?")
    return follows[0].text.islower() and follows[0].low not in VERBS


def subject(text: str) -> str:
    """What a question or a title is about; empty where no noun phrase says so.

    Neither a time is, nor a word that is no noun: of "are you open on Sundays?" nothing is.
    """
    found = _subject(text, words_of(text))
    return found if any(w.tells and not w.timed for w in words_of(found)) else ""


def _subject(text: str, words: Sequence[Word]) -> str:
    if len(words) <= _TITLE_WORDS and all(w.tells or w.low in _IN_TITLES for w in words):
        return _title(text)
    if found := subject_in_place(text) or _asked_for(text, words):
        return found
    last = _last_object(text, words)
    named = last if names(last) else next(iter(names(text)), "")
    if named and (persons := person_phrases(text[: text.index(named)])):
        return persons[0]
    return named or last or _object(text, words)


def _title(text: str) -> str:
    bare = text.split(" (")[0]
    telling = [word for word in words_of(bare) if word.tells]
    return bare[telling[0].start : telling[-1].end] if telling else ""


def subject_in_place(question: str) -> str:
    """The noun phrase after the first helping verb: "when did [the king] die"; empty if none is."""
    words = words_of(question)
    verb = next((i for i, word in enumerate(words) if word.low in VERBS), None)
    if verb is None or _asks_for_subject(words, verb):
        return ""
    first = verb + 1
    start = first + (first < len(words) and words[first].low in DETERMINERS)
    end = run_end(question, words, start)
    if end == start:
        return ""
    if words[verb].low in HELPING and (name := _name_at(question, words, first, start)):
        return name
    end = _subject_end(words, verb, start, end)
    if end == start:
        return ""
    return _linked(question, words, end) or question[words[first].start : words[end - 1].end]


def _asks_for_subject(words: Sequence[Word], verb: int) -> bool:
    """Whether what stands before the verb is its subject: "which of them is", "what films were"."""
    before = [word.low for word in words[:verb]]
    if "which" in before:
        return True
    being = words[verb].low in BEING and "how" not in before
    return being and len(before) > 1 and words[verb - 1].tells


def _name_at(text: str, words: Sequence[Word], first: int, start: int) -> str:
    """The name at a place; nothing where it leads to a noun as in "did the Oban ferry sink"."""
    place = words[start].start
    name = next((name for name in names(text) if text.startswith(name, place)), "")
    end = start + len(words_of(name))
    modifies = start > first and not name.endswith("s") and phrase_end(text, words, start) > end + 1
    return "" if modifies else name and text[words[first].start : place] + name


def _subject_end(words: Sequence[Word], verb: int, start: int, end: int) -> int:
    """Where the subject that begins at `start` ends, in a run of words that ends at `end`."""
    found = noun_end(words, start, end)
    described = end > start and not words[end - 1].names_thing
    told = described or _acts(words, start, end)
    return (
        found
        if told
        else noun_end(words, start, end - _ends_in_predicate(words, verb, end - start))
    )


def _acts(words: Sequence[Word], start: int, end: int) -> bool:
    return any(word.low in ACTING for word in words[start + 1 : end])


def noun_end(words: Sequence[Word], start: int, end: int) -> int:
    """Where a run of words ends as a noun phrase: before a verb, and with a noun."""
    acting = (place for place in range(start + 1, end) if words[place].low in ACTING)
    end = next(acting, end)
    while end > start and not words[end - 1].names_thing:
        end -= 1
    return end


def phrase_end(text: str, words: Sequence[Word], start: int) -> int:
    """Where the noun phrase that begins at `start` ends; there where none does."""
    return noun_end(words, start, run_end(text, words, start))


def _asked_for(text: str, words: Sequence[Word]) -> str:
    """What is asked for of people in general: [the route] of "which route do people take"."""
    lows = [word.low for word in words]
    counted = lows[:2] == ["how", "many"]
    if not counted and lows[:1] not in (["which"], ["what"]):
        return ""
    start = 2 if counted else 1
    end = phrase_end(text, words, start)
    if end == start or lows[end - 1] in _ABSTRACT or not HELPING & set(lows[end : end + 1]):
        return ""
    noun = text[words[start].start : words[end - 1].end]
    general = _GENERAL & set(lows[end + 1 : end + 2])
    return (noun if counted else f"the {noun}") if general else ""


def _object(text: str, words: Sequence[Word]) -> str:
    """What somebody does it to: [e-books] of "do you lend e-books"."""
    for place in range(len(words) - 3):
        if words[place].low in HELPING and words[place + 1].low in _GENERAL:
            first = place + 3
            start = first + (words[first].low in DETERMINERS)
            end = phrase_end(text, words, start)
            bare = start == first
            if end > start and not (bare and (words[start].low in ACTING or gerund(words[start]))):
                return text[words[first].start : words[end - 1].end]
    return ""


def _ends_in_predicate(words: Sequence[Word], verb: int, length: int) -> bool:
    """Whether the last of the `length` telling words behind the helping verb goes with it.

    So in "how does solar power work" and "why are steroids banned", not in "what is solar power".
    """
    if words[verb].low in HELPING:
        return True
    return length > 1 and (verb == 0 or words[verb - 1].low in ASKING - NAMING)


def _linked(text: str, words: Sequence[Word], end: int) -> str:
    """What follows in "the benefits of [cow milk]"; empty where nothing does."""
    if end + 1 >= len(words) or words[end].low not in _LINKING:
        return ""
    first = end + 1
    start = first + (words[first].low in DETERMINERS)
    end = phrase_end(text, words, start)
    return text[words[first].start : words[end - 1].end] if end > start else ""


def run_end(text: str, words: Sequence[Word], start: int) -> int:
    """Where the telling words that begin at `start` end; only white space stands between them."""
    end = start
    while end < len(words) and words[end].tells:
        if end > start and text[words[end - 1].end : words[end].start].strip():
            break
        end += 1
    return end


def last_object(text: str) -> str:
    """The last phrase behind an article or a preposition."""
    return _last_object(text, words_of(text))


def _last_object(text: str, words: Sequence[Word]) -> str:
    for place in reversed(range(len(words) - 1)):
        if words[place].low in DETERMINERS | PREPOSITIONS - {"to"}:
            end = phrase_end(text, words, place + 1)
            first = place + (words[place].low not in DETERMINERS)
            bare = first > place
            half = any(word.low in JOINING for word in words[end : end + 1])  # of "salt and pepper"
            if end > place + 1 and not (bare and (half or gerund(words[first]))):
                return text[words[first].start : words[end - 1].end]
    return ""


def gerund(word: Word) -> bool:
    """Of "defecting": whether it is an action where no article makes it a thing."""
    return word.text.islower() and len(word.low) > 5 and word.low.endswith("ing")
