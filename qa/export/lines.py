"""Our own forms: JSON Lines of whole documents, and a table for spreadsheets."""

import csv
import io
import json
from collections.abc import Sequence

from index.documents import Block, Document
from index.readers.exported import MARK, guarded
from qa.export.written import Written, faq_entries, of_entries

_COLUMNS = (
    *("id", "question", "answer", "alternates", "publisher", "url", "date", "language", "tags"),
    MARK,
)


def jsonl(documents: Sequence[Document]) -> Written:
    """Each document on a line, with all that is known of it."""
    lines = [json.dumps(document.to_dict(), ensure_ascii=False) for document in documents]
    entries = len(faq_entries(documents))
    return Written("".join(f"{line}\n" for line in lines), entries, len(documents) - entries)


def table(documents: Sequence[Document]) -> Written:
    """A row for each FAQ entry. Spreadsheets take no cell for a formula.

    All cells are quoted, for where a spreadsheet parts cells at semicolons, it must not part one of
    ours; the byte order mark tells it that this is UTF-8.
    """
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow(_COLUMNS)
    entries = faq_entries(documents)
    rows.writerows(map(_row, entries))
    return of_entries("\ufeff" + out.getvalue(), len(entries), documents)


def _row(entry: Document) -> list[str]:
    cells = (
        entry.id,
        entry.title,
        entry.text,
        "\n".join(entry.alternates),
        entry.publisher,
        entry.url,
        entry.date,
        entry.language,
        "\n".join(entry.tags),
    )
    return [*map(guarded, cells), json.dumps([*map(_cut, entry.blocks)], ensure_ascii=False)]


def _cut(block: Block) -> list[object]:
    """Kind, start and end; level, anchor and page up to the last that there is."""
    cut: list[object] = [block.kind, block.start, block.end, block.level, block.anchor, block.page]
    while len(cut) > 3 and not cut[-1]:
        cut.pop()
    return cut
