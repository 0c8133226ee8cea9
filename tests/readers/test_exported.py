"""What an export wrote is read back whole, and not believed where somebody has changed it."""

import json

import pytest

from index.readers import Reading
from tests.readers.shape import blocks, problems, read

GOOD = {
    "id": "a",
    "kind": "article",
    "title": "Ferries",
    "text": "The ferry leaves at nine.",
    "source": "a.pdf",
    "blocks": [{"kind": "paragraph", "start": 0, "end": 25, "level": 0, "anchor": "", "page": 3}],
    "line": 1,
    "alternates": [],
    "publisher": "",
    "url": "",
    "date": "",
    "language": "",
    "tags": [],
}


def lines(*records: object) -> Reading:
    return read("all.jsonl", "\n".join(map(json.dumps, records)))


def test_a_document_comes_back_with_its_pages() -> None:
    (document,) = lines(GOOD).documents

    assert blocks(document) == [("paragraph", "The ferry leaves at nine.")]
    assert document.page_at(0) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("page", "3"), ("page", -3), ("page", True), ("page", None), ("level", -1), ("start", "0")],
)
def test_a_block_with_a_place_that_is_none_costs_its_document_alone(
    field: str, value: object
) -> None:
    bad = {**GOOD, "id": "b", "blocks": [{**GOOD["blocks"][0], field: value}]}  # type: ignore[index]

    reading = lines(bad, GOOD)

    (problem,) = problems(reading)
    assert problem.startswith("all.jsonl:1: not a document as exported (")
    assert [document.id for document in reading.documents] == ["a"]
