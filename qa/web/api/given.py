"""The answers that were given lately: what feedback may be about."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from qa.answer import Answer

# A few megabytes; a reader's verdict comes within minutes.
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """What the journal keeps of an answer: what was asked, and what it rests on or offered."""

    question: str
    generation: str
    passages: tuple[str, ...]


class GivenAnswers:
    """The last answers by their ids. Safe to share between threads."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, Given] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer) -> None:
        """Let feedback be about this answer."""
        stand = answer.citations or answer.choices
        passages = tuple(one.passage for one in stand)
        with self._lock:
            self._given[answer.id] = Given(answer.question, answer.generation, passages)
            if len(self._given) > REMEMBERED:
                self._given.popitem(last=False)

    def get(self, answer_id: str) -> Given | None:
        """What is known of the answer; None for one that was not given here, or long ago."""
        return self._given.get(answer_id)
