"""Expected ids to what stands in a knowledge base."""

import pytest

from qa.evaluation.case import Case, QuestionSet
from qa.evaluation.labels import Labels, collapsed, labelled
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import article, faq, knowledge

LONG = (
    "The ferry leaves the harbour at nine, and again at noon, on every day of the week but Sunday. "
)
HARBOUR = article("harbour", "The harbour", LONG * 2, LONG.replace("ferry", "boat") * 2)
FERRY = faq("ferry", "When does the ferry leave?", "At nine.")
BOAT = faq("boat", "Who owns the boat?", "The town.")
KNOWN = knowledge(KeywordEncoder("ferry", "boat"), FERRY, BOAT, HARBOUR)
LABELS = Labels(KNOWN)


def case(*sources: str, **more: int) -> Case:
    return Case("q1", "When?", dict.fromkeys(sources, 1) | more, line=7)


def test_a_passage_is_expected_by_its_id() -> None:
    labelled_case = LABELS.label(case("harbour:p2"))

    assert (labelled_case.unit, dict(labelled_case.grades)) == ("passage", {"harbour:p2": 1})


def test_a_document_is_expected_by_its_id() -> None:
    assert LABELS.label(case("harbour")).unit == "document"


def test_a_file_is_expected_by_its_path_whatever_it_holds() -> None:
    found = LABELS.label(case("faq.md"))

    assert (found.unit, dict(found.grades)) == ("source", {"faq.md": 1})
    assert LABELS.name(KNOWN.passage("boat"), "source") == "faq.md"


def test_a_document_goes_by_its_title_an_entry_by_its_question() -> None:
    found = LABELS.label(case("When does the FERRY leave? ", "The harbour"))

    assert (found.unit, dict(found.grades)) == ("document", {"ferry": 1, "harbour": 1})


def test_a_document_goes_by_its_address() -> None:
    known = knowledge(KeywordEncoder("tide"), faq("t", "High?", "Yes.", url="https://a.example/t"))

    assert dict(Labels(known).label(case("https://a.example/t")).grades) == {"t": 1}


def test_a_title_that_two_documents_have_names_neither() -> None:
    twins = knowledge(KeywordEncoder("tide"), faq("a", "High?", "Yes."), faq("b", "High?", "No."))

    assert Labels(twins).lacks("High?")
    assert not Labels(twins).lacks("a")


def test_ids_of_several_units_are_taken_in_the_coarsest_of_them() -> None:
    found = LABELS.label(case("harbour:p1", "harbour:p2", "faq.md"))

    assert (found.unit, dict(found.grades)) == ("source", {"harbour.md": 1, "faq.md": 1})


def test_of_two_passages_of_a_document_the_better_grade_counts_for_it() -> None:
    found = LABELS.label(Case("q", "?", {"harbour:p1": 1, "harbour:p2": 3, "harbour": 1}))

    assert (found.unit, dict(found.grades)) == ("document", {"harbour": 3})


def test_a_case_without_labels_ranks_passages() -> None:
    assert LABELS.label(case()).unit == "passage"


def test_a_reader_sees_the_titles_of_what_was_expected() -> None:
    assert LABELS.titles(LABELS.label(case("ferry"))) == {"ferry": "When does the ferry leave?"}
    assert LABELS.titles(LABELS.label(case("faq.md"))) == {}


def test_an_unknown_source_is_named_with_its_line_and_what_may_be_meant() -> None:
    questions = QuestionSet("q", "q.csv", (case("harbor"), case("ferry")))

    found, problems = labelled(questions, KNOWN)

    assert [each.case.sources for each in found] == [{"ferry": 1}]
    assert [str(problem) for problem in problems] == [
        "q.csv:7: expects the source 'harbor', which the knowledge base does not hold; did you "
        "mean 'harbour'? name a file by its path, an article by its title, an FAQ entry by its "
        "question, or any by its id"
    ]


def test_a_ranking_of_documents_has_each_once_where_its_best_passage_stands() -> None:
    ranked = [("a", 0.9), ("a", 0.8), ("b", 0.7), ("a", 0.6), ("c", 0.5)]

    assert collapsed(ranked, 2) == [("a", 0.9), ("b", 0.7)]


def test_a_source_that_answers_has_a_grade() -> None:
    with pytest.raises(ValueError, match=r"^q: a source that answers has a grade of 1 or more$"):
        Case("q", "?", {"a": 0})
