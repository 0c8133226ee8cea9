"""`citewell eval`, `compare`, `calibrate` and `stress`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.default_model import DEFAULT_MODEL
from index.errors import CitewellError, EvaluationError
from qa.terminal import complain, say

if TYPE_CHECKING:
    from qa.evaluation.summary import Summary

# The engine is imported inside each command: `citewell --help` has to answer at once.

commands = typer.Typer()

BELOW, INTERRUPTED = 1, 130

Out = Annotated[Path, typer.Option(help="The folder for the results and the report.")]
Model = Annotated[str, typer.Option(help="A sentence-transformers model: its folder or name.")]
Backend = Annotated[
    str, typer.Option(help="What computes the vectors: auto, or a name in docs/performance.md.")
]
Questions = Annotated[
    Path, typer.Argument(help="CSV, TSV, JSONL, JSON (SQuAD too), or a BEIR folder.")
]
OwnKb = Annotated[
    Path | None, typer.Option(help="The knowledge base; kb/, or what a question set brings.")
]
Baseline = Annotated[
    Path | None, typer.Option(help="An earlier run to compare with; else the last one in OUT.")
]
Qrels = Annotated[Path | None, typer.Option(help="Expected sources, as TREC or BEIR qrels.")]
SkipErrors = Annotated[
    bool, typer.Option("--skip-errors", help="Leave out what cannot be read, and say so.")
]
Workers = Annotated[int, typer.Option(help="Processes that answer side by side.", min=1, max=64)]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")]
Under = Annotated[
    list[str] | None, typer.Option(help="Exit with 1 if a metric is less: mrr@10=0.85.")
]
Over = Annotated[list[str] | None, typer.Option(help="Exit with 1 if a metric is more: ece=0.1.")]


@commands.command("eval")
def evaluate(
    questions: Questions,
    kb: OwnKb = None,
    out: Out = Path("report"),
    model: Model = DEFAULT_MODEL,
    backend: Backend = "auto",
    qrels: Qrels = None,
    fail_under: Under = None,
    fail_over: Over = None,
    baseline: Baseline = None,
    resume: Resume = False,
    workers: Workers = 1,
    skip_errors: SkipErrors = False,
) -> None:
    """Ask a file of questions, score the answers, and write a report.

    Exit code 0: all gates passed; 1: one did not, or a quote is not in its source; 2: it could not
    be run; 130: interrupted.
    """
    with could_not_run():
        from qa.evaluation import gates, job

        wanted = gates.parsed_options(fail_under, fail_over)
        task = job.Job(kb, out, model, wanted, baseline, resume, workers, skip_errors, backend)
        told = job.evaluate(questions, qrels, task)
    end(told, out)


@commands.command()
def compare(
    first: Annotated[Path, typer.Argument(help="The folder of a run.")],
    second: Annotated[Path, typer.Argument(help="The folder of a later run.")],
    out: Annotated[
        Path | None, typer.Option(help="The HTML file; comparison.html beside the second run.")
    ] = None,
) -> None:
    """Say whether the second run is better than the first, question by question.

    Exit code 0: not worse; 1: worse by more than chance; 2: they cannot be compared.
    """
    with could_not_run():
        from dataclasses import asdict

        from qa.evaluation import show
        from qa.evaluation.compare import compare as held_against
        from qa.evaluation.report import comparison
        from qa.evaluation.run import read

        found = held_against(read(first), read(second))
        page = out or second / "comparison.html"
        written(page, comparison(found.to_dict(), [asdict(flip) for flip in found.flips]))
    say(show.compared(found))
    say(str(page))
    if found.verdict == "worse":
        sys.exit(BELOW)


@commands.command()
def calibrate(
    questions: Questions,
    kb: OwnKb = None,
    precision: Annotated[
        float, typer.Option(help="The share of answers that are to be right.", min=0.5, max=0.999)
    ] = 0.95,
    model: Model = DEFAULT_MODEL,
    backend: Backend = "auto",
    qrels: Qrels = None,
    out: Annotated[
        Path | None, typer.Option(help="The HTML file; calibration.html in the knowledge base.")
    ] = None,
    skip_errors: SkipErrors = False,
) -> None:
    """Fit confidence, and the line from which to answer, to your own questions.

    They are stored beside the knowledge base and hold from the next answer on. Exit code 2: there
    are too few questions, or no line keeps the promise; then nothing is stored.
    """
    with could_not_run():
        from qa.calibration import FILE
        from qa.evaluation import calibration_job, show
        from qa.evaluation.job import Job
        from qa.evaluation.report import calibration

        job = Job(kb, Path(), model, skip_errors=skip_errors, backend=backend)
        place, found = calibration_job.calibrate(questions, qrels, job, precision)
        page = out or place / "calibration.html"
        written(page, calibration(found.page))
    say(show.calibrated(found))
    say(f"{place / FILE}\n{page}")


@commands.command()
def stress(
    kb: Annotated[Path, typer.Option(help="The knowledge base's folder.")] = Path("kb"),
    out: Out = Path("stress"),
    model: Model = DEFAULT_MODEL,
    backend: Backend = "auto",
    fail_under: Under = None,
    fail_over: Over = None,
    baseline: Baseline = None,
    resume: Resume = False,
) -> None:
    """Ask what the knowledge base itself suggests: no labelled questions are needed.

    Its FAQ questions with typos, as keywords, in another order, negated; alternates left out in
    turn; entries that take each other's questions; and questions that no help centre answers. Exit
    codes as those of eval.
    """
    with could_not_run():
        from qa.evaluation import gates, stress_job
        from qa.evaluation.job import Job

        wanted = gates.parsed_options(fail_under, fail_over)
        told = stress_job.stress(Job(kb, out, model, wanted, baseline, resume, backend=backend))
    end(told, out)


def end(told: "Summary", out: Path) -> None:
    """Print what a run comes to, and exit as it came out."""
    from qa.evaluation import show
    from qa.evaluation.run import REPORT

    say(show.summed_up(told))
    say(str(out / REPORT))
    if told.asked != told.of:
        complain("interrupted: go on with --resume")
        sys.exit(INTERRUPTED)
    if told.grounding["failed"] or not all(gate["passed"] for gate in told.gates):
        sys.exit(BELOW)


@contextmanager
def could_not_run() -> Iterator[None]:
    """Whatever keeps a run from being made or compared gives exit code 2."""
    try:
        yield
    except CitewellError as error:
        raise EvaluationError(str(error), getattr(error, "problems", ())) from error
    except OSError as error:
        reason = error.strerror or str(error)
        place = f"{error.filename}: " if error.filename else ""
        raise EvaluationError(
            f"{place}cannot be used ({reason}); mend that and run again"
        ) from error


def written(path: Path, text: str) -> None:
    """Write a file. Raises EvaluationError where that cannot be done."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise EvaluationError(f"{path}: cannot be written ({reason}); name another place") from None
