"""`citewell export`: a knowledge base in a file or on standard output."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from index.build import build
from index.documents import Block, Document
from index.readers import read_folder
from index.readers.exported import guarded, unguarded
from qa.export.commands import Format
from qa.export.job import FORMATS, served_documents, write
from tests.conftest import Citewell
from tests.export.made import there_and_back
from tests.keyword_encoder import KeywordEncoder
from tests.readers.shape import problems, read

LIBRARY = {
    "faq.csv": "id,question,answer,alternates\n"
    'open,When is the library open?,"At nine.\n- Not on Sundays",Opening hours\n'
    "sum,What is =1+1?,=1+1,\n"
    "tag,What ends a script?,</script><!-- it does,\n",
    "rooms.md": "# Rooms\n\nThe reading room is quiet.\n",
}


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of three entries and an article."""
    folder = tmp_path_factory.mktemp("library")
    sources = folder / "sources"
    sources.mkdir()
    for name, text in LIBRARY.items():
        (sources / name).write_text(text)
    build(sources, folder / "kb", KeywordEncoder("library", "room"))
    return folder / "kb"


def test_the_formats_that_the_command_names_are_those_there_are() -> None:
    assert [*Format] == [*FORMATS]


def test_json_lines_build_the_same_documents_again(
    citewell: Citewell, kb: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all.jsonl"

    ran = citewell("export", "--kb", kb, "--out", out)

    assert ran == (0, "", "3 FAQ entries and 1 article written\n")
    again = read_folder(out)
    assert again.problems == ()
    kept = ("id", "kind", "title", "text", "blocks", "alternates")
    assert [[getattr(d, name) for name in kept] for d in again.documents] == [
        [getattr(d, name) for name in kept] for d in served_documents(kb)[0]
    ]
    assert [(d.source, d.line) for d in again.documents][:2] == [("all.jsonl", 1), ("all.jsonl", 2)]
    assert [*tmp_path.iterdir()] == [out]


def test_standard_output_holds_the_export_alone(citewell: Citewell, kb: Path) -> None:
    ran = citewell("export", "--kb", kb, "--format", "qnabot")

    assert [item["qid"] for item in json.loads(ran.out)["qna"]] == ["open", "sum", "tag"]
    assert ran.err.splitlines() == [
        "3 FAQ entries and 0 articles written",
        "left out: 1 article: this format holds FAQ entries alone; use jsonl",
    ]


@pytest.mark.parametrize("format_", [f for f in FORMATS if f != "jsonl"])
def test_the_entries_of_each_format_come_back(kb: Path, format_: str) -> None:
    documents = served_documents(kb)[0]

    reading = there_and_back(format_, documents)

    assert reading.problems == ()
    assert [(d.title, d.text, d.alternates) for d in reading.documents] == [
        (d.title, d.text, d.alternates) for d in documents if d.kind == "faq"
    ]


def test_no_cell_begins_as_a_formula_does(kb: Path) -> None:
    table = FORMATS["csv"](served_documents(kb)[0]).text

    rows = [*csv.reader(io.StringIO(table.removeprefix("\ufeff")))]
    assert rows[2][:3] == ["sum", "What is =1+1?", "'=1+1"]
    assert {cell[0] for row in rows for cell in row if cell} & set("=+-@\t\r") == set()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "'=1", "''@a", "'tis", "a=1", ""])
def test_a_guarded_cell_comes_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in set("=+-@\t\r")


def test_an_apostrophe_that_no_export_wrote_stays() -> None:
    (document,) = read("a.csv", "question,answer\nA?,'=1\n").documents
    assert document.text == "'=1"


def test_an_answer_changed_in_the_spreadsheet_is_read_like_any_other(kb: Path) -> None:
    table = FORMATS["csv"](served_documents(kb)[0]).text.replace("At nine.", "At ten o'clock.")

    first = read("a.csv", table).documents[0]

    assert (first.id, first.text) == ("open", "At ten o'clock.\n\nNot on Sundays")


@pytest.mark.parametrize("format_", ["json-ld", "html"])
def test_no_text_gets_out_of_its_script(kb: Path, format_: str) -> None:
    text = FORMATS[format_](served_documents(kb)[0]).text

    assert text.count("</script") == (format_ == "html")
    assert "<!--" not in text
    assert text.count("\\u003c/script") == 0  # escaped as HTML within the JSON: &lt;/script&gt;
    assert "\\u0026lt;/script\\u0026gt;" in text


def test_entries_that_qnabot_would_fill_in_are_left_out() -> None:
    blocks = (Block("paragraph", 0, 11),)
    document = Document("a", "faq", "Who?", "You {{are}}", "a.md", blocks)

    written = FORMATS["qnabot"]([document])

    assert (json.loads(written.text), written.entries) == ({"qna": []}, 0)
    assert written.left_out == ("1 entry with {{, which QnABot would fill in; use jsonl",)


def test_a_folder_is_not_written_over(citewell: Citewell, kb: Path, tmp_path: Path) -> None:
    ran = citewell("export", "--kb", kb, "--out", tmp_path)

    assert ran == (1, "", f"citewell: {tmp_path}: this is a folder; name a file in it\n")


def test_a_place_that_is_none_is_named(citewell: Citewell, kb: Path, tmp_path: Path) -> None:
    ran = citewell("export", "--kb", kb, "--out", tmp_path / "no" / "a.jsonl")

    assert (ran.code, ran.out) == (1, "")
    assert "cannot be written (No such file or directory); name another place" in ran.err


def test_the_old_file_stays_where_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "a.jsonl"
    out.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Exception, match="No space left on device"):
        write(out, b"new")
    assert [(p, p.read_text()) for p in tmp_path.iterdir()] == [(out, "old")]


def test_no_knowledge_base_and_a_damaged_one(citewell: Citewell, kb: Path, tmp_path: Path) -> None:
    missing = citewell("export", "--kb", tmp_path)
    documents = kb / "gen-1" / "documents.jsonl"
    whole = documents.read_bytes()
    documents.write_bytes(whole.replace(b"nine", b"nein"))
    damaged = citewell("export", "--kb", kb)
    documents.write_bytes(whole)

    assert (missing.code, damaged.code) == (4, 4)
    assert "no knowledge base here" in missing.err
    assert "documents.jsonl: has other bytes than were built" in damaged.err


def test_what_is_exported_of_a_degraded_one_is_said(
    citewell: Citewell, kb: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(kb, tmp_path / "kb")
    sources = shutil.copytree(kb.parent / "sources", tmp_path / "sources")
    (sources / "rooms.md").write_text("# Rooms\n\nThe reading room is loud.\n")
    build(sources, copy, KeywordEncoder("library", "room"))
    (copy / "gen-2" / "documents.jsonl").write_text("")

    ran = citewell("export", "--kb", copy)

    assert (ran.code, "is quiet" in ran.out) == (0, True)
    damage = "documents.jsonl: has 0 bytes, was built with"
    told, written = ran.err.splitlines()
    assert told.startswith(f"citewell: damaged: {copy}/gen-2/{damage}")
    assert told.endswith("; gen-1 serves in its place, and that is what was exported")
    assert written == "3 FAQ entries and 1 article written"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "At\u200bnine."}, "its text holds what no reader of a page sees"),
        ({"url": "javascript:alert(1)"}, "url is not http or https: javascript:alert(1); write"),
        ({"date": "2.1.2025"}, "date is not a day like 2025-10-19"),
        ({"alternates": "A?"}, "alternates is not a list of lines"),
        ({"title": 5}, "title is not text"),
        ({"id": "a\nb"}, "a document's id is printable text"),
        ({"blocks": [{"kind": "paragraph", "start": 0, "end": 3}]}, "x: text after 3 stands in no"),
        ({"blocks": [{"kind": "song", "start": 0, "end": 8}]}, "a block has no kind that we know"),
        ({"more": 1}, "unexpected keyword argument 'more'"),
    ],
)
def test_a_document_that_no_reader_made_is_a_problem(
    change: dict[str, object], reason: str
) -> None:
    document = Document("x", "faq", "Open?", "At nine.", "a.md", (Block("paragraph", 0, 8),))

    reading = read("a.jsonl", json.dumps(document.to_dict() | change))

    assert reading.documents == ()
    (problem,) = problems(reading)
    assert problem.startswith("a.jsonl:1: not a document as exported (")
    assert reason in problem
