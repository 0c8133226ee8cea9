"""What retrieval finds: a passage, and how well each part of it meets the question."""

from dataclasses import dataclass

from index.passages import Passage

# Two questions this near ask the same. Of those that near a stored one, 255 of 255 were right on
# stackfaq and 88 of 89 on hint3-curekart, where 4 of 532 that have no answer came as near.
SAME_QUESTION = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """How well one sentence, or one FAQ question, meets the question that was asked.

    `coverage` is the share, 0 to 1, of the question's words that it holds, rare ones counting more.
    Each token of the question has a nearest one here, by cosine: `wording` is their mean, which is
    ColBERT's score over the question's length, and `weakest` the least of them.
    """

    cosine: float
    coverage: float
    wording: float
    weakest: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. Every score is higher for better.

    `score` is what ranks it, see `qa/retriever.py`. `dense` is the cosine
    of question and passage; `sentences` has a match for each of the passage's sentences; `question`
    is the match of an FAQ entry's nearest question, whose text is `asked` (None and empty for an
    article); `lexical` is BM25 over the highest BM25 this question reached, 0 to 1; `coverage` is
    that of the passage with its context and, for an FAQ entry, all its questions.
    """

    passage: Passage
    rank: int
    score: float
    dense: float
    sentences: tuple[Match, ...]
    question: Match | None
    asked: str
    lexical: float
    coverage: float

    @property
    def matches(self) -> tuple[Match, ...]:
        """Those of the sentences and, for an FAQ entry, of its nearest question."""
        return self.sentences if self.question is None else (*self.sentences, self.question)

    @property
    def meaning(self) -> float:
        """The cosine of the passage or, where an FAQ entry is asked for in so many words, of that.

        An alternate question may lie far from its entry's answer and still ask for it.
        """
        if self.question is None or self.question.cosine < SAME_QUESTION:
            return self.dense
        return max(self.dense, self.question.cosine)

    @property
    def focus(self) -> float:
        """The best cosine over the passage's sentences and, for an FAQ entry, its questions."""
        return max(match.cosine for match in self.matches)

    @property
    def wording(self) -> float:
        """The best wording over the same."""
        return max(match.wording for match in self.matches)
