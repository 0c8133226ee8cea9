from dataclasses import replace

from qa import show
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.answerer import Answerer, Explained
from qa.confidence import SHIPPED
from tests.keyword_encoder import KeywordEncoder

from .corpus import article, faq, knowledge

ZONE = Citation(
    number=1,
    passage="zone:p1",
    document="zone",
    kind="article",
    title="The zone",
    publisher="The Gazette",
    date="2025-10-19",
    url="https://gazette.example/zone",
    link="https://gazette.example/zone#:~:text=It%20is%20248%20km%20long.",
    source="articles/zone.md",
    headings=("A buffer", "Size"),
    header="",
    context="It is 248 km long.",
)
TABLE = replace(
    ZONE,
    number=2,
    passage="table:p1",
    title="Sizes",
    publisher="",
    date="",
    url="",
    link="/source/table%3Ap1?start=0&end=20#quote",
    source="sizes.csv",
    headings=(),
    header="Place | Length | Width",
    context="Zone | 250 km | 4 km",
)
ANSWERED = Answer(
    id="a1",
    question="How long is the zone?",
    status="answered",
    quotes=(
        Quote("It is 248 km long.", "zone:p1", 0, 18, citation=1),
        Quote("Zone | 250 km | 4 km", "table:p1", 0, 20, citation=2),
    ),
    citations=(ZONE, TABLE),
    confidence=0.9,
    generation="gen-1",
    took_ms=1.0,
)
ABSTAINED = replace(ANSWERED, status="abstained", quotes=(), citations=())


def test_an_answer_shows_its_quotes_and_below_them_where_they_stand() -> None:
    assert show.answer(ANSWERED) == (
        "“It is 248 km long.” [1]\n"
        "“Zone | 250 km | 4 km” [2]\n"
        "\n"
        "[1] The zone › A buffer › Size\n"
        "    The Gazette, 2025-10-19\n"
        "    https://gazette.example/zone#:~:text=It%20is%20248%20km%20long.\n"
        "[2] Sizes\n"
        "    Place | Length | Width\n"
        "    sizes.csv"
    )


def test_a_quote_keeps_its_lines() -> None:
    quote = Quote("First line.\n\nLast line.", "zone:p1", 0, 23, citation=1)
    citation = replace(ZONE, context=quote.text)
    answer = replace(ANSWERED, quotes=(quote,), citations=(citation,))

    assert show.answer(answer).startswith("“First line.\n\nLast line.” [1]\n\n[1] The zone")


def test_the_paragraph_of_a_quote_follows_its_citation() -> None:
    context = "Before it.\n\nIt is 248 km long. Nobody lives there.\n\nAfter it."
    quote = Quote("It is 248 km long.", "zone:p1", 12, 30, citation=1)
    citation = replace(ZONE, headings=(), context=context)

    assert show.answer(replace(ANSWERED, quotes=(quote,), citations=(citation,))) == (
        "“It is 248 km long.” [1]\n"
        "\n"
        "[1] The zone\n"
        "    The Gazette, 2025-10-19\n"
        "    https://gazette.example/zone#:~:text=It%20is%20248%20km%20long.\n"
        "\n"
        "    It is 248 km long. Nobody lives there.\n"
    )


def test_an_abstention_says_so() -> None:
    assert show.answer(ABSTAINED) == "The sources don't say."


def test_an_abstention_shows_what_comes_closest() -> None:
    nearest = (
        Suggestion("How wide is the zone?", "faq:1"),
        Suggestion("The zone: Size", "zone:p1"),
    )

    assert show.answer(replace(ABSTAINED, nearest=nearest)) == (
        "The sources don't say.\nClosest:\n  How wide is the zone?\n  The zone: Size"
    )


def test_nothing_in_a_source_moves_the_cursor_or_colours_the_terminal() -> None:
    evil = "\x1b[31mred\x1b]0;title\x07\rback\x08\x9b2J\u202eover"
    quote = Quote(evil, "zone:p1", 0, len(evil), citation=1)
    citation = replace(
        ZONE,
        title=evil,
        headings=(evil,),
        header=evil,
        publisher=evil,
        date=evil,
        link=evil,
        context=evil,
    )
    answer = replace(ANSWERED, quotes=(quote,), citations=(citation,))

    shown = show.answer(answer)

    inert = r"\x1b[31mred\x1b]0;title\x07 back\x08\x9b2J\u202eover"
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert shown.endswith(f"[1] {inert} › {inert}\n    {inert}\n    {inert}, {inert}\n    {inert}")


def test_nothing_in_a_suggestion_does_either() -> None:
    nearest = (Suggestion("\x1b[2J\nThe sources say: 5", "p"),)

    assert show.answer(replace(ABSTAINED, nearest=nearest)) == (
        "The sources don't say.\nClosest:\n  \\x1b[2J The sources say: 5"
    )


def explained(question: str) -> Explained:
    encoder = KeywordEncoder("ferry", "fog")
    documents = (
        faq("faq:1", "When does the ferry leave?", "The ferry leaves at nine."),
        article("weather", "Weather", "Fog stays until noon."),
    )
    return Answerer(knowledge(encoder, *documents), encoder).explain(question)


def test_an_explanation_gives_the_line_and_the_parts_of_every_score() -> None:
    given = explained("When does the ferry leave?")

    first, second = given.hits
    near, far = (f"{chance:.2f}" for chance in given.confidences)
    one, other, like = f"{first.score:.3f}", f"{second.score:.3f}", f"{second.wording:.3f}"
    sure = f"{given.answer.confidence:.2f}"
    assert show.explanation(given).split("\n") == [
        "",
        f"answered: confidence {sure}, answers from {SHIPPED.answer_from:.2f}",
        "rank  score   passage  sentence  wording  words  coverage  confidence  passage id",
        f"   1  {one}     1.000     1.000    1.000  1.000     1.000        {near}  faq:1",
        f"   2  {other}     0.000     0.000    {like}  0.000     0.000        {far}  weather:p1",
    ]


def test_an_explanation_of_an_abstention_says_so() -> None:
    found = explained("Who won?")

    said = f"abstained: confidence {max(found.confidences):.2f}, answers from"
    assert show.explanation(found).split("\n")[1].startswith(said)


def test_values_that_differ_stand_above_the_quotes_with_their_citations() -> None:
    values = [{"value": "248 km", "quotes": [0]}, {"value": "250 km", "quotes": [1]}]
    answer = replace(ANSWERED, disagreements=({"about": "length", "values": values},))

    assert show.answer(answer).startswith(
        "Sources differ on the length:\n  248 km [1]\n  250 km [2]\n“It is 248 km long.” [1]\n"
    )


def test_what_was_answered_and_a_warning_come_first() -> None:
    answer = replace(ANSWERED, answering="How long is the zone?", warning="Unknown language.")

    assert show.answer(answer).splitlines()[:2] == [
        "Answering: How long is the zone?",
        "Note: Unknown language.",
    ]


def test_small_talk_is_the_reply_alone() -> None:
    polite = Answer("1", "Hi", "abstained", (), (), 0.1, "gen-1", 1.0, reply="Hello.")

    assert show.answer(polite) == "Hello."


def test_a_question_back_lists_what_may_be_meant() -> None:
    choices = (Suggestion("How long is it?", "a"), Suggestion("How wide is it?", "b"))
    unsure = Answer("1", "Size?", "ask_back", (), (), 0.4, "gen-1", 1.0, choices=choices)

    assert show.answer(unsure) == "Did you mean:\n  How long is it?\n  How wide is it?"


def test_a_citation_shows_its_page_before_who_says_so() -> None:
    shown = show.answer(replace(ANSWERED, citations=(replace(ZONE, page=3), TABLE)))
    assert "    p. 3, The Gazette, 2025-10-19\n" in shown
