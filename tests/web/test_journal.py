import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import JournalError
from qa.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite3")


def test_feedback_is_kept_with_what_it_is_about(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "no", generation="gen-1", passages=["p1", "p2"])

    (entry,) = journal.feedback()

    assert (entry.answer_id, entry.question, entry.verdict) == ("a1", "How wide?", "no")
    assert (entry.generation, entry.passages) == ("gen-1", ("p1", "p2"))
    assert entry.at.endswith("+00:00")


def test_the_last_verdict_on_an_answer_counts(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "yes")
    journal.record_feedback("a2", "How long?", "yes")
    journal.record_feedback("a1", "How wide?", "wrong-source")

    assert {e.answer_id: e.verdict for e in journal.feedback()} == {
        "a1": "wrong-source",
        "a2": "yes",
    }


def test_the_same_verdict_twice_changes_nothing(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "yes")
    before = journal.feedback()

    journal.record_feedback("a1", "How wide?", "yes")

    assert journal.feedback() == before


def test_a_verdict_is_one_of_four(journal: Journal) -> None:
    with pytest.raises(ValueError, match="yes, no, wrong-source, none-of-these, not 'maybe'"):
        journal.record_feedback("a1", "How wide?", "maybe")  # type: ignore[arg-type]


def test_a_comment_is_kept_until_another_comes(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "no", comment="It is wider.")
    journal.record_feedback("a1", "How wide?", "no")
    journal.record_feedback("a1", "How wide?", "wrong-source")

    assert [(e.verdict, e.comment) for e in journal.feedback()] == [
        ("wrong-source", "It is wider.")
    ]

    journal.record_feedback("a1", "How wide?", "wrong-source", comment="The map is old.")

    assert [e.comment for e in journal.feedback()] == ["The map is old."]


def test_a_comment_is_bounded(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "no", comment="x" * 1_000)

    with pytest.raises(ValueError, match="at most 1,000 characters"):
        journal.record_feedback("a1", "How wide?", "no", comment="x" * 1_001)


def test_a_journal_of_before_comments_is_read_and_goes_on(journal: Journal) -> None:
    with sqlite3.connect(journal.path) as connection:
        connection.execute(
            "CREATE TABLE feedback (answer_id TEXT PRIMARY KEY, question TEXT NOT NULL, verdict "
            "TEXT NOT NULL, generation TEXT NOT NULL, passages TEXT NOT NULL, at TEXT NOT NULL) "
            "STRICT"
        )
        row = ("a1", "How wide?", "yes", "gen-1", "[]", "2026-01-01T00:00:00+00:00")
        connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.close()

    def record(number: int) -> None:
        journal.record_feedback(f"a{number}", "How long?", "no", comment="Too short.")

    with ThreadPoolExecutor(6) as pool:  # only one of them may add what the table lacks
        list(pool.map(record, range(2, 8)))

    entries = {e.answer_id: e.comment for e in journal.feedback()}
    assert entries == {"a1": ""} | {f"a{number}": "Too short." for number in range(2, 8)}


def test_half_a_character_in_a_comment_is_replaced(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "no", comment="wide \ud800")

    assert journal.feedback()[0].comment == "wide ?"


def test_passage_ids_may_hold_any_character(journal: Journal) -> None:
    journal.record_feedback("a1", "q", "yes", passages=["a b", 'c"\n', "d"])

    assert journal.feedback()[0].passages == ("a b", 'c"\n', "d")


def test_an_entry_is_on_disk_in_a_write_ahead_log(journal: Journal) -> None:
    journal.record_feedback("a1", "How wide?", "yes")

    connection = sqlite3.connect(journal.path)
    mode = connection.execute("PRAGMA journal_mode").fetchone()
    rows = connection.execute("SELECT answer_id, verdict FROM feedback").fetchall()
    connection.close()

    assert mode == ("wal",)
    assert rows == [("a1", "yes")]


def test_many_threads_lose_nothing(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.record_feedback(f"a{n}", "q", "yes"), range(60)))

    assert {entry.answer_id for entry in journal.feedback()} == {f"a{n}" for n in range(60)}


def test_a_folder_that_is_not_there_is_named_with_the_next_step(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "gone" / "journal.sqlite3")

    with pytest.raises(JournalError, match=r"gone/journal\.sqlite3: unable to open.*writable"):
        journal.record_feedback("a1", "q", "yes")


def test_a_damaged_file_is_an_error_of_the_journal(journal: Journal) -> None:
    journal.path.write_bytes(b"not a database, " * 100)

    with pytest.raises(JournalError, match="not a database"):
        journal.feedback()
