"""Whatever a file holds, a reader gives documents or problems, and never raises."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document
from index.readers import READERS, read_folder
from tests.readers.shape import read_bytes

BITS = {
    ".txt": [
        "-\n",
        "Title\n",
        "| a |\n",
        "|---|\n",
        "- x\n",
        "Title: t\n",
        "By Ann\n",
        "why?\n",
        "Q: a?\n",
        "A. b\n",
    ],
    ".md": [
        "---\n",
        "# Q?\n",
        "## h\n",
        "- x\n",
        "| a |\n",
        "|---|\n",
        "<b>",
        "```\n",
        "a: b\n",
        "draft: true\n",
    ],
    ".html": [
        "<p>",
        "<h2>Q?",
        "<details>",
        "<summary>q",
        "</details>",
        "<table>",
        "<tr><td>",
        "<br>",
    ],
    ".csv": ["q,a\n", "x,y\n", '"', "a;q\n", "\n", ",", "x\n"],
    ".json": ["[", "]", "{", "}", '"q":', '"a?"', ",", "1", '"faqs":', r'"\ud800"', "null"],
}
BITS |= {".htm": BITS[".html"], ".markdown": BITS[".md"], ".tsv": BITS[".csv"]}
BITS |= {".jsonl": [*BITS[".json"], "\n"], ".jsonld": ['{"@type": "FAQPage",', *BITS[".json"]]}
BITS[".tsv"] = [*BITS[".tsv"], "Question\tAnswer\tSource\tMetadata\n", "\t", "x:y|"]
BITS[".json"] = [*BITS[".json"], '{"qna":[{', '"a":"b"', '{"qnas":[{', '"blocks":[', '"id":"x"']
BITS |= {".jsonl": [*BITS[".json"], "\n"]}
BITS |= {".docx": ["PK\x03\x04", "<w:p>"], ".xlsx": ["PK\x05\x06", "<row>"]}
BITS[".pdf"] = ["%PDF-1.4\n", "1 0 obj\n", "<<", ">>", "endobj\n", "stream\n", "trailer\n", "%%EOF"]


def check(document: Document) -> None:
    # Construction has checked the blocks; what is left is that it can be stored and shown.
    assert Document.from_dict(document.to_dict()) == document
    assert document.title.strip()
    assert document.text.strip()
    document.text.encode()


def test_every_suffix_is_tried() -> None:
    assert sorted(BITS) == sorted(READERS)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_any_text_gives_documents_or_problems(suffix: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(BITS[suffix]) | st.text(max_size=8), max_size=25))
    def property_(parts: list[str]) -> None:
        text = "".join(parts).encode("utf-8", "ignore")
        for document in read_bytes(f"a{suffix}", text).documents:
            check(document)

    property_()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(READERS)))
def test_a_file_of_any_bytes_is_accounted_for(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a{suffix}").write_bytes(data)
        reading = read_folder(Path(folder))
    assert reading.documents or reading.problems
    for document in reading.documents:
        check(document)
