"""What a person typed, and what is searched for in its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.encoder import Embedded, Encoder
from index.errors import QuestionError
from index.knowledge import Knowledge
from qa.conversation import Completed, Turn, completed
from qa.question import cleaned

History = Sequence[Mapping[str, str]]  # turns: a "role", user or assistant, and its "content"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed; `completed` where it leans on the conversation before it.

    `text` is what is searched for: whole, its typos mended, a site's synonyms in its own words.
    """

    question: str
    text: str
    completed: Completed | None = None

    @property
    def answering(self) -> str | None:
        """The completed question, where it is not the one that was typed."""
        return self.completed.answering if self.completed else None


def asked(question: str, history: History, knowledge: Knowledge) -> tuple[Asked, ...]:
    """What to search for: the question as typed and, where it may lean on the conversation, whole.

    Raises QuestionError.
    """
    typed = cleaned(question)
    turns = turns_of(history)
    whole = completed(typed, turns) if turns else None
    alone = Asked(typed, _searched(typed, knowledge))
    return (alone, Asked(typed, _searched(whole.text, knowledge), whole)) if whole else (alone,)


def turns_of(history: History) -> tuple[Turn, ...]:
    """The messages of a history. Raises QuestionError."""
    return tuple(_turn(said, number) for number, said in enumerate(history, start=1))


def _turn(said: Mapping[str, str], number: int) -> Turn:
    """One message of the history. Raises QuestionError where it is none."""
    if isinstance(said, Mapping):
        role, content = said.get("role"), said.get("content")
        if isinstance(role, str) and isinstance(content, str):
            return Turn(role, content)
    raise QuestionError(
        f"turn {number} of the history is {said!r:.60}; a turn is a role, user or assistant, and "
        'its content: {"role": "user", "content": "How long is it?"}'
    )


def _searched(text: str, knowledge: Knowledge) -> str:
    return knowledge.lexical.reworded(knowledge.speller.repaired(text).text)


def embedded(each: Sequence[Asked], encoder: Encoder) -> Iterator[Embedded]:
    """The encoded questions, in order; those that stand alone are encoded together."""
    alone = iter(encoder.embed([one.text for one in each if not one.completed], "query"))
    for one in each:
        yield _blended(one.text, one.completed, encoder) if one.completed else next(alone)


def _blended(text: str, whole: Completed, encoder: Encoder) -> Embedded:
    (_, weight), *others = whole.weighed
    return replace(whole, weighed=((text, weight), *others)).embed(encoder)
