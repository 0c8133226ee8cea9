from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document
from qa.agreement import (
    AROUND,
    LEEWAY,
    STATEMENTS,
    Claim,
    Disagreement,
    Valued,
    agreed,
    claims_of,
    differences,
    statements,
)
from qa.hit import Hit
from qa.retriever import Retriever
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, faq, knowledge

LONG = "How long is the canal?"


def said(question: str, *texts: str) -> list[tuple[str, list[str]]]:
    """What is said to differ when each text stands in a document of its own."""
    claims = [Claim(text, f"d{place}") for place, text in enumerate(texts)]
    found = differences(question, claims)
    return [(one.about, [value.value for value in one.values]) for one in found]


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


DIFFERING = rows("""
How long is the canal? | The canal is 248 km long. | The canal is 250 km long. | length
How long is the canal? | The 248-kilometre-long canal. | The canal spans 250 kilometres. | length
how wide is the canal | The canal is four km wide. | A canal 5 km wide. | width
How deep is the lake? | The lake is 30 m deep. | The lake has a depth of 40 m. | depth
What is the height of the tower? | The tower is 30 m high. | A 50-metre-high tower. | height
How old is the actor? | The actor is 30 years old. | The actor is 40 years old. | age
What is the area of the park? | The park's area is 3 km². | The park's area: 9 km². | area
How much does the ticket cost? | The ticket costs $20. | The ticket costs $25. | amount
What is the fee for a visa? | The fee for a visa is €80. | A visa: the fee is €90. | amount
How long does delivery take? | Delivery takes 3 days. | Delivery takes two weeks. | duration
How many days can I return it? | Return it within 9 days. | 30 days to return it. | duration
How many shops has Leith? | Leith has 15 shops. | Leith has ten shops. | number
What is the population of Leith? | Leith has 428 inhabitants. | Leith: a population of 51. | number
How hot is the spring? | The spring is 40 °C hot. | The spring is 50 °C hot. | temperature
When was the school founded? | It was founded in 1912, the school. | A school formed in 1850. | date
When did the war end? | The war ended on 27 July 1953. | The war ended in 1954. | date
What year was the bridge built? | The bridge was built in 1899. | A bridge built in 1901. | date
When is the deadline for papers? | Deadline for papers: 31 March. | Papers' deadline: May 15. | date
When was Ada Stone born? | Ada Stone (5 May 1884 – 7 June 1959). | Ada Stone, born in 1885. | date
When did Ada Stone die? | Ada Stone (5 May 1884 – 7 June 1959). | Ada Stone died in 1960. | date
Who directed the film? | The film was directed by Jon Hay. | A film directed by Tate Taylor. | name
Who is the film's director? | The film's director is Jon Hay. | A film directed by Al Poe. | name
Who founded the company? | Ada Stone founded the company. | A company founded by Jon Hay. | name
Where is Oak School? | Oak School is in Salem, Ohio. | Oak School is one in Dover, Kent. | place
Are dogs allowed on beaches? | Dogs are allowed on beaches. | No dogs allowed on beaches. | answer
""")

AGREEING = rows("""
How long is the canal? | The canal is 248 km long. | The canal is about 250 km long.
How long is the canal? | The canal is 4 km long. | The canal is 2.5 miles long.
How long is the canal? | The canal is 4 km long. | The four-kilometre-long canal is old.
How long is the canal? | The canal is 4 km wide. | The canal is 250 km long.
How long is the canal? | The canal is 4 km long. | The river is 250 km long.
How long is the canal? | The canal is long. | The canal is 250 km long.
How many people came to Leith? | To Leith came 34,000 people. | To Leith came about 34,352 people.
How many shops has Leith? | Leith has 15 shops. | Leith is one of the shops' towns.
What is the population of Leith? | Leith has 428 inhabitants. | Leith has 59 inhabitants per mile.
How much does the ticket cost? | The ticket costs $20. | The ticket costs €18.
How long does delivery take? | Delivery takes 3 to 5 days. | Delivery takes 4 days.
When did the war end? | The war ended on 27 July 1953. | The war ended in 1953.
When did the 1953 war end? | The 1953 war ended. | The war of 1953 ended in July 1953.
When was the last war? | The last war was in 1953. | There was a war in 1914.
When did the war end? | The war ended in 1953. | The peace began in 1919.
When was Ada Stone born? | Ada Stone (1884 – 1959) sang. | Ada Stone was born on 5 January 1884.
Who directed the film? | The film was directed by Zoltán Korda. | A film directed by Zoltan Korda.
Who directed the film? | The film was directed by Jon Hay. | The film was written by Tate Taylor.
Who directed the film? | A film directed by American artists. | The film was directed by Jon Hay.
Where is Oak School? | Oak School is in Salem, Ohio. | Oak School is in Ohio, United States.
Where is Oak School? | Oak School is in Salem. | Oak School is in Ohio.
Are dogs allowed on the beach? | Dogs are allowed on the beach. | Dogs are welcome on every beach.
Why is the canal closed? | The canal is closed for 3 days. | The canal is closed for 5 days.
 | The canal is 4 km long. | The canal is 5 km long.
""")


@pytest.mark.parametrize(("question", "one", "other", "about"), DIFFERING)
def test_sources_that_differ(question: str, one: str, other: str, about: str) -> None:
    ((told, values),) = said(question, one, other)

    assert told == about
    assert len(values) == 2
    assert values[0] in one
    assert values[1] in other
    assert not agreed(question, [Claim(one, "a"), Claim(other, "b")])


@pytest.mark.parametrize(("question", "one", "other"), AGREEING)
def test_sources_that_do_not(question: str, one: str, other: str) -> None:
    assert said(question, one, other) == []


def test_a_value_stands_as_its_source_writes_it_with_the_claims_that_give_it() -> None:
    claims = [
        Claim("The canal is 248 km long.", "a"),
        Claim("Fish live in the canal.", "a"),
        Claim("The canal spans 250 kilometers (155 miles) and is 4 km wide.", "b"),
        Claim("The canal is 248 kilometres long.", "c"),
    ]

    (only,) = differences(LONG, claims)

    assert only == Disagreement(
        "length", (Valued("248 km", (0, 3)), Valued("250 kilometers", (2,)))
    )
    assert asdict(only) == {
        "about": "length",
        "values": (
            {"value": "248 km", "claims": (0, 3)},
            {"value": "250 kilometers", "claims": (2,)},
        ),
    }


def test_one_document_does_not_differ_from_itself() -> None:
    claims = [Claim("The canal is 248 km long.", "a"), Claim("The canal is 250 km long.", "a")]

    assert differences(LONG, claims) == ()


def test_a_document_that_gives_both_values_in_one_claim_agrees_with_either() -> None:
    both = "The war ended in 1953 or ended in 1954."

    assert said("When did the war end?", "The war ended in 1953.", both) == []
    assert said("When did the war end?", "The war ended in 1954.", both) == []


def test_three_values_are_all_named() -> None:
    texts = [f"The canal is {length} km long." for length in (7, 5, 9)]

    assert said(LONG, *texts) == [("length", ["7 km", "5 km", "9 km"])]


def test_context_tells_what_a_statement_is_about_but_gives_no_value() -> None:
    one = Claim("The Suez Canal is 193 km long.", "a")
    zone = Claim("It is 200 km long.", "b", context="The Suez Canal: 500 km of sand")

    assert said("How long is the Suez Canal?", one.text, zone.text) == []
    (only,) = differences("How long is the Suez Canal?", [one, zone])
    assert [value.value for value in only.values] == ["193 km", "200 km"]


def test_a_statement_about_another_name_is_left_out() -> None:
    question = "How long is the Suez Canal?"

    assert said(question, "The Suez Canal is 193 km long.", "The Kiel Canal is 98 km long.") == []
    assert (
        said(question.lower(), "The Suez Canal is 193 km long.", "The Kiel Canal is 98 km long.")
        == []
    )


def test_a_value_that_fits_worse_by_more_than_the_leeway_is_no_rival() -> None:
    assert LEEWAY == 1
    full = "The company opened a shop for visitors in 1990."
    less = "Visitors of the company came to the new shop in 1995."
    least = (
        "The company has a shop for visitors. Elsewhere, far from all of that, in 1980, it rained."
    )
    question = "When did the company open a shop for visitors?"

    assert said(question, full, less) == [("date", ["1990", "1995"])]
    assert said(question, full, least) == []


def test_documents_that_give_the_same_value_agree() -> None:
    claims = [Claim("The canal is 248 km long.", "a"), Claim("A 248-km-long canal.", "b")]

    assert agreed(LONG, claims)
    assert not agreed(LONG, claims[:1])
    assert not agreed(LONG, [])


def found(question: str, *documents: Document) -> tuple[Hit, ...]:
    encoder = KeywordEncoder("tide", "noon", "boats", "gulls")
    return Retriever(knowledge(encoder, *documents), encoder).retrieve(question)


def test_a_claim_is_a_sentence_of_a_hit_with_what_stands_around_it() -> None:
    text = "Boats lie here. The tide turns at noon. Does the tide turn at noon? Gulls cry."
    port = article("port", "Port", text)

    (hit,) = found("When does the tide turn at noon?", port)

    assert statements(hit) == (1, 0, 3)  # never the question
    told = Claim("The tide turns at noon.", "port", f"Port\n{text}\n{text}")
    assert claims_of(hit, [1], port) == [told]


def test_what_stands_far_from_a_passage_is_not_its_context() -> None:
    near, far = "N" * AROUND, "F" * 3 * AROUND
    long = article("long", "Long", "The tide turns at noon. " + "A" * 120, near, far)

    hit = found("When does the tide turn at noon?", long)[0]

    (context,) = (one.context for one in claims_of(hit, [0], long))
    assert "N" * (AROUND - 2) in context
    assert "F" not in context


def test_no_more_than_so_many_statements_of_a_passage_are_compared() -> None:
    entry = faq("faq:1", "Why?", "The tide turns. " * (STATEMENTS + 3))

    (hit,) = found("When does the tide turn?", entry)

    assert statements(hit) == tuple(range(STATEMENTS))


HOSTILE = [
    "9" * 5000,
    "1e999 nan inf -inf km",
    "٩" * 40 + " km long",
    "by " * 2000,
    "A." * 2000,
    "(" * 3000,
    "1 - 2 - 3 to 4 and 5 km " * 300,
    "nine hundred million and " * 500,
    "January 1, " * 1000,
    "not " * 2000,
    "\ud800 how long",
    "a" + "\u0301" * 3000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("question", [LONG, "When?", "Who by?", "Where?", "Is it?", "How many km?"])
def test_hostile_text_neither_raises_nor_differs_from_itself(question: str, text: str) -> None:
    claims = [Claim(text, "a", context=LONG), Claim(text, "b", context=text)]

    assert differences(question, claims) == ()
    assert differences(text, claims) == ()


WORDS = (
    "how long wide many who when where is was the canal by in built 248 250 km 4 miles about 1953 "
    "19 October 2025 Ada Stone Salem , Ohio . not - ( ) 1e999 nan ٣ people hundred million $ % °C"
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join))
CLAIMS = st.lists(st.builds(Claim, TEXTS, st.sampled_from("abc"), TEXTS), max_size=6)


@given(TEXTS, CLAIMS)
def test_whatever_is_asked_each_value_is_a_verbatim_part_of_the_claim_that_gives_it(
    question: str, claims: list[Claim]
) -> None:
    for one in differences(question, claims):
        assert len(one.values) > 1
        firsts = [value.claims[0] for value in one.values]
        assert len(set(firsts)) == len(firsts)
        for value in one.values:
            assert value.value
            assert any(value.value in claims[place].text for place in value.claims)


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_two_copies_of_one_document_never_differ(question: str, texts: list[str]) -> None:
    assert differences(question, [Claim(text, copy) for copy in "ab" for text in texts]) == ()
