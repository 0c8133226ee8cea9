"""Each alternate question of the FAQ left out in turn and asked: does its entry still come?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.documents import Document
from index.errors import QuestionError
from qa.evaluation.case import Case
from qa.question import cleaned

KIND = "alternate left out"


@dataclass(frozen=True, slots=True)
class Round:
    """What is asked together. `documents` are all there are, without the questions of `cases`."""

    number: int
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]


def rounds(documents: Sequence[Document]) -> Iterator[Round]:
    """In round r, from 1, the r-th alternate of each entry that has one is asked.

    An alternate tells nothing, and stays, where its entry holds the same question once more, or
    where it cannot be asked. A round without a question is passed over.
    """
    telling = [_telling(document) for document in documents]
    last = max((number for each in telling for number in each), default=0)
    for number in range(1, last + 1):
        turns = [
            (document, each.get(number)) for document, each in zip(documents, telling, strict=True)
        ]
        cases = tuple(_case(document, number, asked) for document, asked in turns if asked)
        if cases:
            yield Round(
                number,
                tuple(
                    _without(document, number) if asked else document for document, asked in turns
                ),
                cases,
            )


def _telling(document: Document) -> Mapping[int, str]:
    """The alternates of an entry that are worth asking, as they are asked, by number from 1."""
    asked = [_asked(question) for question in document.questions]
    times = Counter(map(str.casefold, asked))
    return {
        number: question
        for number, question in enumerate(asked)
        if number and question and times[question.casefold()] == 1
    }


def _asked(question: str) -> str:
    """The question as it reaches the sources; empty where it cannot."""
    try:
        return cleaned(question)
    except QuestionError:
        return ""


def _case(document: Document, number: int, question: str) -> Case:
    id_ = f"{document.id} / alternate {number}"
    return Case(id_, question, {document.id: 1}, answerable=True, kind=KIND)


def _without(document: Document, number: int) -> Document:
    left = (*document.alternates[: number - 1], *document.alternates[number:])
    return replace(document, alternates=left)
