"""Questions of a few words that change the last one: "and how wide?", "why?", "what about X?"."""

from collections.abc import Sequence

from index.sentences import sentence_spans
from qa.conversation.grammar import (
    ASKING,
    BEING,
    DAYS,
    DETERMINERS,
    HELPING,
    NAMING,
    PREPOSITIONS,
    VERBS,
    Word,
    words_of,
)
from qa.conversation.phrases import gerund, last_object

_OPENERS = frozenset(["and", "but", "or", "so", "then", "also", "ok", "okay"])
_ABOUT = (["what", "about"], ["how", "about"])
_BARE = ASKING | PREPOSITIONS | {"so", "not"}
# What "how" and one of these ask is how something is done, not how something is.
_MEASURES = frozenset(["long", "often", "far", "soon", "ahead", "early", "late", "times"])
_ADVERBIAL = frozenset(["when", "where", "how", "why"])


def parts(message: str) -> tuple[str, str, str]:
    """What opens a message, its first question, or else its last sentence, and what follows."""
    spans = sentence_spans(message)
    questions = (span for span in spans if _asks(message[span[0] : span[1]]))
    start, end = next(questions, spans[-1])
    return message[:start], message[start:end], message[end:]


def _asks(sentence: str) -> bool:
    """Whether it is a question and more than "Really?"."""
    return sentence.endswith("?") and len(words_of(sentence)) > 1


def instead_asked(question: str) -> str:
    """X of "what about X?" and of "and X?"; empty for other questions."""
    words = _unopened(question)
    opened = len(words) < len(words_of(question))
    lows = [word.low for word in words]
    if lows[:2] in _ABOUT:
        words = words[2:]
    elif not (opened or _time_alone(words)) or ASKING & set(lows):
        return ""
    if any(low in VERBS for low in lows) or not any(word.tells for word in words):
        return ""
    return question[words[0].start : words[-1].end]


def _time_alone(words: Sequence[Word]) -> bool:
    """Of "on Monday?"."""
    return len(words) > 1 and words[0].low in PREPOSITIONS and words[-1].timed


def instead_subject(question: str) -> str:
    """What "what about X?" makes the subject: X if it is a noun phrase, not "on Sundays"."""
    other = instead_asked(question)
    words = words_of(other)
    thing = bool(words) and words[0].low not in PREPOSITIONS and not words[-1].timed
    return other if thing and words[-1].names_thing else ""


def filled(question: str, last: str, subject: str) -> str:
    """A fragment as the whole question that it stands for; empty where `question` is none.

    `last` is the question before it, and `subject` what that was about or empty.
    """
    asked, last = asks(last), last.rstrip("?. ")
    if other := instead_asked(question):
        return _about_other(other, last if asked else "", subject)
    words = _unopened(question)
    lows = [word.low for word in words]
    if not lows or any(low in VERBS for low in lows):
        return ""
    asking = question[words[0].start : words[-1].end]
    if lows[0] == "how" and lows[1:] and lows[-1] != "about":
        return _measured(asking, lows[1:], last, subject)
    if ASKING & set(lows) and all(low in _BARE | _MEASURES for low in lows):
        whole = _asked_anew(asking, last)
        return whole or ("" if measures(question) or not asked else f"{asking} ({_lowered(last)})?")
    return ""


def measures(question: str) -> bool:
    """Whether it is a bare "how often?", which makes no sense beside a noun."""
    lows = {word.low for word in _unopened(question)}
    asked = lows & (_MEASURES | {"many"})
    return "how" in lows and bool(asked) and lows <= _BARE | asked


def asks(last: str) -> bool:
    """Whether it is a question that may be asked about another time or place."""
    return last.endswith("?") or any(w.low in ASKING | VERBS for w in words_of(last)[:1])


def _unopened(question: str) -> list[Word]:
    """Its words without an opening "and" or "but"."""
    words = words_of(question)
    return words[1:] if words and words[0].low in _OPENERS else words


def _measured(asking: str, measure: Sequence[str], last: str, subject: str) -> str:
    """Of "how wide?", "how long?", "how far ahead?", "how much?", "how many?"."""
    manner = [word.low in HELPING for word in words_of(last)[1:2]] == [True]
    if measure == ["long"] and manner and last[:3].lower() == "how":
        return ""
    if measure[0] in _MEASURES and (whole := _asked_anew(asking, last)):
        return whole
    if not subject or len(measure) > 1 or measure[0] in ("come", "so", "not"):
        return ""
    if measure[0] == "many":
        return f"{asking} {subject}?" if _several(subject) else ""
    if measure[0] in _MEASURES and (measure[0] != "long" or _several(subject)):
        return ""
    being = "are" if _several(subject) else "is"
    return f"{asking} {_being(words_of(last)) if measure[0] != 'much' else being} {subject}?"


def _several(subject: str) -> bool:
    """Whether it is a bare plural, as "tickets"."""
    return _bare(subject) and subject.endswith("s")


def _bare(phrase: str) -> bool:
    """Whether no determiner leads it and it is no name, as "parking"."""
    named = phrase[:1].isupper() and not phrase[:2].isupper()  # unlike "DVDs"
    return not named and words_of(phrase)[0].low not in DETERMINERS


def _alike(known: str, other: str) -> bool:
    return _bare(known) == _bare(other) and not words_of(known)[-1].timed


def _about_other(other: str, last: str, subject: str) -> str:
    """The last question about another: "is it open on Sundays?", "and on Mondays?".

    A thing takes the place of its like alone: "tickets" that of "maps", not that of "the boat".
    """
    words = words_of(other)
    if words[-1].timed:
        return _at_other_time(words, other, last)
    if words[0].low in PREPOSITIONS:
        kept = last.rpartition(f" {words[0].text} ")[0] or last
        return f"{kept} {other}?" if last else ""
    like = not any(word.low in PREPOSITIONS for word in words) and not gerund(words[0])
    for known in (subject, last_object(last)):
        if like and known and known in last and _alike(known, other):
            return f"{last.replace(known, other, 1)}?"
    return f"What about {other} ({subject})?" if subject else ""


def _at_other_time(words: Sequence[Word], other: str, last: str) -> str:
    """The last question about another time, in the place of the time that it has."""
    if not last:
        return ""
    bare = (
        other if words[0].low not in PREPOSITIONS else other[words[1].start :] if words[1:] else ""
    )
    kept = words_of(last)
    kind = words[-1].time_kind
    time = next((word for word in reversed(kept) if word.time_kind == kind), None)
    if not time:
        day = words[0].low in DAYS
        return f"{last} {'on ' if day else ''}{other}?"
    if bare == other and words[0].low not in DAYS and not other.isdecimal():
        before = next((w for w in kept if w.end == time.start - 1), time)
        start = before.start if before.low in PREPOSITIONS else time.start
        return f"{last[:start]}{other}{last[time.end :]}?"
    return f"{last[: time.start]}{bare}{last[time.end :]}?"


def _being(words: Sequence[Word]) -> str:
    """The form of "to be" that the last question has."""
    return next((word.low for word in words if word.low in BEING and "'" not in word.low), "is")


def _asked_anew(asking: str, last: str) -> str:
    """The last question with "when" for "where" and the like; empty where it allows none."""
    words = words_of(last)
    verb = next((i for i, word in enumerate(words) if word.low in VERBS), None)
    if verb is None or (verb and words[0].low not in _ADVERBIAL):
        return ""
    if any(word.low not in _BARE | _MEASURES or word.low in NAMING for word in words[:verb]):
        return ""
    return f"{asking} {_lowered(last[words[verb].start :])}?"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
