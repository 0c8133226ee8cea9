"""Documents as readers make them, of any text, and what comes back from an export of them."""

from hypothesis import strategies as st

from index.documents import CELL, Document
from index.readers import READERS, Reading, SourceFile
from index.readers.draft import Entry, Piece, one_line, row
from index.readers.fields import Fields, printable_id
from index.readers.harvest import Harvest
from qa.export.job import FORMATS

# What has a meaning in one of the formats, beside any other text.
BITS = (
    *("=1+1", "+", "-", "@x", "'", "'=", '"', '""', ",", ";", "\t", "|", " | ", "\n", "\n\n", "  "),
    *("\\", "\\n", "\\|", "`", "```", "~~~", "*", "_", "[x](y)", "<b>", "</script>", "<!--", "]]>"),
    *("&amp;", "&", "#", "# ", "> ", "1. ", "1) ", "- ", "---", "===", "{", "}", "{{x}}", ":--"),
    *("\u3000", "\u00e9", "\u4e2d", "http://a_b.example/?c&d=1", "a", "b c", "http://x"),
)
TEXTS = st.lists(st.sampled_from(BITS) | st.text(max_size=5), min_size=1, max_size=5).map("".join)
LINES = TEXTS.map(one_line)
NAMES = LINES.filter(bool)


def _pieces() -> st.SearchStrategy[Piece]:
    blocks = st.builds(Piece, st.sampled_from(("paragraph", "item")), TEXTS)
    headings = st.builds(Piece, st.just("heading"), NAMES, st.integers(2, 6))
    # A bar at the edge of a cell is taken for one between cells wherever a row is split.
    cells = st.lists(LINES.map(lambda cell: cell.strip("| ")), min_size=1, max_size=3)
    rows = st.builds(row, st.sampled_from(("header", "row")), cells)
    return blocks | headings | rows


@st.composite
def entries(draw: st.DrawFn) -> list[Document]:
    """One or two FAQ entries, through the door that all readers use."""
    harvest = Harvest(SourceFile("made.txt", b""))
    for number in range(draw(st.integers(1, 2))):
        fields = Fields(
            id=printable_id(one_line(f"{number}{draw(LINES)}")),
            publisher=draw(LINES),
            url=draw(st.sampled_from(("", "https://library.example/faq?a=1&b=2#c"))),
            date=draw(st.sampled_from(("", "2025", "2025-10", "2025-10-19"))),
            language=draw(st.sampled_from(("", "en", "fr"))),
            tags=tuple(dict.fromkeys(draw(st.lists(NAMES, max_size=2)))),
            alternates=tuple(draw(st.lists(NAMES, max_size=2))),
        )
        answer = draw(st.lists(_pieces(), min_size=1, max_size=3))
        harvest.entry(Entry(Piece("heading", draw(NAMES)), tuple(answer)), "", fields)
    return harvest.documents


SUFFIXES = {
    "jsonl": ".jsonl",
    "csv": ".csv",
    "json-ld": ".jsonld",
    "html": ".html",
    "markdown": ".md",
    "qnamaker": ".tsv",
    "qnabot": ".json",
}


def there_and_back(format_: str, documents: list[Document]) -> Reading:
    """What a build reads in an export of these documents."""
    suffix = SUFFIXES[format_]
    data = FORMATS[format_](documents).text.encode()
    return READERS[suffix](SourceFile(f"export{suffix}", data))


def kinds(document: Document) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def words(document: Document) -> str:
    """The answer with each stretch of white space as one space, cells apart."""
    return one_line(document.text.replace(CELL, " "))
