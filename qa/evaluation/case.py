"""What an evaluation asks, and what it expects of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.documents import Document

Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before a question, and by whom."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is expected of its answer.

    `sources` maps the ids of the documents, passages or files that answer it to a grade of 1 or
    more; `answers` are gold answers, any of which will do; both are empty where none is labelled.
    `answerable` is None where the set does not say. `kind` is how the question was made, `like` the
    id of the case it was made from, both for stress sets. `line` is where it stands in its file.
    """

    id: str
    question: str
    sources: Mapping[str, int] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    tags: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    kind: str = ""
    like: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if any(grade < 1 for grade in self.sources.values()):
            raise ValueError(f"{self.id}: a source that answers has a grade of 1 or more")

    @property
    def expects_answer(self) -> bool | None:
        """Whether the sources should answer it; None where neither label nor source says so."""
        if self.answerable is None and (self.sources or self.answers):
            return True
        return self.answerable


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Cases in the order of their file, under ids of their own.

    `documents` is the corpus of a set that brings its own (BEIR, SQuAD), else empty. `notes` says
    what was not read, a line each; `file` names where the cases stand, for messages.
    """

    name: str
    file: str
    cases: tuple[Case, ...]
    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()
