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
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.errors import EvaluationError
from index.generation import replace
from index.lock import locked
from qa.evaluation.labels import Labelled
from qa.evaluation.row import Row
from qa.terminal import Progress

Settings = Mapping[str, Any]
Ask = Callable[[Iterable[Sequence[Labelled]]], Iterator[list[bytes]]]
"""The lines of results.jsonl for each batch, in the batches' order."""

RUN, RESULTS, TIMINGS, BEFORE = "run.json", "results.jsonl", "timings.jsonl", "before"
# Questions encoded together, like lengths side by side: 1.1 times as fast as 256. This much is lost
# when a run is killed. Boundaries decide nothing but the last digits of a score, yet never move.
BATCH = 512
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
    where it has the same settings. Raises EvaluationError where another process runs there, where
    an interrupted run is in the way, or, with `resume`, where the settings differ.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(out))
            done = _prepared(out, settings, resume)
            _ask_rest(asked, ask, out, done, stopped, progress)
        except BlockingIOError:
            raise EvaluationError(f"{out}: another run is going on here; wait for it") from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise EvaluationError(
                f"{out}: cannot be written ({reason}); mend that or choose another place with --out"
            ) from error
    return read(out)


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
        return tuple(json.loads(line) for line in lines)
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
        if not isinstance(settings["of"], int):
            raise TypeError("it does not say how many questions there are")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EvaluationError(
            f"{path}: does not describe a run ({error}); remove it or choose another --out"
        ) from error
    return settings


def _prepared(out: Path, settings: Settings, resume: bool) -> int:
    """Make `out` ready; how many questions are answered there already, whole batches alone."""
    before = _settings(out)
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
    replace(out / RUN, json.dumps(settings, indent=1) + "\n")
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
    for path in out.iterdir():
        if path.is_file() and not path.name.startswith("."):
            path.replace(before / path.name)


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
            results.write(b"".join(lines))
            results.flush()
            done += len(lines)
            seconds = round(time.perf_counter() - started, 3)
            note_times(out, {"questions": len(lines), "seconds": seconds})
            if progress:
                progress(done, len(asked))


def _batches(asked: Sequence[Labelled]) -> Iterator[Sequence[Labelled]]:
    rest = iter(asked)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
