"""The journal: what readers say of the answers, kept beside the knowledge base."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from index.errors import JournalError

# What a reader says: it helped, it did not, a source does not say this, or, of the questions that
# were offered in place of an answer, that none is meant.
Verdict = Literal["yes", "no", "wrong-source", "none-of-these"]
COMMENT_CHARS = 1_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    generation TEXT NOT NULL,
    passages TEXT NOT NULL,
    at TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT ''
) STRICT
"""
# Journals of before comments.
_ADD_COMMENT = "ALTER TABLE feedback ADD COLUMN comment TEXT NOT NULL DEFAULT ''"
# A verdict that comes again without its comment leaves the comment as it is.
_RECORD = """
INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (answer_id) DO UPDATE
SET verdict = excluded.verdict, at = excluded.at, comment =
    CASE excluded.comment WHEN '' THEN comment ELSE excluded.comment END
WHERE verdict != excluded.verdict OR excluded.comment NOT IN ('', comment)
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's verdict, with a comment or without one.

    `passages` are what the answer cited, `at` is ISO 8601 in UTC.
    """

    answer_id: str
    question: str
    verdict: Verdict
    generation: str
    passages: tuple[str, ...]
    at: str
    comment: str = ""


class Journal:
    """A SQLite file, made at the first entry. Safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record_feedback(
        self,
        answer_id: str,
        question: str,
        verdict: Verdict,
        *,
        generation: str = "",
        passages: Sequence[str] = (),
        comment: str = "",
    ) -> None:
        """Keep the verdict on one answer; the last one counts, the same one twice counts once.

        Returns when the entry is on disk. Raises JournalError if it cannot be kept.
        """
        if verdict not in get_args(Verdict):
            raise ValueError(f"a verdict is one of {', '.join(get_args(Verdict))}, not {verdict!r}")
        if len(comment) > COMMENT_CHARS:
            raise ValueError(f"a comment has at most {COMMENT_CHARS:,} characters")
        comment = comment.encode(errors="replace").decode()  # of half a character no row is made
        now = datetime.now(UTC).isoformat(timespec="seconds")
        cited = json.dumps(list(passages))
        row = (answer_id, question, verdict, generation, cited, now, comment)
        with self._open() as connection:
            connection.execute(_RECORD, row)

    def feedback(self) -> tuple[Feedback, ...]:
        """Every verdict, oldest first."""
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM feedback ORDER BY at, rowid").fetchall()
        return tuple(_feedback(*row) for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each entry: nothing is shared, so nothing needs a lock."""
        try:
            connection = sqlite3.connect(self.path, timeout=5)
        except sqlite3.Error as error:
            raise self._failed(error) from error
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.isolation_level = None  # transactions begin where they are said to
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                _prepare(connection)
                yield connection
        except sqlite3.Error as error:
            raise self._failed(error) from error
        finally:
            connection.close()

    def _failed(self, error: sqlite3.Error) -> JournalError:
        return JournalError(f"{self.path}: {error}; check that the folder exists and is writable")


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the table, or give the one that is there what it lacks."""
    connection.execute(_SCHEMA)
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(feedback)")]
    if "comment" not in columns:
        connection.execute(_ADD_COMMENT)


def _feedback(answer_id: str, question: str, *rest: str) -> Feedback:
    verdict, generation, passages, at, comment = rest
    cited = tuple(json.loads(passages))
    return Feedback(answer_id, question, verdict, generation, cited, at, comment)  # type: ignore[arg-type]
