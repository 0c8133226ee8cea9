"""Question to ranked passages, each with the parts of its score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from index.encoder import Embedded, Encoder, Vectors
from index.knowledge import Knowledge
from index.outline import owner_of
from index.passages import Passage
from index.store.base import Mask, Rows, Scores, VectorStore
from qa.diversity import distinct
from qa.filters import EVERYTHING, Filters
from qa.hit import Hit, Match
from qa.ranking import Measures, Parts, Worded, Wording, Words, owned
from qa.weights import RANKING

# How many rows each search hands on; their scores are then computed exactly. To search sentences
# too, and hand on 50 of each, changed the first hit of 7 of 2,611 questions over the 2,097 passages
# of squad2, clapnq, covid-faq-en and hint3-curekart, and the mrr@10 of none of the four.
_CANDIDATES = 100
_BY_WORDS = 50
# How many of these are read token by token: the best by all else. With 10, 15, 20 or 30 the macro
# mrr@10 of seven sets is .886; each costs .1 ms.
READ = 10
# Below this cosine no two passages are compared word for word: near-identical ones pass it by far.
_ALIKE = 0.95


class Retriever:
    """Finds the passages of one knowledge base that fit a question best."""

    def __init__(self, knowledge: Knowledge, encoder: Encoder) -> None:
        self.knowledge = knowledge
        self._encoder = encoder
        # A site has a few filters. A cache of a method would hold its own object, and so all that
        # a generation has mapped, until the garbage collector comes by.
        self._allowed = lru_cache(maxsize=64)(partial(_rows_allowed, knowledge))

    def retrieve(self, question: str, k: int = 10) -> tuple[Hit, ...]:
        """The best `k` passages or fewer, best first; equal scores keep the corpus's order.

        A passage that repeats a better one comes after all that were read token by token.
        """
        (ranked,) = self.rank_each([question])
        return self.hits(ranked, k)

    def rank_each(self, questions: Sequence[str]) -> Iterator["Ranked"]:
        """For each of these questions, which are encoded and searched together, its candidates."""
        yield from self.ranked(questions, self._encoder.embed(questions, "query"))

    def ranked(
        self,
        questions: Sequence[str],
        asked: Sequence[Embedded],
        filters: Filters = EVERYTHING,
    ) -> Iterator["Ranked"]:
        """The same for questions that are encoded; words are searched as they stand in the text.

        Only passages of documents that `filters` allows are looked at; there may be none.
        """
        allowed = None if filters == EVERYTHING else self._allowed(filters)
        queries = np.array([each.vector for each in asked])
        nearest = [self._nearest(queries, part, allowed) for part in self._searched if asked]
        for number, question in enumerate(questions):
            found = [rows[number] for rows in nearest]
            yield self._ranked(question, asked[number], found, allowed)

    def hits(self, ranked: "Ranked", k: int) -> tuple[Hit, ...]:
        """The best `k` of a question's candidates with all that is known of them."""
        best = ranked.order[:k]
        read, words = ranked.read, ranked.words
        if len(best) > len(read):
            read, words = np.sort(best), self._words(ranked.rows[np.sort(best)], ranked.tokens)
        wording, shares = words.each(), self._shares(ranked, best)
        places = np.searchsorted(read, best).tolist()
        return tuple(
            self._hit(ranked, rank, wording[place], shares[rank])
            for rank, place in enumerate(places)
        )

    def _shares(self, ranked: "Ranked", places: Rows) -> list[tuple[list[float], list[float]]]:
        """How much of the question's words each sentence, and each FAQ question, holds."""
        knowledge, rows = self.knowledge, ranked.rows[places]
        lexical = knowledge.lexical
        asked = lexical.weigh(ranked.question)
        sentences = partial(lexical.shares, asked, "sentences")
        questions = partial(lexical.shares, asked, "questions")
        return list(
            zip(
                owned(sentences, knowledge.first_sentence, rows).each(),
                owned(questions, knowledge.first_question, rows).each(),
                strict=True,
            )
        )

    def scored(self, ranked: "Ranked", k: int) -> list[tuple[Passage, float]]:
        """The best `k` of a question's candidates, each with its score alone."""
        best = ranked.order[:k]
        passages = (self.knowledge.passages[row] for row in ranked.rows[best])
        return list(zip(passages, map(float, ranked.scores[best]), strict=True))

    @property
    def _searched(self) -> tuple[tuple[VectorStore, Rows | None], ...]:
        """Each store that is searched, with where its rows of each passage begin, or None where
        they are one.
        """
        knowledge = self.knowledge
        return (
            (knowledge.passage_store, None),
            (knowledge.question_store, knowledge.first_question),
        )

    def _nearest(
        self, queries: Vectors, part: tuple[VectorStore, Rows | None], allowed: Mask | None
    ) -> Rows:
        """The passage rows of the nearest rows of a store, shape (len(queries), candidates)."""
        store, first = part
        among = None
        if allowed is not None:
            each = allowed if first is None else np.repeat(allowed, np.diff(first))
            among = np.flatnonzero(each)
        rows = store.search(queries, _CANDIDATES, among)[1]
        return rows if first is None else owner_of(first, rows)

    def _ranked(
        self, question: str, asked: Embedded, nearest: list[Rows], allowed: Mask | None
    ) -> "Ranked":
        shared, bm25 = self.knowledge.lexical.best(question, _BY_WORDS, allowed)
        rows = np.unique(np.concatenate([*nearest, shared]))
        parts = self._parts(rows, question, asked.vector, float(bm25.max(initial=0.0)))
        # A question without a word has no token; then nothing is worded like it.
        none = np.zeros((1, asked.vector.size), np.float32)
        tokens = asked.tokens if len(asked.tokens) else none
        scores = parts.weighted()
        read = _greatest(scores, READ)
        words = self._words(rows[read], tokens)
        scores[read] += RANKING.wording * words.best()
        order = self._varied(_best_first(scores, read), rows)
        return Ranked(question, tokens, rows, parts, scores, order, read, words)

    def _varied(self, order: Rows, rows: Rows) -> Rows:
        """The same, but what nearly repeats a better one comes after all that was read."""
        head, rest = order[:READ], order[READ:]
        vectors = self.knowledge.passage_store.vectors(rows[head])
        alike = head[(vectors @ vectors.T >= _ALIKE).sum(axis=1) > 1].tolist()
        kept = [*distinct(alike, lambda i: self._said(int(rows[i])))]
        repeated = np.isin(head, [i for i in alike if i not in kept])
        return np.concatenate([head[~repeated], head[repeated], rest])

    def _said(self, row: int) -> str:
        """What a passage says; an FAQ entry says its answer to its question."""
        passage = self.knowledge.passages[row]
        asked = self.knowledge.asked_of(row)
        return f"{passage.title} {passage.text}" if asked else passage.text

    def _parts(self, rows: Rows, question: str, query: Vectors, most: float) -> Parts:
        """All that a score is made of before wording, for these rows; `most` is the best BM25."""
        knowledge, lexical = self.knowledge, self.knowledge.lexical
        return Parts(
            knowledge.passage_store.cosines(query, rows),
            owned(partial(knowledge.sentence_store.cosines, query), knowledge.first_sentence, rows),
            owned(partial(knowledge.question_store.cosines, query), knowledge.first_question, rows),
            lexical.scores(question, rows) / max(most, 1e-9),
            lexical.coverage(lexical.weigh(question), rows),
        )

    def _words(self, rows: Rows, tokens: Vectors) -> Words:
        knowledge = self.knowledge
        sentences = partial(knowledge.sentence_tokens.nearest, tokens)
        questions = partial(knowledge.question_tokens.nearest, tokens)
        return Words(
            Wording.of(owned(sentences, knowledge.first_sentence, rows)),
            Wording.of(owned(questions, knowledge.first_question, rows)),
        )

    def _hit(
        self, ranked: "Ranked", rank: int, words: Worded, shares: tuple[list[float], list[float]]
    ) -> Hit:
        i = int(ranked.order[rank])
        row, parts = int(ranked.rows[i]), ranked.parts
        questions = self.knowledge.asked_of(row)
        matches = _matches(parts.questions.of(i), shares[1], words[1])
        nearest = max(range(len(matches)), key=lambda n: matches[n].cosine, default=None)
        return Hit(
            passage=self.knowledge.passages[row],
            rank=rank + 1,
            score=float(ranked.scores[i]),
            dense=float(parts.dense[i]),
            sentences=_matches(parts.sentences.of(i), shares[0], words[0]),
            question=None if nearest is None else matches[nearest],
            asked="" if nearest is None else questions[nearest],
            lexical=float(parts.lexical[i]),
            coverage=float(parts.coverage[i]),
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question's candidates: passage `rows` with their `scores`; `order` lists them best first.

    `tokens` are the question's, `parts` is what the scores are made of; those at `read` were read
    token by token, and `words` is what came of it. All but `order` are in the corpus's order.
    """

    question: str
    tokens: Vectors
    rows: Rows
    parts: Parts
    scores: Scores
    order: Rows
    read: Rows
    words: Words


def _matches(cosines: Scores, shares: list[float], wording: Measures) -> tuple[Match, ...]:
    return tuple(map(Match, cosines.tolist(), shares, *wording))


def _greatest(scores: Scores, k: int) -> Rows:
    """Where the `k` greatest stand, with all that equal the k-th; in row order."""
    if len(scores) <= k:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.sort(scores)[-k])


def _best_first(scores: Scores, read: Rows) -> Rows:
    """The candidates that were read, best first, then the others; equal scores in row order."""
    unread = np.ones(len(scores), bool)
    unread[read] = False
    order: Rows = np.lexsort((-scores, unread))
    return order


def _rows_allowed(knowledge: Knowledge, filters: Filters) -> Mask:
    """Which passage rows belong to documents that pass."""
    return np.array([*map(filters.allows, knowledge.facets)], bool)[knowledge.outline.facet]
