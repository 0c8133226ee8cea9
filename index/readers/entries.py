"""A record of a table or a JSON file to a FAQ entry: one way for all of them."""

from index.readers.draft import Entry, Piece
from index.readers.fields import Record, by_field, plain_value, read_fields
from index.readers.harvest import Harvest
from index.readers.plain import plain_pieces


def add_record(record: Record, line: int, harvest: Harvest) -> None:
    """Add the entry that `record` holds, or say what it lacks.

    Its fields are those of `fields.SPELLINGS`; others are left alone. The answer is plain text:
    each line a paragraph, lines that begin with `- ` a list.
    """
    known = by_field(record)
    known.pop("kind", None)  # it says what a page is; a record is always an entry
    texts = {name: plain_value(known.get(name)) for name in ("question", "answer")}
    wrong = [name for name, text in texts.items() if text is None]
    if wrong:
        harvest.broken_entry(line, f"{wrong[0]} is not text; write it as text")
        return
    fields = read_fields(known, harvest.reporter(line))
    answer = [_at(piece, line) for piece in plain_pieces(texts["answer"] or "")]
    entry = Entry(Piece("heading", texts["question"] or "", line=line), tuple(answer))
    harvest.entry(entry, "add one or remove the entry", fields)


def _at(piece: Piece, line: int) -> Piece:
    return Piece(piece.kind, piece.text, piece.level, piece.anchor, line)
