"""Why a question was answered or not, in a sentence, and what an editor can do about it."""

from dataclasses import dataclass

from qa.answerer import Explained
from qa.hit import Hit

# An entry whose question is at least this near (cosine) is likely about the same; a judgement.
_SAME_MATTER = 0.5


@dataclass(frozen=True, slots=True)
class Advice:
    """`why`, and `fix`: what to do where that is not what was wanted."""

    why: str
    fix: str


def advice(explained: Explained) -> Advice:
    """The sentence that says what decided, and the next step."""
    answer, line = explained.answer, explained.answer_from
    if answer.reply:
        return Advice(
            "It took this for small talk, which gets a reply of its own.",
            "If it is a question for the sources, write an entry that asks it in more words.",
        )
    if not explained.hits:
        return Advice("It did not answer, for nothing was found.", _WRITE)
    best, sure = surest(explained)
    reached = f"the confidence in no. {best.rank} is {sure:.2f}"
    if answer.answered:
        why = f"It answered, for {reached}, and it answers from {line:.2f}."
        return Advice(why, _ANSWERED)
    if answer.status == "ask_back":
        why = f"It asked back, for {reached}, short of {line:.2f}, and several entries come near."
        return Advice(why, _alternate(answer.question, answer.choices[0].text))
    return Advice(
        f"It did not answer, for {reached}, and it answers from {line:.2f}.", _fix(best, explained)
    )


_WRITE = "Write an entry, or an article, that says it."
_ANSWERED = (
    "If another entry should have answered, add this question to it as an alternate question; "
    "if none should have, write an entry that says so."
)


def surest(explained: Explained) -> tuple[Hit, float]:
    """The hit that comes nearest to answering, and the confidence in it."""
    sure = max(explained.confidences)
    return explained.hits[explained.confidences.index(sure)], sure


def _fix(best: Hit, explained: Explained) -> str:
    """The smallest change that would answer: a word, a wording, or the entry that is missing."""
    answer = explained.answer
    if answer.not_found and len(answer.not_found) < len(answer.looked_for):
        words = ", ".join(f"“{word}”" for word in answer.not_found)
        return (
            f"No source mentions {words}. If the sources have another word for it, put both on a "
            f"line of synonyms.txt; if they don't have the matter at all, write an entry."
        )
    if best.question is not None and best.question.cosine >= _SAME_MATTER:
        return _alternate(answer.question, best.passage.title)
    return _WRITE


def _alternate(question: str, entry: str) -> str:
    return (
        f"If “{entry}” is what was meant, write below its heading: Also asked as: {question} "
        f"If it is not, write an entry that answers this."
    )
