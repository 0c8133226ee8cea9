"""Do the sources differ? Notices on ramdocs, and false alarms where sources agree.

python -m benchmarks.agreement ../shared/bench

End to end: the whole corpus of each set is searched and, where a passage is above the line, the
best statements of those that are read are compared. In ramdocs a question is positive where its
documents hold two answers or more, by their labels. Most are, so precision alone says little:
beside it stands how many notices show two of the labelled answers. In the other sets a notice is
nearly always wrong.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.sets import load, records
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from qa.agreement import Claim, Disagreement, claims_of, differences, statements
from qa.confidence import PASSAGES_READ, SHIPPED, judged
from qa.hit import Hit
from qa.retriever import Retriever

OTHERS = ("squad2", "clapnq", "covid-faq-en", "mtrag")
EXAMPLES = 3
UNLABELLED = "unknown"  # what ramdocs calls the answer of a document that has none


class Compared(StrEnum):
    """Which passages' statements are compared, where at least one is above the line."""

    READ = "read"
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was said to it.

    `answers` are the labelled ones of its documents, normalised, `retrieved` those of the documents
    whose claims were compared; both empty where a set has no such labels.
    """

    text: str
    said: tuple[Disagreement, ...]
    answers: frozenset[str] = frozenset()
    retrieved: frozenset[str] = frozenset()

    @property
    def positive(self) -> bool:
        """Whether its documents hold two answers or more."""
        return len(self.answers) > 1

    @property
    def shown(self) -> tuple[str, ...]:
        """The values of the notice, as written."""
        return tuple(value.value for one in self.said for value in one.values)

    @property
    def right(self) -> bool:
        """Whether two of the labelled answers are shown."""
        values = [normalised(value) for value in self.shown]
        return sum(any(_held(answer, value) for value in values) for answer in self.answers) > 1


class Reader:
    """Finds the claims to compare in the whole corpus of one set."""

    def __init__(self, bench: Path, name: str, encoder: Encoder, compared: Compared) -> None:
        self.questions = load(bench, name)
        self._compared = compared
        self._knowledge, _ = assemble(self.questions.documents, encoder)
        self._retriever = Retriever(self._knowledge, encoder)

    def claims(self, question: str) -> list[Claim]:
        """None where no passage would be quoted."""
        hits = self._retriever.retrieve(question, PASSAGES_READ)
        sure = [
            hit
            for hit, it in zip(hits, judged(question, hits), strict=True)
            if it >= SHIPPED.answer_from
        ]
        chosen = hits if sure and self._compared is Compared.READ else sure
        return [claim for hit in chosen for claim in self._claims(hit)]

    def _claims(self, hit: Hit) -> list[Claim]:
        document = self._knowledge.document(hit.passage.document_id)
        return claims_of(hit, statements(hit), document)


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    compared: Annotated[
        Compared, typer.Option(help="All passages that are read, or those above the line.")
    ] = Compared.READ,
) -> None:
    """Print precision and recall on ramdocs, the misses, and the other sets' false alarms."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    asked = ramdocs(bench, encoder, compared)
    _print_ramdocs(asked)
    _print_misses(asked)
    for name in OTHERS:
        _print_false_alarms(name, others(bench, name, encoder, compared))


def ramdocs(bench: Path, encoder: Encoder, compared: Compared = Compared.READ) -> list[Asked]:
    """The questions of ramdocs, each with its notice."""
    return list(_asked(bench, Reader(bench, "ramdocs", encoder, compared)))


def others(
    bench: Path, name: str, encoder: Encoder, compared: Compared = Compared.READ
) -> list[Asked]:
    """The answerable questions of another set, each with its notice."""
    reader = Reader(bench, name, encoder, compared)
    texts = [question.text for question in reader.questions.answerable]
    return [Asked(text, differences(text, reader.claims(text))) for text in texts]


def precision_recall(asked: Sequence[Asked]) -> tuple[float, float]:
    """Of the notices, how many are for a question with two answers; of these, how many get one."""
    positive = [one for one in asked if one.positive]
    found = sum(bool(one.said) for one in positive)
    return found / max(sum(bool(one.said) for one in asked), 1), found / len(positive)


def _asked(bench: Path, reader: Reader) -> Iterator[Asked]:
    """The questions of ramdocs."""
    answers = {
        record["_id"]: normalised(record["answer"])
        for record in records(bench / "ramdocs" / "corpus.jsonl")
        if record["answer"] != UNLABELLED
    }
    for record in records(bench / "ramdocs" / "queries.jsonl"):
        own = {document: answers[document] for document in record["docs"] if document in answers}
        claims = reader.claims(record["text"])
        retrieved = {own[claim.document] for claim in claims if claim.document in own}
        said = differences(record["text"], claims)
        yield Asked(record["text"], said, frozenset(own.values()), frozenset(retrieved))


def normalised(answer: str) -> str:
    """Its words in lower case."""
    return " ".join(re.findall(r"\w+", answer.casefold()))


def _held(answer: str, value: str) -> bool:
    """Whether one stands in the other, word for word."""
    return f" {answer} " in f" {value} " or f" {value} " in f" {answer} "


def _print_ramdocs(asked: Sequence[Asked]) -> None:
    positive = [one for one in asked if one.positive]
    single = [one for one in asked if not one.positive]
    noticed = [one for one in asked if one.said]
    precision, recall = precision_recall(asked)
    print(f"ramdocs: {len(asked)} questions, {len(positive)} whose documents hold two answers")
    print(f"notices                          {len(noticed)}")
    print(f"precision                        {precision:.3f}")
    print(f"recall                           {recall:.3f}")
    print(f"  two answers retrieved for      {_mean(len(o.retrieved) > 1 for o in positive):.3f}")
    print(f"notices that show two labelled   {_mean(one.right for one in noticed):.3f}")
    print(f"notices where there is one       {sum(bool(o.said) for o in single)} of {len(single)}")


def _mean(flags: Iterable[bool]) -> float:
    seen = list(flags)
    return sum(seen) / max(len(seen), 1)


def _print_misses(asked: Sequence[Asked]) -> None:
    unsaid = [one for one in asked if one.positive and not one.said]
    kinds = {
        "notice, yet one answer or none": [o for o in asked if o.said and not o.positive],
        "notice with another value": [o for o in asked if o.said and o.positive and not o.right],
        "no notice, two answers retrieved": [o for o in unsaid if len(o.retrieved) > 1],
        "no notice, fewer retrieved": [o for o in unsaid if len(o.retrieved) < 2],
    }
    for kind, ones in kinds.items():
        print(f"\n{kind}: {len(ones)}")
        for one in ones[:: max(1, len(ones) // EXAMPLES)][:EXAMPLES]:
            print(f"  {one.text} {sorted(one.answers)}{f' said {one.shown}' if one.said else ''}")


def _print_false_alarms(name: str, asked: Sequence[Asked]) -> None:
    noticed = [one for one in asked if one.said]
    rate = len(noticed) / len(asked)
    print(f"\n{name}: {len(noticed)} notices for {len(asked)} answerable questions, {rate:.3f}")
    for one in noticed[:EXAMPLES]:
        print(f"  {one.text} {one.shown}")


if __name__ == "__main__":
    typer.run(main)
