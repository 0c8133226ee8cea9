"""What an English question is about: its names, and the noun phrase in its subject's place.

No tagger and no list of nouns: where the words of grammar stand tells the rest.
"""

from collections.abc import Iterator, Sequence

import regex

from qa.conversation.grammar import (
    ARTICLES,
    ASKING,
    BEING,
    HELPING,
    JOINING,
    NAMING,
    PREPOSITIONS,
    VERBS,
    Word,
    words_of,
)

_CAPITAL = r"\p{Lu}\w*(?:[.'’&-]\w+)*"
_NAME = regex.compile(
    rf"{_CAPITAL}(?:(?:\b\.)?[ ](?:(?:of|the|and|de|del|di|la|van|von|bin)[ ]){{0,2}}"
    rf"(?:{_CAPITAL}|\d+\b)){{0,7}}"
)
_POSSESSIVE = regex.compile(r"['’]s?$")
_LINKING = frozenset(["of", "between"])
_IN_TITLES = (ARTICLES | PREPOSITIONS | JOINING) - {"to"}
# Titles and search words are about as long as this; longer ones are sentences.
_TITLE_WORDS = 8


def names(text: str) -> list[str]:
    """The names in a text, in order: runs of capitalised words; none where all is in capitals."""
    shouted = text.isupper() and len(words_of(text)) > 2
    return [] if shouted else list(_names(text))


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
    """What a question or a title is about; empty where none of its words says so."""
    words = words_of(text)
    if len(words) <= _TITLE_WORDS and all(w.tells or w.low in _IN_TITLES for w in words):
        return _title(text)
    if found := subject_in_place(text):
        return found
    last = _last_object(text, words)
    return last if names(last) else next(iter(names(text)), last)


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
    start = first + (first < len(words) and words[first].low in ARTICLES)
    end = run_end(question, words, start)
    if end == start:
        return ""
    if words[verb].low in HELPING and (name := _name_at(question, words[start].start)):
        return question[words[first].start : words[start].start] + name
    end -= _ends_in_predicate(words, verb, end - start)
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


def _name_at(text: str, start: int) -> str:
    return next((name for name in names(text) if text.startswith(name, start)), "")


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
    start = first + (words[first].low in ARTICLES)
    end = run_end(text, words, start)
    return text[words[first].start : words[end - 1].end] if end > start else ""


def run_end(text: str, words: Sequence[Word], start: int) -> int:
    """Where the telling words that begin at `start` end; only white space stands between them."""
    end = start
    while end < len(words) and words[end].tells:
        if end > start and text[words[end - 1].end : words[end].start].strip():
            break
        end += 1
    return end


def _last_object(text: str, words: Sequence[Word]) -> str:
    """The last phrase behind an article or a preposition."""
    for place in reversed(range(len(words) - 1)):
        if words[place].low in ARTICLES | PREPOSITIONS - {"to"}:
            end = run_end(text, words, place + 1)
            if end > place + 1:
                first = place + (words[place].low not in ARTICLES)
                return text[words[first].start : words[end - 1].end]
    return ""
