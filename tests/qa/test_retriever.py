import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from index.documents import Document
from index.encoder import Embedded, Role, Vectors
from index.knowledge import Knowledge
from index.known import sentences_of
from index.lexical import stems
from index.passages import Passage
from qa.hit import SAME_QUESTION, Hit
from qa.retriever import Retriever
from qa.weights import RANKING
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, faq, knowledge

KEYWORDS = ("ferry", "boat", "tide", "fog", "harbour")
FERRY = faq(
    "faq:1", "When does the ferry leave?", "The ferry leaves at nine.", "What time is the boat?"
)
TIDES = article("tides", "Tides", "The tide turns twice daily. Fog hides the harbour.")
WEATHER = article("weather", "Weather", "Fog stays until noon. Then the harbour opens again.")


def retriever(*documents: Document) -> Retriever:
    encoder = KeywordEncoder(*KEYWORDS)
    return Retriever(knowledge(encoder, *documents), encoder)


def ids(hits: Iterable[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def cosines(hit: Hit) -> list[float]:
    return [match.cosine for match in hit.sentences]


def test_each_sentence_tells_how_much_of_the_question_it_holds() -> None:
    best, _ = retriever(FERRY, WEATHER).retrieve("noon harbour")

    # Each word stands in one of the two passages, and in one of the two sentences.
    assert [match.coverage for match in best.sentences] == pytest.approx([1 / 2, 1 / 2])
    assert best.coverage == pytest.approx(1.0)


def test_a_score_is_the_weighted_sum_of_its_parts() -> None:
    # Ten words each with their titles, so that no passage's length tells in BM25.
    entry = faq("faq:1", FERRY.title, FERRY.text)
    ferry, weather, tides = retriever(entry, TIDES, WEATHER).retrieve("ferry fog")

    # The question is (ferry 1, fog 1) / √2; BM25 ln(1 + (3 - df + ½) / (df + ½)) · tf / (tf + 1.5).
    half = 1 / math.sqrt(2)
    rare, common = math.log(8 / 3), math.log(1.6)  # ferry is in one passage, fog in two
    shared = (common / 2.5) / (rare * 2 / 3.5)
    parts = [
        ("faq:1", half, (half,), half, 1.0, rare / (rare + common)),
        ("weather:p1", 1 / 2, (half, 0.0), half, shared, common / (rare + common)),
        ("tides:p1", 1 / math.sqrt(6), (0.0, 1 / 2), 1 / 2, shared, common / (rare + common)),
    ]
    for hit, (id_, dense, sentences, focus, lexical, coverage) in zip(
        (ferry, weather, tides), parts, strict=True
    ):
        assert hit.passage.id == id_
        assert cosines(hit) == pytest.approx(sentences, abs=1e-5)
        assert (hit.dense, hit.focus, hit.lexical, hit.coverage) == pytest.approx(
            (dense, focus, lexical, coverage), rel=1e-5
        )
        # Each has a sentence or question with one of the two words, none with both.
        assert hit.wording == pytest.approx(1 / 2)
        assert hit.score == pytest.approx(
            RANKING.meaning * dense
            + RANKING.focus * focus
            + RANKING.lexical * lexical
            + RANKING.coverage * coverage
            + RANKING.wording * hit.wording,
            rel=1e-6,
        )


def test_ranks_count_from_one() -> None:
    assert [hit.rank for hit in retriever(FERRY, TIDES, WEATHER).retrieve("ferry fog")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When does the ferry go?", "When does the ferry leave?"),
        ("Which boat?", "What time is the boat?"),
        ("Which ferry or boat?", "When does the ferry leave?"),  # as near, and it comes first
    ],
)
def test_an_entry_is_found_by_the_nearest_of_its_questions(question: str, asked: str) -> None:
    best = retriever(FERRY, TIDES, WEATHER).retrieve(question)[0]

    assert (best.passage.id, best.asked) == ("faq:1", asked)
    assert best.question is not None
    assert best.question.cosine == pytest.approx(math.sqrt(1 / 2) if "or" in question else 1.0)


def test_an_entry_found_by_an_alternate_is_judged_by_it() -> None:
    best = retriever(FERRY, TIDES, WEATHER).retrieve("boat")[0]

    assert cosines(best) == pytest.approx((0.0,))
    assert best.question is not None
    assert best.dense == pytest.approx(0.0)
    assert best.meaning == best.focus == best.question.cosine == pytest.approx(1.0)
    # Its words count as the entry's own: "boat" stands in no other passage.
    assert best.lexical == 1.0
    assert best.coverage == pytest.approx(1.0)


def test_an_article_is_asked_by_no_question() -> None:
    hits = retriever(FERRY, TIDES, WEATHER).retrieve("tide")

    assert [(h.passage.id, h.asked, h.question) for h in hits if not h.asked] == [
        ("tides:p1", "", None), ("weather:p1", "", None)
    ]  # fmt: skip


def test_no_more_than_k_are_given() -> None:
    found = retriever(FERRY, TIDES, WEATHER)

    assert ids(found.retrieve("ferry fog", k=1)) == ["faq:1"]
    assert ids(found.retrieve("ferry fog", k=2)) == ["faq:1", "weather:p1"]
    assert ids(found.retrieve("ferry fog", k=99)) == ["faq:1", "weather:p1", "tides:p1"]


class AnyEncoder:
    """A direction in 384 dimensions for each text, the same for the same text."""

    name = fingerprint = "any"

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        return self.encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        rows = [np.random.default_rng(list(text.encode())).normal(size=384) for text in passages]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:  # noqa: ARG002
        spans = [np.array([[0, len(text)]]) for text in texts]
        vectors = self.encode_passages(texts)
        return [Embedded(v, v[np.newaxis], at) for v, at in zip(vectors, spans, strict=True)]


@pytest.mark.parametrize("count", [2, 3, 7, 11, 33])
def test_equal_scores_keep_the_order_of_the_corpus(count: int) -> None:
    # A matrix product differs in its last bit from row to row, for equal rows too.
    twins = [article(f"twin-{n}", "Twin", "The same words. In all of them.") for n in range(count)]
    found = Retriever(knowledge(AnyEncoder(), *twins), AnyEncoder())

    for number in range(20):
        hits = found.retrieve(f"Question {number}?", k=count)
        assert ids(hits) == [f"twin-{n}:p1" for n in range(count)]
        assert {hit.score for hit in hits} == {hits[0].score}


@pytest.mark.parametrize("question", ["?!…", "😀", "👩\u200d🚀 🛥", "—", "???" * 100])
def test_a_question_without_a_word_shares_none(question: str) -> None:
    hits = retriever(FERRY, TIDES, WEATHER).retrieve(question)

    # Its vector is "none of the keywords", as no passage's is.
    assert [(h.passage.id, h.score, h.lexical, h.coverage) for h in hits] == [
        ("faq:1", 0.0, 0.0, 0.0), ("tides:p1", 0.0, 0.0, 0.0), ("weather:p1", 0.0, 0.0, 0.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "id_"), [(FERRY, "faq:1"), (TIDES, "tides:p1")], ids=["faq", "article"]
)
@pytest.mark.parametrize("question", ["tide", "ferry", "nothing of the kind", "?"])
def test_a_single_passage_is_always_found(document: Document, id_: str, question: str) -> None:
    assert ids(retriever(document).retrieve(question)) == [id_]


def test_articles_alone_need_no_faq() -> None:
    hits = retriever(TIDES, WEATHER).retrieve("fog until noon")

    assert [(hit.passage.id, hit.asked) for hit in hits] == [("weather:p1", ""), ("tides:p1", "")]


def test_an_faq_alone_needs_no_articles() -> None:
    fog = faq("faq:2", "Is there fog?", "Often, at the harbour.")

    hits = retriever(FERRY, fog).retrieve("fog")

    assert [(hit.passage.id, hit.asked) for hit in hits] == [
        ("faq:2", "Is there fog?"), ("faq:1", "When does the ferry leave?")
    ]  # fmt: skip


# An oracle over all passages, in float64 and without a store, to hold the ranking against.

WORDS = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)]
ENCODER = KeywordEncoder(*WORDS[:30])


def random_corpus(rng: random.Random, count: int) -> list[Document]:
    def sentence() -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(3, 9))).capitalize() + "."

    def document(number: int) -> Document:
        text = " ".join(sentence() for _ in range(rng.randint(1, 4)))
        if number % 3:
            return article(f"a{number}", sentence(), text)
        return faq(f"f{number}", sentence(), text, *(sentence() for _ in range(rng.randint(0, 2))))

    return [document(number) for number in range(count)]


def _same(cosines: Iterable[float]) -> list[float]:
    """Those of questions that ask the same."""
    return [cosine for cosine in cosines if cosine >= SAME_QUESTION]


def brute_force(question: str, known: Knowledge) -> dict[str, float]:
    """Every passage's score, straight from the definition; sentences as they are kept, rounded."""
    passages = known.passages
    documents = {document.id: document for document in known.documents}
    kept = known.sentence_store.vectors(np.arange(len(known.sentence_store))).astype(np.float64)
    vectors = dict(zip(sentences_of(passages), kept, strict=True))
    searched = ([p.encoded_text, *documents[p.document_id].alternates] for p in passages)
    terms = [Counter(stems(" ".join(texts))) for texts in searched]
    asked = stems(question)
    seen_in = {stem: sum(stem in counts for counts in terms) for stem in asked}
    rarity = {s: math.log(1 + (len(terms) - n + 0.5) / (n + 0.5)) for s, n in seen_in.items()}
    average = sum(counts.total() for counts in terms) / len(terms)

    def bm25(counts: Counter[str]) -> float:
        norm = 1.5 * (0.25 + 0.75 * counts.total() / average)
        return sum(rarity[stem] * counts[stem] / (counts[stem] + norm) for stem in asked)

    def cosine(text: str) -> float:
        both = ENCODER.encode_passages([question, text]).astype(np.float64)
        return float(both[0] @ both[1])

    def cosine_of_sentence(text: str) -> float:
        return float(ENCODER.encode_passages([question])[0].astype(np.float64) @ vectors[text])

    def wording(text: str) -> float:
        """The mean over the question's words of the greatest cosine with a word of the text."""
        asked_for, said = (ENCODER.embed([each], "query")[0].tokens for each in (question, text))
        return float((asked_for @ said.T).max(axis=1).mean())

    def score(passage: Passage, counts: Counter[str]) -> float:
        sentences = [passage.sentence(n) for n in range(len(passage.sentences))]
        questions = documents[passage.document_id].questions
        meaning = max(cosine(passage.encoded_text), *_same(map(cosine, questions)), -1.0)
        held = sum(weight for stem, weight in rarity.items() if counts[stem])
        return (
            RANKING.meaning * meaning
            + RANKING.focus * max([*map(cosine_of_sentence, sentences), *map(cosine, questions)])
            + RANKING.lexical * bm25(counts) / highest
            + RANKING.coverage * held / sum(rarity.values())
            + RANKING.wording * max(map(wording, [*sentences, *questions]))
        )

    highest = max(bm25(counts) for counts in terms)
    return {p.id: score(p, counts) for p, counts in zip(passages, terms, strict=True)}


ALL_READ = 10  # so few documents that every passage is read token by token


@pytest.mark.parametrize("seed", range(5))
def test_the_ranking_is_that_of_scoring_every_passage(seed: int) -> None:
    rng = random.Random(seed)
    known = knowledge(ENCODER, *random_corpus(rng, ALL_READ))
    searcher = Retriever(known, ENCODER)

    for _ in range(3):
        question = " ".join(rng.choices(WORDS, k=rng.randint(1, 8)))
        expected = brute_force(question, known)
        hits = searcher.retrieve(question)

        assert [hit.score for hit in hits] == pytest.approx(
            sorted(expected.values(), reverse=True)[:10], abs=1e-5
        )
        assert [hit.score for hit in hits] == pytest.approx(
            [expected[hit.passage.id] for hit in hits], abs=1e-5
        )


def test_a_passage_that_repeats_a_better_one_comes_after_the_others() -> None:
    again = article("again", "Harbour", "The ferry leaves at nine. Take the boat to be there.")
    first = article("first", "Harbour", "The ferry leaves at nine. Take the boat to be there!")

    found = retriever(first, again, WEATHER).retrieve("When does the ferry leave?")

    assert ids(found) == ["first:p1", "weather:p1", "again:p1"]


def test_a_passage_with_another_number_repeats_nothing() -> None:
    nine = article("nine", "Harbour", "The ferry leaves at 9. Take the boat to be there in time.")
    ten = article("ten", "Harbour", "The ferry leaves at 10. Take the boat to be there in time.")

    found = retriever(nine, ten, WEATHER).retrieve("When does the ferry leave?")

    assert ids(found) == ["nine:p1", "ten:p1", "weather:p1"]


def test_entries_that_share_an_answer_are_told_apart_by_their_questions() -> None:
    ferry = faq("faq:1", "When does the ferry leave?", "See the board at the harbour.")
    boat = faq("faq:2", "How much is the boat?", "See the board at the harbour.")

    found = retriever(ferry, boat, WEATHER).retrieve("Which ferry, which boat?")

    assert ids(found) == ["faq:1", "faq:2", "weather:p1"]
