"""From the ids a question set expects to what stands in a knowledge base."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Literal

from index.errors import ReadError, printable
from index.knowledge import Knowledge
from index.passages import Passage
from qa.evaluation.case import Case, QuestionSet

Unit = Literal["passage", "document", "source"]
UNITS: tuple[Unit, ...] = ("passage", "document", "source")  # finest first

_TITLED = 10  # expected sources whose title a row holds; a set of intents has hundreds
_GUESSED_AMONG = 5_000  # ids; comparing spellings with more takes seconds a mistake


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case with its expected sources as ids of one `unit`: what its ranking is made of."""

    case: Case
    unit: Unit
    grades: Mapping[str, int]


class Labels:
    """Knows by which ids the passages of one knowledge base can be expected.

    A passage has an id, so has its document, and the file that this was read from has a path. All
    labels of a case are taken in the finest of these units that knows each of them. A document also
    goes by its title (an FAQ entry by its question) and its address, where no other has the same.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self, passage: Passage, unit: Unit) -> str:
        """The id of what holds the passage in this unit."""
        if unit == "passage":
            return passage.id
        if unit == "document":
            return passage.document_id
        return self._knowledge.document(passage.document_id).source

    def titles(self, asked: "Labelled") -> dict[str, str]:
        """What the expected documents and passages are called, as far as they have a title.

        Files are called by their path, and of many sources only the first are told.
        """
        if asked.unit == "source":
            return {}
        known = self._knowledge
        named = known.document if asked.unit == "document" else known.passage
        told = ((id_, named(id_).title) for id_ in islice(asked.grades, _TITLED))
        return {id_: title for id_, title in told if title}

    def label(self, case: Case) -> Labelled:
        """The case with its grades by unit. Raises KeyError for a source that it `lacks`."""
        named = [(self._id(name), grade) for name, grade in case.sources.items()]
        unit = self._shared_unit([id_ for id_, _ in named])
        grades: dict[str, int] = {}
        for id_, grade in named:
            lifted = self._lifted(id_, unit)
            grades[lifted] = max(grade, grades.get(lifted, 0))
        return Labelled(case, unit, grades)

    def lacks(self, name: str) -> bool:
        """Whether nothing in the knowledge base goes by this name."""
        try:
            self._id(name)
        except KeyError:
            return True
        return False

    def guess(self, id_: str) -> str:
        """The id that is spelled most like an unknown one; empty where none comes close."""
        ids = (id_ for unit in UNITS[1:] for id_ in self._known[unit])
        titles = (document.title for document in self._knowledge.documents)
        names = {name.casefold(): name for name in (*titles, *ids) if name}
        if len(names) > _GUESSED_AMONG:
            return ""
        near = get_close_matches(id_.casefold(), names, 1)
        return names[near[0]] if near else ""

    def _id(self, name: str) -> str:
        """The id of what goes by this name. Raises KeyError where nothing does."""
        if any(name in self._known[unit] for unit in UNITS):
            return name
        return self._named[name.strip().casefold()]

    def _shared_unit(self, ids: Sequence[str]) -> Unit:
        """The finest unit that knows all of these ids, or to which all of them can be lifted."""
        for unit in UNITS:
            if all(id_ in self._known[unit] for id_ in ids):
                return unit
        return max(map(self._unit, ids), key=UNITS.index)

    def _unit(self, id_: str) -> Unit:
        for unit in UNITS:
            if id_ in self._known[unit]:
                return unit
        raise KeyError(id_)

    def _lifted(self, id_: str, unit: Unit) -> str:
        """The id, in this unit, of what holds what `id_` names."""
        if id_ in self._known[unit]:
            return id_
        return self.name(self._known[self._unit(id_)][id_], unit)

    @cached_property
    def _named(self) -> dict[str, str]:
        """Document ids by title and by address, in lower case, those that are given once."""
        documents = self._knowledge.documents
        names = [(name.strip().casefold(), d.id) for d in documents for name in (d.title, d.url)]
        counts = Counter(name for name, _ in names)
        return {name: id_ for name, id_ in names if name and counts[name] == 1}

    @cached_property
    def _known(self) -> dict[Unit, dict[str, Passage]]:
        """For each unit its ids, each with a passage that it holds."""
        passages = self._knowledge.passages
        return {unit: {self.name(p, unit): p for p in passages} for unit in UNITS}


def labelled(
    questions: QuestionSet, knowledge: Knowledge
) -> tuple[tuple[Labelled, ...], tuple[ReadError, ...]]:
    """Every case whose sources the knowledge base holds, and a problem for each unknown source."""
    labels = Labels(knowledge)
    found: list[Labelled] = []
    unknown: dict[str, list[int]] = {}
    for case in questions.cases:
        try:
            found.append(labels.label(case))
        except KeyError:
            name = next(filter(labels.lacks, case.sources))
            unknown.setdefault(name, []).append(case.line)
    problems = [
        ReadError(questions.file, lines[0], _unknown(name, lines, labels))
        for name, lines in unknown.items()
    ]
    return tuple(found), tuple(problems)


def collapsed(ranked: Iterable[tuple[str, float]], depth: int) -> Sequence[tuple[str, float]]:
    """The first `depth` different ids, each with its best score: what ranks documents."""
    return [pair for _, pair in zip(range(depth), _firsts(ranked), strict=False)]


def _firsts(ranked: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    seen: set[str] = set()
    for id_, score in ranked:
        if id_ not in seen:
            seen.add(id_)
            yield id_, score


def _unknown(id_: str, lines: Sequence[int], labels: Labels) -> str:
    guess = labels.guess(id_)
    meant = f"did you mean {printable(guess)!r}? " if guess else ""
    again = f" (and {len(lines) - 1:,} more times)" if len(lines) > 1 else ""
    return (
        f"expects the source {printable(id_)!r}{again}, which the knowledge base does not hold; "
        f"{meant}name a file by its path, an article by its title, an FAQ entry by its question, "
        "or any by its id"
    )
