"""A run is whole, or goes on from where it was, and never loses what stood there before."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from index.errors import EvaluationError
from index.lock import locked
from qa.evaluation import run as running
from qa.evaluation.asking import alone
from qa.evaluation.case import Case
from qa.evaluation.interrupt import interruptible
from qa.evaluation.labels import Labelled
from qa.evaluation.run import BATCH, Run, read, run, sole
from tests.evaluation.shape import ANSWERER, CASES, asked, settings

ASK = alone(ANSWERER)
ROOT = Path(__file__).parents[2]


def many(number: int) -> tuple[Labelled, ...]:
    """Questions about the harbour, none like another."""
    words = ("ferry", "boat", "tide", "fog")
    return asked(
        *(Case(f"q{i}", f"What of {words[i % 4]} {i}?", {"ferry": 1}) for i in range(number))
    )


def digest(folder: Path) -> str:
    return sha256((folder / "results.jsonl").read_bytes()).hexdigest()


def go(out: Path, cases: Sequence[Labelled], **more: object) -> Run:
    return run(cases, ASK, out, settings(len(cases), **more))


def test_a_row_a_question_in_their_order(tmp_path: Path) -> None:
    done = go(tmp_path, asked(*CASES))

    assert [row["case"]["id"] for row in done.rows] == ["q1", "q2", "q3", "q4", "q5"]
    assert [row["outcome"] for row in done.rows] == [
        "right",
        "wrong",
        "rightly silent",
        "silent",
        "unscored",
    ]
    assert done.complete


def test_a_row_is_the_wire_form_with_what_was_expected(tmp_path: Path) -> None:
    (row, *_) = go(tmp_path, asked(*CASES)).rows
    wire = ANSWERER.answer(CASES[0].question).to_dict()

    assert row.keys() >= wire.keys()
    same = wire.keys() - {"id", "took_ms"}
    assert {name: row[name] for name in same} == json.loads(
        json.dumps({name: wire[name] for name in same})
    )
    assert row["took_ms"] is None
    assert row["case"]["sources"] == {"ferry": 1}
    assert row["ranking"][0][0] == "ferry"


def test_the_same_questions_give_the_same_file(tmp_path: Path) -> None:
    go(tmp_path / "a", many(10))
    go(tmp_path / "b", many(10))

    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_an_abstention_keeps_what_it_would_have_quoted(tmp_path: Path) -> None:
    rows = go(tmp_path, asked(*CASES)).rows

    assert [bool(row["withheld"]) for row in rows] == [False, False, True, True, False]
    assert (rows[3]["status"], rows[3]["quotes"]) == ("abstained", [])


def interrupted(out: Path, cases: Sequence[Labelled], batches: int) -> Run:
    """A run that was stopped after so many batches."""
    answered = 0

    def ask(parts: Iterable[Sequence[Labelled]]) -> Iterator[list[bytes]]:
        nonlocal answered
        for lines in ASK(parts):
            answered += 1
            yield lines

    return run(cases, ask, out, settings(len(cases)), stopped=lambda: answered == batches)


def test_a_run_that_was_stopped_is_valid_and_says_how_far_it_got(tmp_path: Path) -> None:
    part = interrupted(tmp_path, many(2 * BATCH + 10), 1)

    assert (len(part.rows), part.complete) == (BATCH, False)


def test_a_run_that_was_stopped_and_gone_on_with_gives_the_same_file(tmp_path: Path) -> None:
    cases = many(2 * BATCH + 10)
    go(tmp_path / "whole", cases)
    interrupted(tmp_path / "parts", cases, 1)

    done = run(cases, ASK, tmp_path / "parts", settings(len(cases)), resume=True)

    assert done.complete
    assert digest(tmp_path / "whole") == digest(tmp_path / "parts")


@pytest.mark.parametrize("torn", [b'{"half a row', b"", b"\xff\xfe"])
def test_what_follows_the_last_whole_batch_is_asked_again(tmp_path: Path, torn: bytes) -> None:
    cases = many(BATCH + 30)
    go(tmp_path / "whole", cases)
    go(tmp_path / "torn", cases)
    path = tmp_path / "torn" / "results.jsonl"
    kept = path.read_bytes().splitlines(keepends=True)[: BATCH + 7]
    path.write_bytes(b"".join(kept) + torn)

    run(cases, ASK, tmp_path / "torn", settings(len(cases)), resume=True)

    assert digest(tmp_path / "whole") == digest(tmp_path / "torn")


KILLED = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from qa.evaluation import run
    from tests.evaluation.test_run import ASK, many, settings

    run.BATCH = 64

    def slowly(batches):
        for rows in ASK(batches):
            yield rows
            print("batch", flush=True)
            time.sleep(0.2)

    cases = many(250)
    run.run(cases, slowly, Path(sys.argv[1]), settings(len(cases)))
    """
)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_run_killed_halfway_and_gone_on_with_gives_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr("qa.evaluation.run.BATCH", 64)
    cases = many(250)
    go(tmp_path / "whole", cases)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "killed")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches + 1):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not read(tmp_path / "killed").complete

    run(cases, ASK, tmp_path / "killed", settings(len(cases)), resume=True)

    assert digest(tmp_path / "whole") == digest(tmp_path / "killed")


def test_an_interrupted_run_is_not_overwritten(tmp_path: Path) -> None:
    cases = many(2 * BATCH)
    interrupted(tmp_path, cases, 1)

    with pytest.raises(
        EvaluationError,
        match=r"an interrupted run is here \(512 of 1,024 questions\); go on with it with --resume",
    ):
        go(tmp_path, cases)

    assert len(read(tmp_path).rows) == BATCH


def test_a_finished_run_is_set_aside_for_the_next(tmp_path: Path) -> None:
    go(tmp_path, asked(*CASES))
    first = digest(tmp_path)

    go(tmp_path, asked(*CASES[:2]))

    assert digest(tmp_path / "before") == first
    assert len(read(tmp_path).rows) == 2


def test_a_finished_run_is_not_asked_again_with_resume(tmp_path: Path) -> None:
    go(tmp_path, asked(*CASES))

    def unasked(_batches: Iterable[Sequence[Labelled]]) -> Iterator[list[bytes]]:
        assert list(_batches) == []
        yield from ()

    done = run(asked(*CASES), unasked, tmp_path, settings(5), resume=True)

    assert len(done.rows) == 5


def test_other_settings_are_not_gone_on_with(tmp_path: Path) -> None:
    cases = many(2 * BATCH)
    interrupted(tmp_path, cases, 1)
    other = settings(len(cases), generation="gen-8", made="later", workers=2)

    with pytest.raises(
        EvaluationError, match="cannot go on with this run: generation changed since; start anew"
    ):
        run(cases, ASK, tmp_path, other, resume=True)


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(EvaluationError, match="another run is going on here; wait for it"),
        sole(tmp_path),
    ):
        pass


def test_files_that_are_not_of_a_run_are_never_moved_or_removed(tmp_path: Path) -> None:
    (tmp_path / "questions.csv").write_text("mine")

    go(tmp_path, asked(*CASES))
    go(tmp_path, asked(*CASES))

    assert (tmp_path / "questions.csv").read_text() == "mine"
    assert {path.name for path in (tmp_path / "before").iterdir()} <= set(running.OWN)


@pytest.mark.parametrize("name", ["results.jsonl", "CURRENT"])
def test_a_folder_of_another_kind_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")

    with pytest.raises(EvaluationError, match="holds files of another kind"):
        go(tmp_path, asked(*CASES))

    assert (tmp_path / name).read_text() == "mine"


def test_rows_of_other_questions_are_not_gone_on_with(tmp_path: Path) -> None:
    go(tmp_path, asked(*CASES))
    path = tmp_path / "results.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*rest, first]))

    with pytest.raises(EvaluationError, match="its rows are not of these questions in their order"):
        run(asked(*CASES), ASK, tmp_path, settings(5), resume=True)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EvaluationError, match=r"file: cannot be written \(.*\); mend that or"):
        go(tmp_path / "file", asked(*CASES))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("run.json", b"{", "run.json: does not describe a run"),
        ("run.json", b"[]", "run.json: does not describe a run"),
        ("run.json", b'{"of": "many"}', "run.json: does not describe a run"),
        ("results.jsonl", b"{\n", "results.jsonl: is no list of results"),
        ("results.jsonl", b"[]\n", "results.jsonl: is no list of results"),
        ("results.jsonl", b'{"case": {"id": "q"}}\n', "results.jsonl: is no list of results"),
        ("run.json", b'{"of": 5}', "run.json: does not describe a run"),
    ],
)
def test_a_run_that_was_altered_is_refused(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    go(tmp_path, asked(*CASES))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(EvaluationError, match=says):
        read(tmp_path)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no run; make one with: citewell eval"):
        read(tmp_path)


def test_progress_begins_where_the_run_does(tmp_path: Path) -> None:
    cases = many(BATCH + 10)
    interrupted(tmp_path, cases, 1)
    seen: list[tuple[int, int]] = []

    run(
        cases, ASK, tmp_path, settings(len(cases)), resume=True,
        progress=lambda done, of: seen.append((done, of)),
    )  # fmt: skip

    assert seen == [(BATCH, BATCH + 10), (BATCH + 10, BATCH + 10)]


def test_torn_times_cost_the_times_alone(tmp_path: Path) -> None:
    go(tmp_path, asked(*CASES))
    (tmp_path / running.TIMINGS).write_bytes(b'{"seconds": 1')

    assert running.timings(tmp_path) == ()


@pytest.fixture
def foreground() -> Iterator[None]:
    """SIGINT as the shell leaves it in the foreground; in the background it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_is_remembered_until_the_batch_is_done() -> None:
    with interruptible() as stopped:
        assert not stopped()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        assert stopped()


@pytest.mark.usefixtures("foreground")
def test_a_second_ctrl_c_stops_at_once() -> None:
    with interruptible(), pytest.raises(KeyboardInterrupt):  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)  # two at once may arrive as one
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
