"""FAQ entries that collide: near-duplicates, and entries that take each other's questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from index.knowledge import Knowledge
from index.lexical import stems
from qa.evaluation.case import Case
from qa.hit import SAME_QUESTION

# Questions of other entries that are looked at for each question. An entry that has more of them
# this near has a fault that twenty show as well.
NEAREST = 20
_BLOCK = 256  # questions searched for together

Pair = tuple[int, int]  # passage rows of two entries, in order


@dataclass(frozen=True, slots=True)
class Theft:
    """A question for which the entry `got` came first, not `expected`; `id` is its case's."""

    id: str
    question: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Collision:
    """Two FAQ entries by their documents' ids, in the sources' order.

    `first_question` and `second_question` are those of their questions that lie nearest, at the
    cosine `closeness`, -1 to 1. `same_answer` says whether both answers have the same words, but
    for endings.
    """

    first: str
    second: str
    first_question: str
    second_question: str
    closeness: float
    stolen: tuple[Theft, ...]
    same_answer: bool


def collisions(knowledge: Knowledge, asked: Iterable[tuple[Case, str]]) -> tuple[Collision, ...]:
    """The pairs of entries of which one took a question of the other, or that ask the same.

    `asked` has cases with the id of the document that came first for each. Only a case that expects
    one FAQ entry and got another counts. Most thefts first, then the closest, then by ids.
    """
    stolen = _stolen(knowledge, asked)
    questions = knowledge.questions
    found = [
        _collision(knowledge, questions, pair, tuple(stolen.get(pair, ())))
        for pair in stolen.keys() | _asking_the_same(knowledge)
    ]
    return tuple(
        sorted(found, key=lambda one: (-len(one.stolen), -one.closeness, one.first, one.second))
    )


def _stolen(knowledge: Knowledge, asked: Iterable[tuple[Case, str]]) -> Mapping[Pair, list[Theft]]:
    """The thefts by pair, each pair's in the order of `asked`."""
    row_of = _entry_rows(knowledge)
    found: dict[Pair, list[Theft]] = {}
    for case, got in asked:
        expected = next(iter(case.sources), "") if len(case.sources) == 1 else ""
        if expected in row_of and got in row_of and expected != got:
            pair = _pair(row_of[expected], row_of[got])
            found.setdefault(pair, []).append(Theft(case.id, case.question, expected, got))
    return found


def _entry_rows(knowledge: Knowledge) -> Mapping[str, int]:
    """The passage row of each FAQ entry, which has one, by the document's id."""
    return {
        document.id: row
        for row, document in enumerate(knowledge.documents_of_passages)
        if document.kind == "faq"
    }


def _asking_the_same(knowledge: Knowledge) -> set[Pair]:
    """The pairs with a question each that are SAME_QUESTION or nearer."""
    store, owner = knowledge.question_store, knowledge.question_owner
    counts = np.diff(knowledge.first_question)
    pairs: set[Pair] = set()
    for start in range(0, len(store), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(store)))
        # An entry's own questions are nearest to each other, and not what is looked for.
        k = NEAREST + int(counts[owner[rows]].max())
        scores, near = store.search(store.vectors(rows), k)
        which, rank = np.nonzero(scores >= SAME_QUESTION)
        entries = zip(owner[rows[which]].tolist(), owner[near[which, rank]].tolist(), strict=True)
        pairs.update(_pair(one, other) for one, other in entries if one != other)
    return pairs


def _pair(one: int, other: int) -> Pair:
    return min(one, other), max(one, other)


def _collision(
    knowledge: Knowledge, questions: tuple[str, ...], pair: Pair, stolen: tuple[Theft, ...]
) -> Collision:
    first, second = (knowledge.document(knowledge.passages[row].document_id) for row in pair)
    closeness, at, other_at = _nearest(knowledge, pair)
    return Collision(
        first=first.id,
        second=second.id,
        first_question=questions[at],
        second_question=questions[other_at],
        closeness=closeness,
        stolen=stolen,
        same_answer=stems(first.text) == stems(second.text),
    )


def _nearest(knowledge: Knowledge, pair: Pair) -> tuple[float, int, int]:
    """The greatest cosine of a question of each entry, and the rows of these two questions."""
    first, second = (np.arange(*knowledge.first_question[[row, row + 1]]) for row in pair)
    store = knowledge.question_store
    # Rounded, so that equal questions are equally near whatever the processor makes of the rest.
    cosines = (store.vectors(first) @ store.vectors(second).T).clip(-1, 1).round(6)
    at, other_at = np.unravel_index(cosines.argmax(), cosines.shape)
    return round(float(cosines[at, other_at]), 6), int(first[at]), int(second[other_at])
