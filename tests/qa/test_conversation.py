import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import Turn, completed
from qa.question import MAX_CHARS

TOWER = ("How tall is the Eiffel Tower?", "330 metres.")


def turns(*said: str) -> list[Turn]:
    """User and assistant by turns."""
    return [Turn("assistant" if n % 2 else "user", text) for n, text in enumerate(said)]


def whole(question: str, *said: str) -> str | None:
    found = completed(question, turns(*said))
    return found.text if found else None


@pytest.mark.parametrize(
    ("said", "question", "expected"),
    [
        (TOWER, "Where is it?", "Where is the Eiffel Tower?"),
        (TOWER, "Who designed it?", "Who designed the Eiffel Tower?"),
        (
            ("How long is the Brooklyn Bridge?", "It is 1,834 metres long."),
            "And how wide?",
            "How wide is the Brooklyn Bridge?",
        ),
        (
            ("When did Marie Curie move to Paris?", "She moved in 1891."),
            "Why?",
            "Why did Marie Curie move to Paris?",
        ),
        (
            ("Where was Marie Curie born?", "In Warsaw."),
            "When did she die?",
            "When did Marie Curie die?",
        ),
        (
            ("What is the population of Paris?", "About two million."),
            "What about Berlin?",
            "What is the population of Berlin?",
        ),
        (
            ("When is the museum open in summer?", "From nine to six."),
            "And in winter?",
            "When is the museum open in winter?",
        ),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out(
    said: tuple[str, ...], question: str, expected: str
) -> None:
    assert whole(question, *said) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of France?",
        "Who founded Microsoft?",
        "Is it safe to swim in the lake?",
        "هل هو آمن؟",
        "Thanks",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert whole(question, *TOWER) is None


@pytest.mark.parametrize("question", ["Where is it?", "Why?", "And how wide?", "?", ""])
def test_without_a_conversation_every_question_stands_alone(question: str) -> None:
    assert whole(question) is None


def test_who_is_neither_user_nor_assistant_says_nothing() -> None:
    assert completed("Where is it?", [Turn("system", TOWER[0]), Turn("", TOWER[1])]) is None


def test_the_first_text_of_a_query_is_what_is_shown() -> None:
    found = completed("Where is it?", turns(*TOWER))

    assert found is not None
    assert found.weighed[0] == ("Where is the Eiffel Tower?", 1.0)
    assert {text for text, _ in found.weighed} >= {"Where is it?"}


@pytest.mark.parametrize("said", ["word " * 2000, "A" * 10_000, "\u202e" * 500, "", "?" * 300])
def test_long_and_odd_turns_give_no_long_question(said: str) -> None:
    found = whole("Where is it?", said, said)

    assert found is None or len(found) <= MAX_CHARS


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=5))
def test_no_text_breaks_it(question: str, said: list[str]) -> None:
    found = whole(question, *said)

    assert found is None or 0 < len(found) <= MAX_CHARS
