"""Questions of a few words that change the last one: "and how wide?", "why?", "what about X?"."""

from collections.abc import Sequence

from index.sentences import sentence_spans
from qa.conversation.grammar import ASKING, BEING, PREPOSITIONS, VERBS, Word, words_of

_OPENERS = frozenset(["and", "but", "or", "so", "then", "also", "ok", "okay"])
_ABOUT = (["what", "about"], ["how", "about"])
_BARE = ASKING | PREPOSITIONS | {"so", "not"}
_UNMEASURED = frozenset(["many", "much", "often", "so", "come", "about", "not"])  # after "how"
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
    elif not opened or ASKING & set(lows):
        return ""
    if any(low in VERBS for low in lows) or not any(word.tells for word in words):
        return ""
    return question[words[0].start : words[-1].end]


def filled(question: str, last: str, subject: str) -> str:
    """A fragment as the whole question that it stands for; empty where `question` is none.

    `last` is the question before it and `subject` what that was about.
    """
    if other := instead_asked(question):
        return _about_other(other, last.rstrip("?. "), subject)
    words = _unopened(question)
    lows = [word.low for word in words]
    if not lows or any(low in VERBS for low in lows):
        return ""
    asking = question[words[0].start : words[-1].end]
    if len(lows) == 2 and lows[0] == "how" and lows[1] not in _UNMEASURED:
        return f"{asking} {_being(words_of(last))} {subject}?"
    if ASKING & set(lows) and all(low in _BARE for low in lows):
        return _asked_anew(asking, last.rstrip("?. "))
    return ""


def _unopened(question: str) -> list[Word]:
    """Its words without an opening "and" or "but"."""
    words = words_of(question)
    return words[1:] if words and words[0].low in _OPENERS else words


def _about_other(other: str, last: str, subject: str) -> str:
    """The last question about another: "is it open on Sundays?", "and on Mondays?"."""
    first = words_of(other)[0]
    if first.low in PREPOSITIONS:
        kept = last.rpartition(f" {first.text} ")[0] or last
        return f"{kept} {other}?"
    if subject in last:
        return f"{last.replace(subject, other, 1)}?"
    return f"What about {other} ({subject})?"


def _being(words: Sequence[Word]) -> str:
    """The form of "to be" that the last question has."""
    return next((word.low for word in words if word.low in BEING and "'" not in word.low), "is")


def _asked_anew(asking: str, last: str) -> str:
    """The last question with "when" for "where" and the like; beside it where it allows none."""
    words = words_of(last)
    verb = next((i for i, word in enumerate(words) if word.low in VERBS), None)
    if verb == 0 or (verb == 1 and words[0].low in _ADVERBIAL):
        return f"{asking} {_lowered(last[words[verb].start :])}?"
    return f"{asking} ({_lowered(last)})?" if words else ""


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
