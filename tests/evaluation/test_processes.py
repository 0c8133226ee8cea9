"""An evaluation in processes of its own, with the real model: killed, interrupted, shared out."""

import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

import qa
from qa.evaluation.run import read

pytestmark = pytest.mark.model

SMALL_BATCHES = "import qa.evaluation.run as r; r.BATCH = 8; from qa.cli import main; main()"


def started(place: Path, kb: Path, out: str, *more: str) -> subprocess.Popen[bytes]:
    command = ["eval", "q.csv", "--kb", str(kb), "--out", out, *more]
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_BATCHES, *command],
        cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip


def rows_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def stopped_halfway(process: subprocess.Popen[bytes], results: Path, sign: signal.Signals) -> None:
    """Send the signal once some batches are on disk."""
    while rows_in(results) < 16 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(sign)
    process.wait(timeout=120)


def digest(folder: Path) -> str:
    return sha256((folder / "results.jsonl").read_bytes()).hexdigest()


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    rows = [f"How many people crossed the border in year {i}?" for i in range(200)]
    (tmp_path / "q.csv").write_text("\n".join(["question", *rows]))
    return tmp_path


def test_a_killed_evaluation_ends_up_as_one_that_was_not(asking: Path, seeds_kb: Path) -> None:
    assert started(asking, seeds_kb, "whole").wait(timeout=300) == 0
    killed = started(asking, seeds_kb, "killed")
    stopped_halfway(killed, asking / "killed" / "results.jsonl", signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert 16 <= rows_in(asking / "killed" / "results.jsonl") < 200

    assert started(asking, seeds_kb, "killed", "--resume").wait(timeout=300) == 0

    assert digest(asking / "killed") == digest(asking / "whole")


def test_ctrl_c_leaves_a_report_of_what_was_asked(asking: Path, seeds_kb: Path) -> None:
    process = started(asking, seeds_kb, "part")
    stopped_halfway(process, asking / "part" / "results.jsonl", signal.SIGINT)

    assert process.returncode == 130
    told = json.loads((asking / "part" / "summary.json").read_text())
    assert 16 <= told["asked"] < told["of"] == 200
    assert told["asked"] == rows_in(asking / "part" / "results.jsonl")
    assert (asking / "part" / "report.html").exists()


def test_two_workers_give_what_one_does(asking: Path, seeds_kb: Path) -> None:
    (asking / "q.csv").write_text("\n".join((asking / "q.csv").read_text().splitlines()[:60]))

    assert started(asking, seeds_kb, "one").wait(timeout=300) == 0
    assert started(asking, seeds_kb, "two", "--workers", "2").wait(timeout=300) == 0

    one, two = (read(asking / name).rows for name in ("one", "two"))
    assert [{**row, "ranking": None} for row in one] == [{**row, "ranking": None} for row in two]
    for alone, shared in zip(
        one, two, strict=True
    ):  # fewer threads round the last digit another way
        assert [id_ for id_, _ in alone["ranking"]] == [id_ for id_, _ in shared["ranking"]]
        scores = [score for _, score in shared["ranking"]]
        assert [score for _, score in alone["ranking"]] == pytest.approx(scores, abs=5e-6)


def test_asked_together_questions_get_the_answers_they_get_alone(
    seeds_answerer: qa.Answerer,
) -> None:
    questions = [*seeds_answerer.examples(6), "What is the capital of France?", "How old is he?"]

    together = seeds_answerer.explain_each(questions)

    for question, explained in zip(questions, together, strict=True):
        alone = seeds_answerer.answer(question)
        assert explained.answer.quotes == alone.quotes
        assert explained.answer.confidence == pytest.approx(alone.confidence, abs=2e-4)
