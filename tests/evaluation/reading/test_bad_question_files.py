"""Question files as they should not be: each is refused on one line that says what to do."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import EvaluationError
from qa.evaluation.reading import read_questions
from tests.evaluation.reading.shape import Files, said, write

NONE_READ = "no question could be read, 1 problem; mend it"

# A file that cannot be read at all: its name, what is in it, the message.
UNREADABLE: list[tuple[str, str | bytes, str]] = [
    ("a.csv", b"", "a.csv: this file is empty; write something in it or name another"),
    (
        "a.jsonl",
        b"\xef\xbb\xbf \r\n\t\n",
        "a.jsonl: this file is empty; write something in it or name another",
    ),
    ("a.csv", b"q\ncaf\xe9?\n", "a.csv:2: not UTF-8 at byte 5; save the file as UTF-8"),
    ("a.jsonl", b'{"q": "caf\xe9?"}', "a.jsonl:1: not UTF-8 at byte 10; save the file as UTF-8"),
    ("a.tsv", "q\nWhen?\n".encode("utf-16"), "a.tsv:1: saved as UTF-16; save the file as UTF-8"),
    (
        "a.json",
        '[{"q": "When?"}]'.encode("utf-16-be"),
        "a.json:1: holds binary data, not text; remove it or give it the suffix of its format",
    ),
    (
        "a.csv",
        b"q\nWhen\0?\n",
        "a.csv:2: holds binary data, not text; remove it or give it the suffix of its format",
    ),
    ("a.csv", "question\n", "a.csv: holds no question; write one"),
    ("a.json", "[]", "a.json: holds no question; write one"),
    ("a.json", '{"questions": []}', "a.json: holds no question; write one"),
    (
        "a.json",
        '{"data": [{"title": "A", "paragraphs": []}]}',
        "a.json: holds no question; write one",
    ),
    (
        "a.csv",
        "ask,answer\nWhen?,nine\n",
        "a.csv:1: no column named question, only: ask, answer; name the one with the questions so",
    ),
    (
        "a.csv",
        "\n\nWhen?\n",
        "a.csv:3: no column named question, only: When?; name the one with the questions so",
    ),
    (
        "a.csv",
        ",,\n,\n",
        "a.csv:1: no column named question, only: none; name the one with the questions so",
    ),
    (
        "a.csv",
        "q,Query\nWhen?,When?\n",
        "a.csv:1: more than one column for question: q, Query; rename all but one",
    ),
    (
        "a.csv",
        "q,answer,ground_truth\nWhen?,ten,nine\n",
        "a.csv:1: more than one column for answers: answer, ground_truth; rename all but one",
    ),
    (
        "a.csv",
        "q,tags,tags\nWhen?,a,b\n",
        "a.csv:1: more than one column for tags: tags, tags; rename all but one",
    ),
    ("a.csv", "q" + "," * 1_000 + "\n", "a.csv:1: 1,001 columns; keep to 1,000"),
    (
        "a.csv",
        '"q"x,a\nWhen?,nine\n',
        "a.csv:1: this row is not CSV (',' expected after '\"'); write quotes within a quoted "
        "cell twice",
    ),
    (
        "a.csv",
        "q\n" + "x" * 20_000_001,
        "a.csv:2: this line has more than 20,000,000 characters; write one row a line",
    ),
    (
        "a.json",
        '[{"q": "When?"},]',
        "a.json:1: not JSON: Expecting value at character 17; mend the file there",
    ),
    (
        "a.json",
        '{"q": "When?"}\n{"q": "Who?"}\n',
        "a.json:2: not JSON: Extra data at character 1; where each line is a record, name the "
        "file .jsonl",
    ),
    (
        "a.json",
        '[\n{"q": "When?", "x": NaN}]',
        "a.json:1: NaN is no number in JSON; write null where there is none",
    ),
    (
        "a.json",
        '[{"q": "When?", "x": -Infinity}]',
        "a.json:1: -Infinity is no number in JSON; write null where there is none",
    ),
    (
        "a.json",
        '[{"q": "When?", "sources": {"a": 1e999}}]',
        "a.json:1: a number is too large; write it as text",
    ),
    (
        "a.json",
        '[{"q": "When?", "id": ' + "9" * 5_000 + "}]",
        "a.json:1: a number has too many digits; write it as text",
    ),
    ("a.json", "[" * 100_000, "a.json:1: nests too deep; write records of texts and lists"),
    ("a.json", '{"q": ' * 100_000, "a.json:1: nests too deep; write records of texts and lists"),
    ("a.json", '[{"q": "When?", "q": "Who?"}]', "a.json:1: an object has 'q' twice; remove one"),
    (
        "a.json",
        '"When?"',
        "a.json:1: this is a text, not a list of records; write a list of records, or an object "
        "with that list as questions",
    ),
    (
        "a.json",
        "null",
        "a.json:1: this is null, not a list of records; write a list of records, or an object "
        "with that list as questions",
    ),
    (
        "a.json",
        '{"q": "When?"}',
        "a.json:1: no list as questions, cases, data, samples, examples; write a list of "
        "records, or an object with that list as questions",
    ),
    (
        "a.json",
        '{"data": [], "cases": [{"q": "When?"}]}',
        "a.json:1: more than one list: cases, data; remove all but one",
    ),
    (
        "a.txt",
        "When does it leave?\n",
        "a.txt: .txt files are not read; give .csv, .tsv, .jsonl, .json or a folder in the BEIR "
        "layout",
    ),
    (
        "a.csv",
        "q1 0 d1 1\n",
        "a.csv: this file holds qrels; give the questions file and pass this one with --qrels",
    ),
    (
        "a.tsv",
        "q1 Q0 d1 1 9.5 bm25\n",
        "a.tsv: this file holds a run, results that were ranked; give the questions file",
    ),
]

# A file with one record, whose problem it is: its name, what is in it, the line and the reason.
ONE_PROBLEM: list[tuple[str, str, str]] = [
    ("a.csv", "q\n\u200b\n", "2: the question is empty; type one"),
    ("a.csv", "q,a\n,nine\n", "2: no question here; write one or remove the record"),
    (
        "a.csv",
        "q,a\nWhen, then?,nine\n",
        "2: this row has 3 cells and the header 2 cells; quote a cell that holds a separator or "
        "a line end",
    ),
    (
        "a.csv",
        'q,a\n"When?,nine\n',
        "2: this row is not CSV (unexpected end of data); write quotes within a quoted cell twice",
    ),
    (
        "a.csv",
        "q\n" + "x" * 10_001,
        "2: the question has 10,001 characters, at most 500 are read; shorten it",
    ),
    (
        "a.csv",
        'q,x\nWhen?,"' + "x" * 140_000 + '"\n',
        "2: this row is not CSV (field larger than field limit (131072)); write quotes within a "
        "quoted cell twice",
    ),
    (
        "a.csv",
        "q,answerable\nWhen?,perhaps\n",
        "2: answerable is 'perhaps'; write true, false, yes, no, y, n, 1 or 0",
    ),
    (
        "a.csv",
        "q,answerable\nWhen?," + "x" * 99,
        "2: answerable is '" + "x" * 79 + "…'; write true, false, yes, no, y, n, 1 or 0",
    ),
    (
        "a.csv",
        "q,is_impossible,answer\nWhen?,1,nine\n",
        "2: this question is labelled not answerable and has an answer; remove one of the two",
    ),
    (
        "a.csv",
        "q,answerable,unanswerable\nWhen?,no,no\n",
        "2: answerable and unanswerable say opposite things; remove one of them",
    ),
    (
        "a.csv",
        "q,id\nWhen?,\x1b[2J\n",
        r"2: id holds '\x1b[2J', which does not print as it is; mend it",
    ),
    (
        "a.csv",
        "q,source\nWhen?,a\u202e.md\n",
        r"2: sources holds 'a\u202e.md', which does not print as it is; mend it",
    ),
    (
        "a.jsonl",
        '{"q": "When?"',
        "1: not JSON: Expecting ',' delimiter at character 14; mend the file there",
    ),
    ("a.jsonl", '"When?"', "1: this is a text, not a record; write an object with its fields"),
    ("a.jsonl", '{"q": "\\ud800"}', "1: the question holds a broken character; type it again"),
    (
        "a.jsonl",
        '{"q": "When?", "answer": "\\udfff"}',
        "1: answers holds a broken character; write it anew",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "source": "\\ud800"}',
        "1: sources holds a broken character; write it anew",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "history": ["\\ud800"]}',
        "1: turn holds a broken character; write it anew",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "source": {"a": NaN}}',
        "1: NaN is no number in JSON; write null where there is none",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "source": {"a": null}}',
        "1: sources has a grade that is no whole number up to 100; mend it",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "source": {"a": -1e300, "b": 1e300}}',
        "1: sources has a grade that is no whole number up to 100; mend it",
    ),
    ("a.jsonl", '{"q": {"text": "When?"}}', "1: question is an object, not text; write it as text"),
    (
        "a.jsonl",
        '{"q": "When?", "tags": [["a"]]}',
        "1: tags holds a list; write it as a text or a list of texts",
    ),
    (
        "a.jsonl",
        '{"q": "When?", "like": ["a"]}',
        "1: like holds a list, not an id; write it as text",
    ),
    (
        "a.jsonl",
        '{"q": ' + "[" * 100_000 + "}",
        "1: nests too deep; write records of texts and lists",
    ),
    (
        "a.json",
        '[\n\n{"question": "When?", "text": "At nine."}]',
        "3: more than one value for question: question, text; remove all but one",
    ),
    ("a.json", "[\n[]]", "2: this is a list, not a record; write an object with its fields"),
    (
        "a.json",
        '{"data": [{"paragraphs": [{"qas": [{"question": "When?"}]}]}]}',
        "1: a paragraph without context, 1 question left out; add its text",
    ),
]

QUERIES, CORPUS = '{"_id": "1", "text": "When?"}', '{"_id": "a", "text": "At nine."}'
LAYOUT = "a folder of questions has queries.jsonl, corpus.jsonl and qrels.tsv or qrels/test.tsv"

# A folder that cannot be read at all: what is in it, the message after its path, or as it is.
FOLDERS: list[tuple[Files, str]] = [
    ({"x.csv": "q\nWhen?"}, f"{{}}: no queries.jsonl in it; {LAYOUT}"),
    ({"corpus.jsonl": CORPUS}, f"{{}}: no queries.jsonl in it; {LAYOUT}"),
    ({"queries.jsonl": QUERIES}, f"{{}}: no corpus.jsonl in it; {LAYOUT}"),
    (
        {"queries.jsonl/x": "", "corpus.jsonl": CORPUS},
        "{}/queries.jsonl: a folder, not a file; name a file in it",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": ""},
        "corpus.jsonl: this file is empty; write something in it or name another",
    ),
    (
        {"queries.jsonl": "\n \n", "corpus.jsonl": CORPUS},
        "queries.jsonl: this file is empty; write something in it or name another",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": b"{}\n\xff"},
        "corpus.jsonl:2: not UTF-8 at byte 0; save the file as UTF-8",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS.encode("utf-16")},
        "corpus.jsonl:1: saved as UTF-16; save the file as UTF-8",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": b"\0"},
        "corpus.jsonl:1: holds binary data, not text; remove it or give it the suffix of its "
        "format",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": b" " * 20_000_000 + b"{}"},
        "corpus.jsonl:1: this line has more than 20,000,000 bytes; write one record a line",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS, "qrels": "1\ta\t1"},
        "{}/qrels: cannot be listed (Not a directory); check its permissions",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS, "qrels.tsv": ""},
        "qrels.tsv: this file is empty; write something in it or name another",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS, "qrels.tsv": "1 Q0 a 1 2.5 x"},
        "qrels.tsv: this file holds a run, results that were ranked; give a file of qrels",
    ),
    (
        {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS, "qrels/a.tsv": "", "qrels/b.tsv": ""},
        "{}: holds qrels/a.tsv, qrels/b.tsv; name the one to read with --qrels",
    ),
]


@pytest.mark.parametrize(("name", "data", "message"), UNREADABLE)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, name: str, data: str | bytes, message: str
) -> None:
    write(tmp_path, {name: data})

    assert said(tmp_path / name) == (message, [])


@pytest.mark.parametrize(("name", "data", "problem"), ONE_PROBLEM)
def test_a_record_that_cannot_be_read(tmp_path: Path, name: str, data: str, problem: str) -> None:
    write(tmp_path, {name: data})

    assert said(tmp_path / name) == (f"{name}: {NONE_READ}", [f"{name}:{problem}"])


@pytest.mark.parametrize(("files", "message"), FOLDERS)
def test_a_folder_that_cannot_be_read(tmp_path: Path, files: Files, message: str) -> None:
    write(tmp_path, files)

    assert said(tmp_path) == (message.format(tmp_path), [])


# Whatever the bytes, there are questions or there is an EvaluationError.

BITS: dict[str, list[str]] = {
    "a.csv": ["q,source\n", "When?,a\n", '"', "q;id\n", "q\tid\n", "\n", ",", "x 0 y 1\n", "no"],
    "a.jsonl": ["{", "}", '"q":', '"When?"', ",", "\n", '"id":', "1", "[", "]", r'"\ud800"'],
    "a.json": [
        *("[", "]", "{", "}", '"q":', '"When?"', ",", "1", "null", r'"\ud800"', "\n"),
        *('{"data": [', '"paragraphs": [', '"qas": [', '"context":', '"question":', '"answers":'),
        *('"history": [', '"role": "user"', '"content":', '"sources": {"a":', "NaN", '{"q": "x"}'),
    ],
}
BITS |= {"a.tsv": BITS["a.csv"], "corpus.jsonl": BITS["a.jsonl"], "queries.jsonl": BITS["a.jsonl"]}
BITS |= {"qrels.tsv": ["1", "a", "\t", " ", "0", "\n", "query-id", "score", "-", ".0", "Q0"]}
BEIR: dict[str, bytes] = {
    "queries.jsonl": QUERIES.encode(),
    "corpus.jsonl": CORPUS.encode(),
    "qrels.tsv": b"1\ta\t1\n",
}


def check(name: str, data: bytes) -> None:
    """Read a file of these bytes, by itself or in its place in a BEIR folder."""
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), BEIR | {name: data} if name in BEIR else {name: data})
        path = Path(place) if name in BEIR else Path(place) / name
        try:
            questions, problems = read_questions(path, skip_errors=True)
        except EvaluationError as error:
            said_so = [str(error), *map(str, error.problems)]
        else:
            said_so = [*questions.notes, *map(str, problems)]
            assert questions.cases
            assert len({case.id for case in questions.cases}) == len(questions.cases)
            assert all(case.question.strip() and case.id for case in questions.cases)
            repr(questions).encode()
            assert problems or read_questions(path) == (questions, ())
        assert all(line.isprintable() for line in said_so)


@pytest.mark.parametrize("name", sorted(BITS))
def test_any_text_gives_questions_or_an_error(name: str) -> None:
    @settings(max_examples=80, deadline=None)
    @given(st.lists(st.sampled_from(BITS[name]) | st.text(max_size=8), max_size=25))
    def property_(parts: list[str]) -> None:
        check(name, "".join(parts).encode("utf-8", "ignore"))

    property_()


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([*sorted(BITS), "a.txt", "a"]))
def test_any_bytes_give_questions_or_an_error(data: bytes, name: str) -> None:
    check(name, data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("id", "question", "sources", "answers", "answerable", "is_impossible", "tags", "history")
RECORDS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORDS | st.fixed_dictionaries({"q": st.text(max_size=9)}), max_size=4))
def test_any_values_give_questions_or_an_error(records: list[dict[str, object]]) -> None:
    check("a.json", json.dumps(records).encode())
    check("a.jsonl", "\n".join(map(json.dumps, records)).encode())
