"""A folder in the BEIR layout: corpus.jsonl, queries.jsonl and qrels."""

from collections.abc import Callable
from pathlib import Path

from index.documents import Block, Document
from index.errors import ReadError
from index.readers.draft import one_line
from index.readers.fields import iso_date, plain_value, web_address
from qa.evaluation.reading.fields import field_name
from qa.evaluation.reading.files import exists, lines
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.json_text import kind_of, parsed
from qa.evaluation.reading.record import Record, is_blank
from qa.evaluation.reading.records import as_object, named
from qa.evaluation.reading.trec import read_qrels

QUERIES = "queries.jsonl"
_CORPUS = "corpus.jsonl"
_LAYOUT = f"a folder of questions has {QUERIES}, {_CORPUS} and qrels.tsv or qrels/test.tsv"
_SPLITS = ("test.tsv", "dev.tsv")  # the preferred first; sets are tuned on the others
_QUESTION_MARKS = ("?", "？", "؟")


def read_beir(folder: Path, harvest: Harvest, *, judged: bool) -> None:
    """Every query is a case, every record of the corpus a document.

    What answers a query stands in the folder's qrels alone, which are not read if it is `judged` by
    others. Raises ReadError for a file that is missing or cannot be read.
    """
    for name in (QUERIES, _CORPUS):
        if not exists(folder / name):
            raise ReadError(str(folder), 0, f"no {name} in it; {_LAYOUT}")
    _read_corpus(folder, harvest)
    _read_queries(folder, harvest)
    if not judged and (qrels := _qrels(folder, harvest)):
        read_qrels(folder / qrels, qrels, harvest)


def _read_queries(folder: Path, harvest: Harvest) -> None:
    unread: dict[str, None] = {}
    for line, text in lines(folder / QUERIES, QUERIES):
        with harvest.keeping():
            value = as_object(parsed(text, QUERIES, line), QUERIES, line)
            # What is only spelled like the id, the question or a source is another thing here.
            fields = {key: value[key] for key in value if _is_read(key)}
            unread.update((key, None) for key in value if field_name(key) == "sources")
            harvest.add(named(fields, QUERIES, line, {}))
    harvest.note_unread(f"{QUERIES}: fields", unread)


def _is_read(key: str) -> bool:
    return key in ("_id", "text") or field_name(key) not in ("id", "question", "sources")


def _read_corpus(folder: Path, harvest: Harvest) -> None:
    left_out: list[str] = []
    for line, text in lines(folder / _CORPUS, _CORPUS):
        with harvest.keeping():
            values = as_object(parsed(text, _CORPUS, line), _CORPUS, line)
            record = Record(_CORPUS, line, values)
            harvest.documents.append(_document(record, harvest, left_out.append))
    if left_out:
        first = f"the first on {left_out[0]}"
        harvest.notes.append(
            f"{_CORPUS}: urls, dates, sources not read: {len(left_out):,}, {first}"
        )


def _document(record: Record, harvest: Harvest, report: Callable[[str], None]) -> Document:
    """The document of `record`; what it can do without is reported where it does not do."""
    name = record.id("_id")
    if not name:
        raise record.problem("no _id here; give the document one")
    harvest.claim_document(name, record)
    title, text = one_line(record.text("title")), record.text("text")
    if not title and not text:
        raise record.problem("this document is empty; write its text or remove it")
    is_faq = not text or title.endswith(_QUESTION_MARKS)
    text = text or title

    def left_out(reason: str) -> None:
        report(f"line {record.line}, {reason}")

    return Document(
        id=name,
        kind="faq" if is_faq else "article",
        title=title,
        text=text,
        source=_CORPUS,
        blocks=(Block("paragraph", 0, len(text)),),
        line=record.line,
        publisher=_about(record, "source", left_out),
        url=web_address(_about(record, "url", left_out), left_out),
        date=iso_date(_about(record, "date", left_out, "last_update"), left_out),
    )


def _about(record: Record, name: str, report: Callable[[str], None], other: str = "") -> str:
    """What the record says as `name`, else as `other`, on one line."""
    value = record.values.get(name)
    value = record.values.get(other) if is_blank(value) else value
    plain = plain_value(value)
    if plain is None:
        report(f"{name} is {kind_of(value)}, not text; write it as text")
    return one_line(plain or "")


def _qrels(folder: Path, harvest: Harvest) -> str:
    """The file of qrels inside `folder`, the rest noted; `""` where there is none.

    Raises ReadError where it cannot be told which to read.
    """
    names = [f"qrels/{name}" for name in _splits(folder / "qrels")]
    if exists(folder / "qrels.tsv"):
        chosen = "qrels.tsv"
    else:
        preferred = [f"qrels/{name}" for name in _SPLITS if f"qrels/{name}" in names]
        chosen = (preferred or names or [""])[0]
        if len(names) > 1 and not preferred:
            reason = f"holds {', '.join(names)}; name the one to read with --qrels"
            raise ReadError(str(folder), 0, reason)
    if not chosen:
        harvest.notes.append("no qrels.tsv and no qrels/*.tsv: no source is labelled")
    harvest.note_unread("qrels", (name for name in names if name != chosen))
    return chosen


def _splits(folder: Path) -> list[str]:
    """The names of the .tsv files in a folder of qrels; none where there is no folder."""
    if not exists(folder):
        return []
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        reason = f"cannot be listed ({error.strerror}); check its permissions"
        raise ReadError(str(folder), 0, reason) from None
    return [name for name in names if name.endswith(".tsv") and not name.startswith(".")]
