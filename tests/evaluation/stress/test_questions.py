"""What a knowledge base is asked without any labels."""

import pytest

import qa
from index.documents import Document
from qa.evaluation.case import Case, QuestionSet
from qa.evaluation.labels import labelled
from qa.evaluation.stress.alternates import rounds
from qa.evaluation.stress.collisions import collisions
from qa.evaluation.stress.out_of_scope import pack
from qa.evaluation.stress.questions import OUT_OF_SCOPE, stress_cases
from qa.evaluation.stress.variants import typo
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import article, faq, knowledge

FERRY = faq("ferry", "When does the ferry leave?", "At nine.", "Ferry times")
PORT = article("port.md", "The port of Wick and its boats", "Boats lie here.")


def own(*documents: Document) -> list[Case]:
    """The cases made from these documents, without the pack."""
    return [case for case in stress_cases(documents) if case.kind != OUT_OF_SCOPE]


def test_an_entry_is_asked_as_written_and_in_each_variant() -> None:
    def made(kind: str, question: str | None) -> Case:
        like, expected = "ferry / as written", {"ferry": 1}
        return Case(f"ferry / {kind}", str(question), expected, (), True, kind=kind, like=like)

    assert own(FERRY) == [
        Case("ferry / as written", FERRY.title, {"ferry": 1}, (), True, kind="as written"),
        made("typo", typo(FERRY.title)),
        made("keywords", "ferry leave"),
        made("lower case", "when does the ferry leave?"),
        made("no punctuation", "When does the ferry leave"),
        made("word order", "the ferry leave When does?"),
        Case(
            "ferry / negation",
            "When doesn't the ferry leave?",
            kind="negation",
            like="ferry / as written",
        ),
    ]


def test_only_a_negated_question_expects_nothing() -> None:
    cases = stress_cases([FERRY, PORT])

    assert [case.kind for case in cases if case.expects_answer is None] == ["negation"]


def test_an_article_is_asked_for_by_the_topic_of_its_title() -> None:
    asked = Case("port.md / title", "port Wick boats", {"port.md": 1}, (), True, kind="title")

    assert own(PORT) == [asked]
    assert own(article("a", "The port", "Boats lie here.")) == []
    assert [case.question for case in own(article("a", "港口开放", "船。"))] == ["港口开放"]


def test_what_has_no_variant_is_asked_as_written_alone() -> None:
    assert [case.id for case in own(faq("wifi", "wifi", "Yes."))] == [
        "wifi / as written",
        "wifi / typo",
    ]
    assert [case.id for case in own(faq("s", "嗎", "Yes."))] == ["s / as written"]


def test_another_language_has_no_variant_that_needs_english() -> None:
    def kinds(language: str) -> set[str]:
        entry = faq("q", "Was in der Welt is this parcel?", "Yes.", language=language)
        return {case.kind for case in own(entry)}

    assert kinds("en") - kinds("de") == {"keywords", "negation"}
    assert kinds("") == kinds("en-GB") == kinds("EN") == kinds("en")


def test_a_title_that_cannot_be_asked_is_left_out() -> None:
    assert own(faq("q", "x" * 501, "Yes."), article("a", "long words " * 50, "Yes.")) == []


def test_the_pack_has_no_answer() -> None:
    cases = [case for case in stress_cases([]) if case.kind == OUT_OF_SCOPE]

    assert cases[0] == Case("out of scope / 1", pack()[0], answerable=False, kind=OUT_OF_SCOPE)
    assert [case.question for case in cases] == list(pack())


def test_what_the_faq_asks_as_well_is_not_out_of_scope() -> None:
    entry = faq("hello", "Hi", "Hello, what would you like to know?", "hello!")

    left_out = set(pack()) - {case.question for case in stress_cases([entry])}
    assert left_out == {"Hello"}


def test_every_case_has_an_id_of_its_own_and_its_sources_are_known() -> None:
    twin = faq("ferry / typo", FERRY.title, "At ten.", "Ferry times")
    documents = (FERRY, twin, PORT)

    cases = (*stress_cases(documents), *(case for turn in rounds(documents) for case in turn.cases))
    ids = [case.id for case in cases]
    assert len(set(ids)) == len(ids) == 2 * 7 + 1 + 80 + 2
    assert all(id_.isprintable() for id_ in ids)
    known = knowledge(KeywordEncoder("ferry"), *documents)
    assert labelled(QuestionSet("stress", "stress", cases), known)[1] == ()


@pytest.mark.model
def test_the_seeds_hold_under_their_own_stress(seeds_answerer: qa.Answerer) -> None:
    cases = stress_cases(seeds_answerer.knowledge.documents)
    found = seeds_answerer.explain_each([case.question for case in cases], 1)
    first = [(case, one.ranking[0][0].document_id) for case, one in zip(cases, found, strict=True)]

    astray = [case.id for case, got in first if case.sources and got not in case.sources]
    answered = {case.kind for case, one in zip(cases, found, strict=True) if one.answer.answered}
    assert (astray, OUT_OF_SCOPE in answered) == ([], False)
    assert [one for one in collisions(seeds_answerer.knowledge, first) if one.stolen] == []
