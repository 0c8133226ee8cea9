import pytest

from index.documents import Block, Document, is_web_address
from qa.links import citation_link

from .corpus import article, faq, passage

PAGE = "https://example.org/page"


def link(text: str, url: str = PAGE) -> str:
    """The link to the whole of a one-passage article at `url`."""
    document = article("a", "A", text, url=url)
    return citation_link(document, passage(document), 0, len(text))


@pytest.mark.parametrize(
    ("quoted", "directive"),
    [
        ("It is long.", "It%20is%20long."),
        # The directive's own marks: a comma parts its ends, a dash its context, & directives.
        ("four-lane", "four%2Dlane"),
        ("long, wide & deep", "long%2C%20wide%20%26%20deep"),
        ("50% of #1 = a+b?", "50%25%20of%20%231%20%3D%20a%2Bb%3F"),
        ("a/b", "a%2Fb"),
        ("«Où?»", "%C2%ABO%C3%B9%3F%C2%BB"),
        ("長さは", "%E9%95%B7%E3%81%95%E3%81%AF"),
        ("طول", "%D8%B7%D9%88%D9%84"),
        ("one two three four five six seven eight nine ten eleven twelve",
         "one%20two%20three%20four%20five%20six%20seven%20eight%20nine%20ten%20eleven%20twelve"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen",
         "one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"),
        ("first line\nsecond line\nlast line", "first%20line,last%20line"),
        ("Zone | 248 km | 4 km", "Zone,4%20km"),
        ("two  spaces", "two%20spaces"),
    ],
)  # fmt: skip
def test_a_link_names_the_words_as_a_text_fragment(quoted: str, directive: str) -> None:
    assert link(quoted) == f"{PAGE}#:~:text={directive}"


def test_a_sentence_is_linked_by_its_own_words_alone() -> None:
    document = article("a", "A", "It is long. It is wide.", url=PAGE)

    assert citation_link(document, passage(document), 12, 23) == f"{PAGE}#:~:text=It%20is%20wide."


@pytest.mark.parametrize(
    ("url", "before"),
    [
        (f"{PAGE}?a=1&b=2", f"{PAGE}?a=1&b=2#"),
        (f"{PAGE}#size", f"{PAGE}#size"),
        (f"{PAGE}#size:~:text=old", f"{PAGE}#size"),
        (f"{PAGE}#:~:text=old", f"{PAGE}#"),
        (f"{PAGE}#", f"{PAGE}#"),
        ("HTTP://EXAMPLE.ORG/", "HTTP://EXAMPLE.ORG/#"),
    ],
)
def test_what_the_address_has_already_is_kept_but_for_an_older_directive(
    url: str, before: str
) -> None:
    assert link("It is long.", url) == f"{before}:~:text=It%20is%20long."


def test_the_nearest_headings_anchor_goes_before_the_words() -> None:
    text = "Size\n\nIt is long."
    blocks = (Block("heading", 0, 4, level=2, anchor="the-größe"), Block("paragraph", 6, 17))
    document = Document("a", "article", "A", text, "a.md", blocks, url=f"{PAGE}#top")

    assert citation_link(document, passage(document), 0, 11) == (
        f"{PAGE}#the-gr%C3%B6%C3%9Fe:~:text=It%20is%20long."
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JavaScript://example.org/%0Aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "//example.org/a",
        "/a",
        "example.org/a",
        "https:",
        "https:///a",
        "http://[::1/a",
    ],
)
def test_only_absolute_http_addresses_are_linked(url: str) -> None:
    assert not is_web_address(url)
    assert link("It is long.", url) == "/source/a%3Ap1?start=0&end=11#quote"


@pytest.mark.parametrize(
    ("id_", "encoded"),
    [
        ("faq.md:q1", "faq.md%3Aq1"),
        ("a/b.md", "a%2Fb.md"),
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("a b?c#d%e&f", "a%20b%3Fc%23d%25e%26f"),
        ('"><script>', "%22%3E%3Cscript%3E"),
        ("größe", "gr%C3%B6%C3%9Fe"),
    ],
)
def test_odd_characters_of_an_id_are_percent_encoded(id_: str, encoded: str) -> None:
    entry = faq(id_, "How long?", "It is long.")

    found = citation_link(entry, passage(entry), 3, 10)

    assert found == f"/source/{encoded}?start=3&end=10#quote"


def test_a_row_of_a_table_is_linked_by_its_first_and_last_cell() -> None:
    header, row = "Place | Length", "Zone | 248 km"
    blocks = (Block("header", 0, 14), Block("row", 15, 28))
    table = Document("t", "article", "T", f"{header}\n{row}", "t.csv", blocks, url=PAGE)

    assert citation_link(table, passage(table), 0, 13) == f"{PAGE}#:~:text=Zone,248%20km"


@pytest.mark.parametrize(
    ("cells", "directive"),
    [
        (" | 248 km | 4 km", "248%20km,4%20km"),
        ("Zone | 248 km | ", "Zone,248%20km"),
        (" | 248 km | ", "248%20km"),
    ],
)
def test_an_empty_cell_is_no_end_of_a_link(cells: str, directive: str) -> None:
    text = "A | B | C\n" + cells
    blocks = (Block("header", 0, 9), Block("row", 10, len(text)))
    table = Document("t", "article", "T", text, "t.csv", blocks, url=PAGE)

    assert citation_link(table, passage(table), 0, len(cells)) == f"{PAGE}#:~:text={directive}"


def test_a_quote_of_a_pdf_is_linked_by_its_page_where_the_file_has_an_address() -> None:
    text = "First page.\n\nSecond page."
    blocks = (Block("paragraph", 0, 11, page=1), Block("paragraph", 13, 25, page=2))
    document = Document("a", "article", "A", text, "a.pdf", blocks, url=f"{PAGE}.pdf")

    assert citation_link(document, passage(document), 0, 11) == f"{PAGE}.pdf#page=1"
    assert citation_link(document, passage(document), 13, 25) == f"{PAGE}.pdf#page=2"
