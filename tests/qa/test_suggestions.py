import pytest

from qa.answer import Suggestion
from qa.suggestions import TypeAhead, faq_questions
from tests.web.harbour import FERRY, GULL, harbour

TEXTS = (
    "How do I return a parcel?",
    "How do I get a refund?",
    "Can I return a gift?",
    "Where is my refund?",
    "Où est le café ?",
    "Straße gesperrt?",
    "返品できますか",
    "return",
)


@pytest.fixture(scope="module")
def type_ahead() -> TypeAhead:
    return TypeAhead(Suggestion(text, f"p{n}") for n, text in enumerate(TEXTS))


def offered(type_ahead: TypeAhead, typed: str, limit: int = 5) -> list[str]:
    return [suggestion.text for suggestion in type_ahead.suggest(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("how do i", ["How do I get a refund?", "How do I return a parcel?"]),
        ("How do I ret", ["How do I return a parcel?"]),
        ("return", ["return", "Can I return a gift?", "How do I return a parcel?"]),
        ("refund", ["Where is my refund?", "How do I get a refund?"]),
        ("my refund", ["Where is my refund?"]),
        ("refund my", ["Where is my refund?"]),
        ("parc", ["How do I return a parcel?"]),
        ("返品", ["返品できますか"]),
    ],
)
def test_beginnings_come_first_then_words_in_any_order(
    type_ahead: TypeAhead, typed: str, expected: list[str]
) -> None:
    assert offered(type_ahead, typed) == expected


@pytest.mark.parametrize("typed", ["CAFE", "cafe\u0301", "le cafè", "OU EST"])
def test_case_and_accents_do_not_matter(type_ahead: TypeAhead, typed: str) -> None:
    assert offered(type_ahead, typed) == ["Où est le café ?"]


def test_a_sharp_s_is_two(type_ahead: TypeAhead) -> None:
    assert offered(type_ahead, "strasse") == ["Straße gesperrt?"]


@pytest.mark.parametrize(
    "typed", ["parcle", "pracel", "parsel", "prcel", "paarcel", "return a parcle"]
)
def test_a_slip_is_forgiven(type_ahead: TypeAhead, typed: str) -> None:
    assert offered(type_ahead, typed, 1) == ["How do I return a parcel?"]


@pytest.mark.parametrize("typed", ["", "  ", "?!", "xyzzy", "a refund for xyzzy plugh", "pcl"])
def test_what_no_question_holds_gets_nothing(type_ahead: TypeAhead, typed: str) -> None:
    assert offered(type_ahead, typed) == []


def test_an_entry_is_offered_once_by_what_fits_best() -> None:
    found = TypeAhead(faq_questions(harbour().knowledge))

    assert found.suggest("when") == (Suggestion(FERRY, "faq:ferry"),)
    assert found.suggest("boat") == (Suggestion("What time does the boat go?", "faq:ferry"),)
    assert found.suggest("w") == (
        Suggestion(GULL, "faq:gull"),
        Suggestion(FERRY, "faq:ferry"),
    )


def test_at_most_eight_are_offered_however_many_are_asked_for() -> None:
    many = TypeAhead(Suggestion(f"Question {n}?", f"p{n}") for n in range(20))

    assert len(many.suggest("question", 100)) == 8
    assert many.suggest("question", 2) == (
        Suggestion("Question 0?", "p0"),
        Suggestion("Question 1?", "p1"),
    )


def test_no_question_at_all_offers_nothing() -> None:
    assert TypeAhead(()).suggest("when does it") == ()


def test_five_thousand_entries_give_the_ones_meant() -> None:
    """Fifty parts of a hundred machines."""
    parts = [f"{a}{b}" for a in ("gear", "belt", "fuse", "lamp", "lens") for b in "abcdefghij"]
    ends = ("ancor", "elvet", "iston", "orbit", "umper", "allow", "ender", "illar", "ocker", "unne")
    machines = [f"{a}{b}" for a in "bcdfghjklm" for b in ends]
    texts = [f"How do I change the {p} of a {m}?" for p in parts for m in machines]
    found = TypeAhead(Suggestion(text, f"p{n}") for n, text in enumerate(texts))

    assert len(texts) == 5_000
    meant = "How do I change the lampc of a kelvet?"
    assert offered(found, "lampc kelvet") == [meant]
    assert offered(found, "the kelvte, its lampc") == [meant]
    assert found.suggest("lampc kelvet") == (Suggestion(meant, f"p{texts.index(meant)}"),)
    begun = [text for text in texts if text.startswith("How do I change the fusej of a b")]
    assert (
        offered(found, "How do I change the fusej of a b", 8)
        == sorted(begun, key=lambda text: (len(text), texts.index(text)))[:8]
    )
