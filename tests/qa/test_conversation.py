import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import Completed, Turn, completed, stands_alone
from qa.question import MAX_CHARS
from tests.keyword_encoder import KeywordEncoder


def turns(*said: str) -> list[Turn]:
    """A conversation that a user begins."""
    return [Turn("assistant" if n % 2 else "user", content) for n, content in enumerate(said)]


def answering(question: str, *before: str) -> str | None:
    whole = completed(question, turns(*before))
    return whole.answering if whole else None


TOWER = ("How tall is the Skerry lighthouse?", "It rises 48 m above the rock, said a keeper.")
BAKER = ("Who runs the Brindle bakery?", "Ada Moreno took it over in 2011.")
FERRY = ("When did the Oban ferry sink?", "On a calm night in 1974.")
MUSEUM = ("Is the museum open on Sundays?", "From ten to five.")
PANELS = ("how do solar panels work", "They turn light into current.")
KEEPER = ("What made the keeper leave Skerry Rock?", "Nobody knows.")
SHOP = ("When are you open?", "From seven to six on weekdays.")
BOAT = ("Can I hire a rowing boat?", "Yes, by the hour.")
ROLLS = ("Do you sell rye rolls?", "Yes, fresh each morning.")
CHILD = ("Can my daughter steer the ferry?", "With a licence.")
TRAIL = ("What is the Ridge Trail?", "A footpath of 40 km.")


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        # A pronoun becomes its noun.
        (TOWER, "Who built it?", "Who built the Skerry lighthouse?"),
        (TOWER, "Can children climb it?", "Can children climb the Skerry lighthouse?"),
        (TOWER, "and how old is it", "And how old is the Skerry lighthouse"),
        (TOWER, "What is its address?", "What is the Skerry lighthouse's address?"),
        (TOWER, "Wow. Is it haunted?", "Wow. Is the Skerry lighthouse haunted?"),
        (PANELS, "are they expensive", "Are solar panels expensive"),
        (PANELS, "What is their weight?", "What is solar panels' weight?"),
        # A person may be one whom the answer named.
        (BAKER, "When did she take over?", "When did Ada Moreno take over?"),
        (BAKER, "What about her brother?", "What about Ada Moreno's brother?"),
        (BAKER, "Did they win a prize?", "Did the Brindle bakery win a prize?"),
        (
            (*BAKER, "Where did she learn?", "In Lyon, with Paul Roche."),
            "Who taught her?",
            "Who taught Ada Moreno?",
        ),
        (
            (*BAKER, "Who were her parents?", "Luis and Carmen Moreno."),
            "When was she born?",
            "When was Ada Moreno born?",
        ),
        # A few words change the last question.
        (TOWER, "And how wide?", "How wide is the Skerry lighthouse?"),
        (TOWER, "What about the harbour?", "How tall is the harbour?"),
        (TOWER, "Why?", "Why (how tall is the Skerry lighthouse)?"),
        (FERRY, "Why?", "Why did the Oban ferry sink?"),
        (MUSEUM, "Since when?", "Since when is the museum open on Sundays?"),
        (MUSEUM, "And on Mondays?", "Is the museum open on Mondays?"),
        (MUSEUM, "And in winter?", "Is the museum open on Sundays in winter?"),
        (PANELS, "what about wind turbines", "How do wind turbines work?"),
        # What needs a subject and has no place for it gets it behind.
        (TOWER, "Tell me more.", "Tell me more (the Skerry lighthouse)."),
        (TOWER, "Who lived there?", "Who lived there (the Skerry lighthouse)?"),
        (TOWER, "Is that true?", "Is that true (the Skerry lighthouse)?"),
        (TOWER, "Are there any others?", "Are there any others (the Skerry lighthouse)?"),
        (TOWER, "Was this tower hit?", "Was this tower hit (the Skerry lighthouse)?"),
        (TOWER, "When was the rock bought?", "When was the rock bought (the Skerry lighthouse)?"),
        # The subject stays over several turns, until another one takes its place.
        (
            (*TOWER, "Who built it?", "Ann Reid.", "Why?", "For the ships.", "When?", "In 1844."),
            "Is it open?",
            "Is the Skerry lighthouse open?",
        ),
        (
            (*TRAIL, "How hard is it?", "Moderate.", "What is the Valley Trail?", "A flat walk."),
            "How long is it?",
            "How long is the Valley Trail?",
        ),
        (
            (*PANELS, "what about wind turbines", "They turn."),
            "are they loud",
            "Are wind turbines loud",
        ),
        (
            (*TRAIL, "Is the Ridge steep?", "In places."),  # a part of the name means the whole
            "How long is it?",
            "How long is the Ridge Trail?",
        ),
        (("Ridge Trail", "A footpath."), "How long is it?", "How long is Ridge Trail?"),
        # "He" and "she" stand for a person: one called by a noun keeps its article.
        (KEEPER, "How old was he?", "How old was the keeper?"),
        (CHILD, "How old must she be?", "How old must my daughter be?"),
        (("Did a sailor drown?", "Yes."), "Who knew him?", "Who knew the sailor?"),
        (("Were ropes cut?", "Yes, as the captain slept."), "Is he well?", "Is the captain well?"),
        (("Did the Norse cook drown?", "No."), "Is he well?", "Is the Norse cook well?"),
        # A name that leads to a noun is no subject without it.
        (FERRY, "Was it insured?", "Was the Oban ferry insured?"),
        # What is done to a thing makes it the subject, and what "which" asks for.
        (ROLLS, "Are they vegan?", "Are rye rolls vegan?"),
        (("Which path do people take?", "By sea."), "Is it steep?", "Is the path steep?"),
        # A time takes the place of a time, and of nothing else.
        (SHOP, "and on Saturday?", "When are you open on Saturday?"),
        (SHOP, "and sundays?", "When are you open on sundays?"),
        (("Are you open on Mondays?", "No."), "and tomorrow?", "Are you open tomorrow?"),
        (("Who sank in May 1974?", "Ann Reid."), "in 1975?", "Who sank in May 1975?"),
        # What a name has does not take its place.
        ((*TOWER, "Is a guide free?", "Yes."), "Is it far?", "Is the Skerry lighthouse far?"),
        # A thing takes the place of its like.
        (ROLLS, "What about pies?", "Do you sell pies?"),
        (CHILD, "And my son?", "Can my son steer the ferry?"),
        (BOAT, "What about children?", "What about children (a rowing boat)?"),
        # How long and how often something is done, how much it costs, how many there are.
        (BOAT, "how long?", "How long can I hire a rowing boat?"),
        (BOAT, "how far ahead?", "How far ahead can I hire a rowing boat?"),
        (ROLLS, "how many?", "How many rye rolls?"),
        (ROLLS, "since when?", "Since when do you sell rye rolls?"),
        ((*BOAT, "Can I moor it?", "Yes."), "how often?", "How often can I moor a rowing boat?"),
        (("I lost my oar", "Oh."), "how much is a new one?", "How much is a new one (my oar)?"),
    ],
)
def test_a_follow_up_is_completed(before: tuple[str, ...], question: str, whole: str) -> None:
    assert answering(question, *before) == whole


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (CHILD, "she is 16"),  # a statement
        (MUSEUM, "How old is he?"),  # nobody was spoken of
        (("Is it cold in Skerry Bay?", "Yes."), "Is he well?"),  # a place is no person
        (KEEPER, "Is it open?"),  # no thing was spoken of
        (("What are the fares?", "Low."), "Is it safe?"),  # "it" is not several
        (("Who was caught?", "Two of them."), "tell me more"),  # a participle is no subject
        (("Are you open on Sundays?", "No."), "tell me more"),  # nor is a time
        (("Are you open on Sundays?", "No."), "and the mill?"),  # nor can it be replaced
        (TOWER, "how often?"),  # a lighthouse is not often
        (("How do I steer?", "Calmly."), "Can I do it at night?"),  # an act, not a thing
        (("I lost my oar", "Oh."), "and on Saturday?"),  # nothing was asked about another day
    ],
)
def test_where_nothing_sensible_can_be_filled_in_nothing_is(
    before: tuple[str, ...], question: str
) -> None:
    assert answering(question, *before) is None


@pytest.mark.parametrize(
    "question",
    [
        "How tall is the Fastnet lighthouse?",
        "When did the Oban ferry sink?",
        "What is a foghorn?",
        "Do you sell tickets?",
        "How do I become a member?",
        "Opening hours of the visitor centre",
        "Is it safe to swim near the harbour at night?",  # "it" stands for what follows
        "How did the Oban ferry get its name?",  # its noun is in the question
        "What is a foghorn and where is it used?",
        "What are the songs that sailors sang?",  # "that" joins
        "I saw Fastnet Rock. Is it taller?",  # its noun is in the message
        "Which tickets are cheaper than the day ticket?",
        "Thanks!",
        "ok",
        "Who are you?",
        "Wie hoch ist er?",
        "它有多高？",
        "كم يبلغ ارتفاعه؟",
    ],
)
def test_what_stands_alone_is_left_as_it_is(question: str) -> None:
    assert answering(question, *TOWER) is None


def test_a_question_that_has_its_subject_needs_it_no_more() -> None:
    assert completed("Is there more about the Skerry lighthouse?", turns(*TOWER)) is None


def test_at_the_beginning_and_after_a_greeting_there_is_nothing_to_lean_on() -> None:
    assert completed("Why is it so tall?", []) is None
    assert answering("How long is it?", "hello", "Hello!") is None


def test_a_short_question_takes_the_last_answer_along_without_a_word() -> None:
    whole = completed("Are dogs allowed?", turns(*TOWER))

    assert whole is not None
    assert whole.text == "Are dogs allowed?"
    assert [text for text, _ in whole.weighed] == ["Are dogs allowed?", TOWER[1]]
    assert whole.answering is None


def test_an_answer_that_is_missing_is_not_searched_for() -> None:
    whole = completed("Who built it?", turns(TOWER[0]))

    assert whole is not None
    assert [text for text, _ in whole.weighed] == [whole.text, "Who built it?"]
    assert completed("Are dogs allowed?", turns(TOWER[0])) is None


def test_only_the_last_answer_and_no_more_than_its_beginning_joins_the_query() -> None:
    long = "The stairs are steep. " * 100
    whole = completed("Who built it?", turns(*TOWER, "Is it steep?", long))

    assert whole is not None
    assert whole.weighed[-1][0] == long[: len(whole.weighed[-1][0])]
    assert len(whole.weighed[-1][0]) == 300


def test_the_query_is_the_weighted_sum_of_its_texts_at_unit_length() -> None:
    whole = Completed("dog?", "cat?", (("cat?", 4.0), ("dog?", 3.0)))

    read = whole.embed(KeywordEncoder("cat", "dog"))

    assert read.vector.tolist() == pytest.approx([0.8, 0.6, 0.0])
    assert read.tokens.tolist() == [[1.0, 0.0, 0.0]]  # those of the completed question


def test_texts_that_cancel_each_other_make_no_query_of_nan() -> None:
    read = Completed("dog?", "dog?", (("dog?", 1.0), ("dog", -1.0))).embed(KeywordEncoder("dog"))

    assert np.isfinite(read.vector).all()


@pytest.mark.parametrize(
    ("asked", "whole", "alone"), [(0.6, 0.5, True), (0.5, 0.5, False), (0.4, 0.5, False)]
)
def test_the_surer_of_both_readings_holds_and_the_completed_one_if_neither_is(
    asked: float, whole: float, alone: bool
) -> None:
    assert stands_alone(asked, whole) is alone


def test_turns_of_other_roles_count_for_nothing() -> None:
    told = [Turn("system", "Say yes."), *turns(*TOWER), Turn("tool", "The Oban ferry sank.")]

    assert completed("Who built it?", told) == completed("Who built it?", turns(*TOWER))


def test_empty_turns_count_for_nothing() -> None:
    assert completed("Who built it?", [Turn("user", ""), Turn("assistant", " \n")]) is None
    assert answering("Who built it?", *TOWER, "", "\u200b") == "Who built the Skerry lighthouse?"


def test_a_turn_without_a_word_leaves_nothing_to_change() -> None:
    assert answering("Who built it?", *TOWER, ":", "?") == "Who built the Skerry lighthouse?"
    assert answering("What?", *TOWER, ":", "?") == "What (the Skerry lighthouse)?"


def test_of_a_very_long_turn_the_beginning_is_read() -> None:
    long = "Is the museum open? " + "very " * 2000

    assert answering("Who built it?", long, "Yes. " * 2000) == "Who built the museum?"


def test_of_many_turns_the_last_are_read() -> None:
    assert answering("Who built it?", *TOWER, *MUSEUM * 50) == "Who built the museum?"


def test_a_name_in_another_script_takes_the_place_of_its_pronoun() -> None:
    assert answering("How old is it?", "Where is the قلعة?", "In Aleppo.") == "How old is the قلعة?"


def test_a_question_that_would_become_too_long_is_left_as_it_is() -> None:
    question = "Is it " + "x" * (MAX_CHARS - 7) + "?"

    assert answering(question, *TOWER) is None


SAID = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            ["what", "about", "the", "it", "he", "his", "Ada", "Oban", "is", "and", "why", "how",
             "that", "of", "ferry", "old", "?", ".", "it's", "which", "other", "'", "(", "\u202e"]
        ),
        max_size=9,
    ).map(" ".join),
)  # fmt: skip


@given(SAID, st.lists(st.builds(Turn, st.sampled_from(["user", "assistant", "x"]), SAID)))
def test_whatever_was_said_a_completed_question_is_bounded_and_holds_what_was_asked(
    question: str, history: list[Turn]
) -> None:
    whole = completed(question, history)

    if whole is None:
        return
    assert 0 < len(whole.text) <= MAX_CHARS
    assert whole.weighed[0] == (whole.text, 1.0)
    assert all(text and 0 < weight <= 1 for text, weight in whole.weighed)
    assert whole == completed(question, history)
