"""A run: every question asked once, each answer on disk when its batch is done.

    OUT/run.json         what decides the results: questions, knowledge base, model, settings
    OUT/results.jsonl    one row a question, in the questions' order
    OUT/timings.jsonl    how long it took, which differs from run to run
    OUT/before/          the finished run that stood here before

A run that dies is gone on with from its last whole batch, and its results file ends up the same,
byte for byte, as that of one that did not; with other `workers` but for the last digit of a score.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.disk import replace
from index.errors import EvaluationError
from index.lock import locked
from qa.evaluation.labels import Labelled
from qa.evaluation.row import Row
from qa.evaluation.scoring import OUTCOMES
from qa.terminal import Progress

Settings = Mapping[str, Any]
Ask = Callable[[Iterable[Sequence[Labelled]]], Iterator[list[bytes]]]
"""The lines of results.jsonl for each batch, in the batches' order."""

RUN, RESULTS, TIMINGS, BEFORE = "run.json", "results.jsonl", "timings.jsonl", "before"
SUMMARY, REPORT, JUNIT = "summary.json", "report.html", "junit.xml"
TREC_RUN, TREC_QRELS = "run.trec", "qrels.trec"
OWN = (RUN, RESULTS, TIMINGS, SUMMARY, REPORT, JUNIT, TREC_RUN, TREC_QRELS, "comparison.html")
"""The files of a run: no others are ever moved or removed."""
# Questions encoded together, like lengths side by side: 1.1 times as fast as 256. This much is lost
# when a run is killed. Boundaries decide nothing but the last digits of a score, yet never move.
BATCH = 512
_NEEDED = {"name", "made", "of"}
_ROW = {"question", "text", "quotes", "withheld", "confidence", "case", "outcome", "why", "right"}
# They say where and how a run was made, and decide no result.
_INCIDENTAL = ("knowledge_base", "made", "workers")


@dataclass(frozen=True, slots=True)
class Run:
    """What stands in a run's folder: its settings, its rows so far, and whether these are all."""

    folder: Path
    settings: Settings
    rows: tuple[Row, ...]

    @property
    def complete(self) -> bool:
        """Whether every question was asked."""
        of: int = self.settings["of"]
        return len(self.rows) == of


def run(
    asked: Sequence[Labelled],
    ask: Ask,
    out: Path,
    settings: Settings,
    *,
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress | None = None,
) -> Run:
    """Ask what is not yet answered in `out`, unless `stopped` says so between two batches.

    A finished run that stands in `out` is moved to `out/before` first; with `resume` it is kept
    where it has the same settings. The caller holds `sole(out)`. Raises EvaluationError where an
    interrupted run, or what is no run, is in the way, or, with `resume`, where the settings differ.
    """
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        done = _prepared(out, settings, resume)
    if done:
        _check_asked(out, asked)
    _ask_rest(asked, ask, out, done, stopped, progress)
    return read(out)


@contextmanager
def sole(out: Path) -> Iterator[None]:
    """Hold the right to write in `out`. Raises EvaluationError where another process does."""
    with ExitStack() as held:
        try:
            with _writing(out):
                held.enter_context(locked(out))
        except BlockingIOError:
            raise EvaluationError(f"{out}: another run is going on here; wait for it") from None
        yield


def read(folder: Path) -> Run:
    """The run in a folder. Raises EvaluationError where there is none that can be read."""
    settings = _settings(folder)
    if settings is None:
        raise EvaluationError(f"{folder}: holds no run; make one with: citewell eval")
    path = folder / RESULTS
    try:
        lines = path.read_bytes().splitlines(keepends=True)
        rows = tuple(json.loads(line) for line in lines if line.endswith(b"\n"))
        ids = [row["case"]["id"] for row in rows]
        if any(not row.keys() >= _ROW or row["outcome"] not in OUTCOMES for row in rows):
            raise ValueError("a row lacks what a run writes")
    except FileNotFoundError:
        return Run(folder, settings, ())
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EvaluationError(f"{path}: is no list of results ({error}); run it again") from error
    if len(set(ids)) != len(ids):
        raise EvaluationError(f"{path}: holds a question twice; run it again")
    return Run(folder, settings, rows)


def timings(folder: Path) -> tuple[dict[str, Any], ...]:
    """What is known of a run's times: of each batch, and of questions asked one at a time."""
    try:
        lines = (folder / TIMINGS).read_text("utf-8").splitlines()
        read = [json.loads(line) for line in lines]
        return tuple(times for times in read if isinstance(times, dict))
    except (OSError, ValueError):  # they decide nothing: a torn line costs the times alone
        return ()


def note_times(folder: Path, times: Mapping[str, Any]) -> None:
    """Add a line to a run's times."""
    with (folder / TIMINGS).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(times) + "\n")


def _settings(folder: Path) -> Settings | None:
    path = folder / RUN
    try:
        settings: Settings = json.loads(path.read_text("utf-8"))
        if not isinstance(settings["of"], int) or not settings.keys() >= _NEEDED:
            raise TypeError("it does not say of what it is a run")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EvaluationError(
            f"{path}: does not describe a run ({error}); remove it or choose another --out"
        ) from error
    return settings


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Tell that the disk is full, or the place not ours to write, as an EvaluationError."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EvaluationError(
            f"{out}: cannot be written ({reason}); mend that or choose another place with --out"
        ) from error


def _check_asked(out: Path, asked: Sequence[Labelled]) -> None:
    """The rows that are kept have to be those of the first questions."""
    there = [row["case"]["id"] for row in read(out).rows]
    if there != [each.case.id for each in asked[: len(there)]]:
        raise EvaluationError(
            f"{out / RESULTS}: its rows are not of these questions in their order; remove the "
            "folder, or choose another with --out"
        )


def _prepared(out: Path, settings: Settings, resume: bool) -> int:
    """Make `out` ready; how many questions are answered there already, whole batches alone."""
    before = _settings(out)
    if (before is None and (out / RESULTS).exists()) or (out / "CURRENT").exists():
        raise EvaluationError(
            f"{out}: holds files of another kind ({RESULTS} or a knowledge base); choose another "
            "folder with --out"
        )
    if before is None or not (out / RESULTS).exists():
        _begin(out, settings)
        return 0
    there = _whole_batches(out / RESULTS, int(before["of"]))
    if resume:
        _check_same(out, before, settings)
        return there
    if 0 < there < before["of"]:
        raise EvaluationError(
            f"{out}: an interrupted run is here ({there:,} of {before['of']:,} questions); go on "
            f"with it with --resume, or remove the folder, or choose another with --out"
        )
    if there:
        _set_aside(out)
    _begin(out, settings)
    return 0


def _begin(out: Path, settings: Settings) -> None:
    for name in (RESULTS, TIMINGS):
        (out / name).unlink(missing_ok=True)
    replace(out / RUN, (json.dumps(settings, indent=1) + "\n").encode("ascii"))
    (out / RESULTS).touch()


def _check_same(out: Path, before: Settings, settings: Settings) -> None:
    differ = [
        name
        for name in sorted(before.keys() | settings.keys())
        if name not in _INCIDENTAL and before.get(name) != settings.get(name)
    ]
    if differ:
        raise EvaluationError(
            f"{out}: cannot go on with this run: {', '.join(differ)} changed since; start anew "
            "without --resume in another folder"
        )


def _set_aside(out: Path) -> None:
    """Move the finished run to `before`, so that the next one can say what is better."""
    before = out / BEFORE
    before.mkdir(exist_ok=True)
    for name in OWN:
        (before / name).unlink(missing_ok=True)
    for name in reversed(OWN):  # what makes it a run goes last
        if (out / name).exists():
            (out / name).replace(before / name)


def _whole_batches(path: Path, of: int) -> int:
    """Cut what follows the last whole batch, and say how many rows are left."""
    lines = path.read_bytes().splitlines(keepends=True)
    complete = sum(line.endswith(b"\n") for line in lines)
    kept = complete if complete >= of else complete - complete % BATCH
    size = sum(map(len, lines[:kept]))
    if size != path.stat().st_size:
        with path.open("r+b") as stream:
            stream.truncate(size)
    return kept


def _ask_rest(
    asked: Sequence[Labelled],
    ask: Ask,
    out: Path,
    done: int,
    stopped: Callable[[], bool],
    progress: Progress | None,
) -> None:
    if progress:
        progress(done, len(asked))
    answered = ask(_batches(asked[done:]))
    with (out / RESULTS).open("ab") as results:
        while not stopped():
            started = time.perf_counter()
            lines = next(answered, None)
            if lines is None:
                return
            with _writing(out):
                results.write(b"".join(lines))
                results.flush()
                seconds = round(time.perf_counter() - started, 3)
                note_times(out, {"questions": len(lines), "seconds": seconds})
            done += len(lines)
            if progress:
                progress(done, len(asked))


def _batches(asked: Sequence[Labelled]) -> Iterator[Sequence[Labelled]]:
    rest = iter(asked)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
