"""A question to what is found for it, as typed or completed from its conversation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.encoder import Encoder
from index.knowledge import Knowledge
from index.threads import threads_for
from qa.asked import Asked, History, asked, embedded
from qa.confidence import SHIPPED, Calibration, judged
from qa.conversation import stands_alone
from qa.filters import EVERYTHING, Filters
from qa.hit import Hit
from qa.retriever import Ranked, Retriever

HITS = 10  # passages that are looked into


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for one reading of a question, the best as hits, the confidence in each."""

    asked: Asked
    ranked: Ranked
    hits: tuple[Hit, ...]
    confidences: tuple[float, ...]

    @property
    def sure(self) -> float:
        """The confidence that the sources answer it."""
        return max(self.confidences, default=0.0)


class Finder:
    """Finds what one knowledge base holds for a question. Safe to call from several threads."""

    def __init__(
        self, knowledge: Knowledge, encoder: Encoder, calibration: Calibration = SHIPPED
    ) -> None:
        self._knowledge = knowledge
        self._encoder = encoder
        self._calibration = calibration
        self.retriever = Retriever(knowledge, encoder)

    def find(
        self,
        questions: Sequence[str],
        histories: Sequence[History],
        filters: Filters = EVERYTHING,
    ) -> Iterator[Found]:
        """What is found for each after its turns; all are searched together.

        A question that can be completed is searched for both ways, and what is surer counts.
        Documents that `filters` does not allow are not looked at.
        Raises QuestionError.
        """
        pairs = zip(questions, histories, strict=True)
        each = [asked(*pair, self._knowledge) for pair in pairs]
        found = iter(self._read([reading for readings in each for reading in readings], filters))
        for readings in each:
            yield _surest([next(found) for _ in readings])

    def _read(self, readings: Sequence[Asked], filters: Filters) -> list[Found]:
        encoded = list(embedded(readings, self._encoder))
        texts = [one.text for one in readings]
        with threads_for(len(readings)):
            all_ranked = self.retriever.ranked(texts, encoded, filters)
            return [
                self._found(one, ranked) for one, ranked in zip(readings, all_ranked, strict=True)
            ]

    def _found(self, one: Asked, ranked: Ranked) -> Found:
        hits = self.retriever.hits(ranked, HITS)
        return Found(one, ranked, hits, judged(one.text, hits, self._calibration))


def _surest(readings: Sequence[Found]) -> Found:
    """The question completed, where it can be, unless it is surer as typed.

    Judged by the shipped scale: a site's own must not change what is searched for.
    """
    if len(readings) == 1:
        return readings[0]
    alone, whole = (max(judged(one.asked.text, one.hits), default=0.0) for one in readings)
    return readings[0] if stands_alone(alone, whole) else readings[1]
