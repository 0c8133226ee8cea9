import numpy as np
import pytest

from index.outline import Facet
from qa.answerer import Answerer
from qa.filters import EVERYTHING, Filters, unknown
from tests.keyword_encoder import KeywordEncoder
from tests.web.harbour import FERRY, NINE, harbour

from .corpus import article, faq, knowledge

ENTRY = faq("f", "Why?", "Because.", publisher="Office", language="en", tags=("a", "b"))


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (EVERYTHING, True),
        (Filters(kind=("faq",)), True),
        (Filters(kind=("article",)), False),
        (Filters(kind=("article", "faq")), True),
        (Filters(tags=("b", "z")), True),
        (Filters(tags=("z",)), False),
        (Filters(publisher=("Office",), language=("en",)), True),
        (Filters(publisher=("Office",), language=("de",)), False),
        (Filters(publisher=("office",)), False),
    ],
)
def test_any_value_of_a_field_and_every_field(filters: Filters, allowed: bool) -> None:
    assert filters.allows(Facet.of(ENTRY)) is allowed


def test_what_documents_have_is_what_a_filter_may_name() -> None:
    other = faq("g", "How?", "So.", tags=("b", "c"))
    held = Filters.of(map(Facet.of, [ENTRY, other]))

    assert held == Filters(("faq",), ("Office",), ("en",), ("a", "b", "c"))
    assert list(unknown(Filters(("article",), ("Office",), ("en",), ("c",)), held)) == []


def test_a_value_that_none_has_is_told_with_the_nearest_or_the_first() -> None:
    held = Filters.of([Facet.of(ENTRY)])
    said = [*map(str, unknown(Filters(publisher=("office",), tags=("z",)), held))]

    assert said == [
        "filters.publisher: no source has 'office'; did you mean 'Office'?",
        "filters.tags: no source has 'z'; some have 'a', 'b'",
    ]


def test_where_no_document_says_it_the_filter_is_to_be_left_out() -> None:
    (one,) = unknown(Filters(tags=("z",)), Filters.of([Facet.of(faq("g", "How?", "So."))]))

    assert str(one) == "filters.tags: no source has 'z'; none has any, so leave this filter out"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return harbour()


def test_only_what_is_allowed_is_quoted(answerer: Answerer) -> None:
    assert [c.document for c in answerer.answer(FERRY).citations] == ["faq:ferry", "old"]

    archive = answerer.answer(FERRY, filters=Filters(publisher=("Archive",)))

    assert archive.text == "The ferry leaves at eight."
    assert [c.document for c in archive.citations] == ["old"]


def test_a_value_that_no_source_has_gives_an_abstention(answerer: Answerer) -> None:
    explained = answerer.explain(FERRY, filters=Filters(publisher=("Nobody",)))

    assert (explained.answer.status, explained.answer.confidence) == ("abstained", 0.0)
    assert (explained.answer.nearest, explained.hits, explained.withheld) == ((), (), ())


def test_no_more_passages_than_asked_for_are_quoted(answerer: Answerer) -> None:
    assert answerer.answer(FERRY, k=1).text == NINE
    assert answerer.answer(FERRY, k=10).text == f"{NINE} The ferry leaves at eight."


def test_the_best_of_what_is_allowed_is_found_below_hundreds_that_are_not() -> None:
    """300 passages say it better than the one that is allowed."""
    loud = [
        article(f"loud{n}", "Ferry", f"The ferry leaves at {n}.", publisher="Loud")
        for n in range(300)
    ]
    quiet = [
        article("quiet", "Ferry", "The ferry and the boat leave at dawn.", publisher="Quiet"),
        article("fog", "Fog", "The fog lifts.", publisher="Quiet"),
    ]
    encoder = KeywordEncoder("ferry", "boat", "fog")
    answerer = Answerer(knowledge(encoder, *loud, *quiet), encoder)
    filters = Filters(publisher=("Quiet",))

    hits = answerer.explain("When does the ferry leave?", filters=filters).hits

    assert [hit.passage.id for hit in hits] == ["quiet:p1", "fog:p1"]
    assert hits[0].lexical == 1.0  # of what is allowed, nothing shares more words


def test_allowing_everything_by_name_changes_nothing(answerer: Answerer) -> None:
    """Searching among all rows finds what the store's own search does."""
    named = Filters(kind=("faq", "article"))

    for question in (FERRY, "When does the tide turn?", "Who feeds the gull?"):
        one, other = (answerer.explain(question, filters=f) for f in (EVERYTHING, named))
        assert one.hits == other.hits
        assert np.array_equal(one.confidences, other.confidences)
