"""Files are parsed in a process apart: what a bad one costs, it costs alone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BuildError
from index.readers import READERS, Reading, SourceFile, read_folder
from index.readers.apart import Limits, Room, read_folder_apart
from index.readers.apart.reply import packed, unpacked
from index.readers.source import Named
from index.synonyms import Group, Synonyms
from tests.conftest import SEEDS
from tests.readers.hostile import READER
from tests.readers.printing import bomb, paragraph, printed
from tests.readers.shape import problems

ROOT = Path(__file__).parents[2]
GOOD = SourceFile("good.txt", b"The ferry leaves at nine.")


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    room = Room(Limits(reply=1_000_000))
    yield room
    room.close()


def texts(reading: Reading) -> list[str]:
    return [document.text for document in reading.documents]


def test_synonyms_are_read_there_too(room: Room) -> None:
    file = SourceFile("synonyms.txt", b"refund, money back\nferry\n")
    reading = room(Named("index.readers.synonyms", "read_synonyms"), file)

    both = ("refund", "money back")
    assert reading.synonyms == Synonyms((Group(both, both),))
    assert problems(reading) == [
        "synonyms.txt:2: one entry has no synonym; add others after commas, or remove the line"
    ]


def test_the_seeds_are_read_as_they_are_here() -> None:
    apart, here = read_folder_apart(SEEDS), read_folder(SEEDS)

    assert apart == here
    assert apart.files == here.files
    assert len(apart.documents) == 9


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("eats", "takes more than 2,000 MB of memory to read; split it into several files"),
        ("crashes", "its reader broke off (SIGSEGV); save it anew or leave it out"),
        ("leaves", "its reader broke off (exit code 7); save it anew or leave it out"),
        ("recurses", "its reader failed (RecursionError); save it anew or leave it out"),
        ("floods", "gives more than 1 MB of text; split it into several files"),
        ("forges", "its reader gave no reply that makes sense; save it anew or leave it out"),
        ("writes", "its reader failed (PermissionError); save it anew or leave it out"),
        ("calls", "its reader failed (PermissionError); save it anew or leave it out"),
        ("starts", "its reader failed (PermissionError); save it anew or leave it out"),
    ],
)
def test_a_bad_file_is_one_problem(room: Room, name: str, said: str) -> None:
    # No other file stands between them: each bad one is the next after a bad one.
    bad = room(READER, SourceFile(f"{name}.txt", b"Text."))

    assert (problems(bad), bad.documents) == ([f"{name}.txt: {said}"], ())


def test_files_before_and_after_a_bad_one_are_read(room: Room) -> None:
    before = room(READER, GOOD)
    bad = room(READER, SourceFile("crashes.txt", b"Text."))
    after = room(READER, GOOD)

    assert len(problems(bad)) == 1
    assert texts(before) == texts(after) == ["The ferry leaves at nine."]


def test_a_file_that_takes_too_long_is_one_problem() -> None:
    impatient = Room(Limits(seconds=0.2))
    bad = impatient(READER, SourceFile("sleeps.txt", b"Text."))

    assert impatient.pid is None
    assert problems(bad) == [
        "sleeps.txt: took longer than 0.2 s to read; simplify it or split it into several files"
    ]


def test_a_pdf_that_unpacks_to_gigabytes_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"The ferry leaves at nine.")
    (tmp_path / "b.pdf").write_bytes(bomb())
    (tmp_path / "c.pdf").write_bytes(printed(paragraph("Gulls are not rare.")))

    reading = read_folder_apart(tmp_path)

    assert texts(reading) == ["The ferry leaves at nine.", "Gulls are not rare."]
    (problem,) = problems(reading)
    assert problem.startswith("b.pdf:1: page 1 cannot be read (Limit reached while decompress")


def test_one_process_reads_file_after_file(room: Room) -> None:
    room(READER, GOOD)
    before = room.pid
    room(READER, GOOD)

    assert room.pid == before


def test_a_process_that_has_died_in_between_is_replaced_without_a_word(room: Room) -> None:
    room(READER, GOOD)
    before = room.pid
    assert before
    os.kill(before, signal.SIGKILL)

    assert texts(room(READER, GOOD)) == ["The ferry leaves at nine."]
    assert room.pid != before


def test_the_process_knows_nothing_of_its_surroundings(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.syspath_prepend("")  # the current folder, which may hold a json.py
    room.close()

    assert texts(room(READER, SourceFile("tells.txt", b"Text."))) == [
        "['OPENBLAS_NUM_THREADS'] / 1 False"
    ]


def test_a_closed_room_leaves_no_process(room: Room) -> None:
    room(READER, GOOD)
    before = room.pid
    assert before
    room.close()

    with pytest.raises(ProcessLookupError, match="No such process"):
        os.kill(before, 0)


BUILD = """
import sys, time
from index.readers import SourceFile
from index.readers.apart import Limits, Room
from tests.readers.hostile import READER
room = Room(Limits(seconds=5))
room(READER, SourceFile("good.txt", b"x"))
print(room.pid, flush=True)
room(READER, SourceFile(sys.argv[1], b"x"))
time.sleep(600)
"""


def cpu_ticks(pid: int) -> int:
    """How long a process has worked; -1 for one that has ended, though nobody has collected it."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return -1
    return -1 if state in "ZX" else int(fields[10])


@pytest.mark.parametrize("name", ["good.txt", "matches.txt"], ids=["idle", "busy"])
def test_no_process_outlives_a_build_that_is_killed(name: str) -> None:
    build = subprocess.Popen([sys.executable, "-c", BUILD, name], cwd=ROOT, stdout=subprocess.PIPE)
    assert build.stdout
    reader = int(build.stdout.readline())
    before = cpu_ticks(reader)
    while name == "matches.txt" and cpu_ticks(reader) < before + 10:
        assert build.poll() is None
        time.sleep(0.01)
    build.kill()
    build.wait()
    build.stdout.close()

    for _ in range(600):
        if cpu_ticks(reader) < 0:
            return
        time.sleep(0.05)
    pytest.fail("the process that reads is still there")


def test_a_function_reads_where_the_build_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def read_mine(file: SourceFile) -> Reading:
        seen.append((file.name, os.getpid()))
        return Reading(problems=(file.problem(1, "mine"),))

    monkeypatch.setitem(READERS, ".x", read_mine)
    (tmp_path / "a.x").write_bytes(b"\0")

    assert problems(read_folder_apart(tmp_path)) == ["a.x:1: mine"]
    assert seen == [("a.x", os.getpid())]


def test_a_named_reader_reads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, ".x", READER)
    (tmp_path / "leaves.x").write_bytes(b"\0")

    assert problems(read_folder_apart(tmp_path)) == [
        "leaves.x: its reader broke off (exit code 7); save it anew or leave it out"
    ]


def test_a_process_that_does_not_start_ends_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(BuildError, match=r"^/bin/false: .* did not start \(exit code 1\); let"):
        Room()(READER, GOOD)


def test_a_reply_has_what_a_stored_document_has() -> None:
    reading = READERS[".md"](SourceFile("a.md", b"---\ntags: a, b\n---\n# Caf\xc3\xa9\n\nOpen."))

    record = json.loads(packed(reading))["documents"]
    assert record == json.loads(json.dumps([d.to_dict() for d in reading.documents]))
    assert unpacked(packed(reading)) == reading


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"nope",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b'{"documents": {}, "problems": [], "ignored": [], "synonyms": null}',
        b'{"documents": [], "problems": [["a", "1", "b"]], "ignored": [], "synonyms": null}',
        b'{"documents": [], "problems": [], "ignored": [1], "synonyms": null}',
        b'{"documents": [], "problems": [], "ignored": ["\\ud800"], "synonyms": null}',
        b'{"documents": [], "problems": [], "ignored": [], "synonyms": []}',
        b'{"documents": [], "problems": [], "ignored": [], "synonyms": {"groups": [{"a": []}]}}',
        b'{"documents": [], "problems": [], "ignored": []}',
        b"\xff",
    ],
)
def test_a_reply_is_not_believed(reply: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(reply)


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        ("text", 1),
        ("text", ""),
        ("title", ["x"]),
        ("kind", "essay"),
        ("line", True),
        ("tags", "x"),
        ("blocks", [{"kind": "row"}]),
        ("more", "x"),
    ],
)
def test_a_document_in_a_reply_is_not_believed(field: str, forged: object) -> None:
    record = json.loads(packed(READERS[".txt"](GOOD)))
    record["documents"][0][field] = forged

    with pytest.raises(ValueError, match=r"."):
        unpacked(json.dumps(record).encode())
