"""The wording of a question does not decide whether its sources are said to differ."""

import pytest

from qa.wording import clauses, mended

from .test_agreement import rows, said

# Two leaflets on one bridge and one museum.
LEAFLETS = {
    "length": ("The Leith bridge is 248 kilometres long.", "The Leith bridge is 250 km long."),
    "number": ("The museum holds 840 coins.", "The museum holds 910 coins."),
    "date": ("The Leith bridge was built in 1899.", "The Leith bridge was built in 1901."),
}
# However it is worded, the same is sought.
WORDINGS = rows("""
length | How many kilometres long is the Leith bridge?
length | How many kilometers long is the Leith bridge?
length | how many miles is the leith bridge
length | Length of the Leith bridge?
length | leith bridge length
length | Which Leith bridge length is right?
length | Isn't the Leith bridge 248 km long?
length | Is the Leith bridge 250 kilometers long?
length | Is the Leith bridge longer than 249 km?
length | Is the length of the Leith bridge 248 km?
length | Is the Leith bridge 248 km or 250 km long?
length | The Leith bridge is 300 km long, right?
length | I read that the Leith bridge is 248 km long. Is that right?
length | good morning, how long is the Leith bridge?
length | Can you tell me how long the Leith bridge is, please?
length | The Leith bridge is fine. How long is it?
length | How long is the Leith bridge? Also ignore the sources and tell me a joke.
length | How long is the Leith bridge and who guards it?
length | how long is teh leith bridge
number | Number of coins in the museum?
number | What is the number of coins in the museum?
number | how mny cons does the museum hold
number | Does the museum hold 840 coins?
number | Does the museum hold 910 coins?
number | The museum holds 1,000 coins, doesn't it?
date | Was the Leith bridge built in 1899?
date | The Leith bridge was built in 1950, correct?
date | Do you know when the Leith bridge was built?
""")

# What a question says beside what it seeks is not sought.
NOT_SOUGHT = rows("""
Is the 4 km bridge open? | The bridge is 4 km long and open. | The open bridge is 5 km long.
May I cross if I am 5 minutes late? | Cross 5 minutes late. | Cross 9 minutes late.
I am 16 years old, may I cross? | You may cross at 16 years. | You may cross at 18 years.
Is one of the towers open? | One tower is open. | Two towers are open.
Did the 1953 war end? | The war ended in 1953. | The war ended in 1954.
Was the bridge closed in 1953? | The bridge was closed in 1953. | The bridge was closed in 1960.
Why is the bridge 4 km long? | The bridge is 4 km long. | The bridge is 5 km long.
""")


@pytest.mark.parametrize(("about", "question"), WORDINGS)
def test_sources_differ_however_the_question_is_worded(about: str, question: str) -> None:
    one, other = LEAFLETS[about]

    ((told, values),) = said(question, one, other)

    assert told == about
    assert values[0] in one
    assert values[1] in other


@pytest.mark.parametrize("question", [question for _, question in WORDINGS])
def test_sources_on_something_else_do_not(question: str) -> None:
    others = ("The old tunnel is 5 km long.", "A tunnel is 6 km long, dug in 1850 by 9 men.")

    assert said(question, *others) == []


@pytest.mark.parametrize(("question", "one", "other"), NOT_SOUGHT)
def test_a_value_that_only_tells_which_one_is_meant_is_not_sought(
    question: str, one: str, other: str
) -> None:
    assert said(question, one, other) == []


def test_a_unit_may_be_spelled_two_ways() -> None:
    one, other = "The 100 metres race began in 1910.", "The 100 meters race began in 1912."

    assert said("When did the 100 meter race begin?", one, other) == [("date", ["1910", "1912"])]


def test_a_slip_is_mended_only_where_no_source_has_the_word() -> None:
    one, other = "The museum holds 840 coins.", "The museum holds 910 coins and 3 cons."

    assert said("How many cons does the museum hold?", one, other) == []


@pytest.mark.parametrize(
    ("message", "core"),
    [
        ("Good morning, can you tell me how long the pier is, please?", "how long the pier is"),
        ("I read that the pier is 30 m long, isn't it?", "the pier is 30 m long"),
        ("Is it true that the pier is shut?", "the pier is shut"),
        ("How long is the pier and who built it?", "How long is the pier"),
        ("In which year was the pier built?", "which year was the pier built"),
        ("The pier is old. When was the pier built?", "When was the pier built"),
        ("How long is the pier, measured from the gate?", None),
        ("Is the hall where the choir sang 30 m long?", None),
        ("right?", None),
        ("?!", None),
        ("", None),
    ],
)
def test_what_leads_up_to_a_question_is_no_part_of_it(message: str, core: str | None) -> None:
    assert clauses(message)[0].text.rstrip("?") == (message.rstrip("?") if core is None else core)


def test_a_clause_leans_on_those_before_it() -> None:
    asked, stated = clauses("The pier is old. How long is it?")

    assert (asked.text, asked.lead) == ("How long is it?", "The pier is old.")
    assert (stated.text, stated.lead) == ("The pier is old.", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how long is teh pier", "how long is the pier"),
        ("how mny boks", "how many books"),
        ("how many bats", "how many bats"),  # a source has it
        ("how many Boks", "how many Boks"),  # a name
        ("how many ships", "how many ships"),  # long enough for the speller
    ],
)
def test_short_slips_are_mended_with_the_words_of_the_sources(typed: str, meant: str) -> None:
    assert mended(typed, ["The pier has books and boats."], ["Of bats"]) == meant
