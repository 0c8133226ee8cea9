"""Build anew beside the server, in a process of its own, and take over what it published."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import Any

from index.errors import printable

_log = logging.getLogger(__name__)

PROBLEMS = 100  # that are told of
_SAID = 10  # of them in the log
_STOP_SECONDS = 5.0  # until a build that is told to stop is made to
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Job:
    """What to build, where, by which model and backend; `skip_errors` leaves out what is unread."""

    sources: str
    kb: str
    model: str
    backend: str = "auto"
    skip_errors: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rebuild came to; `error` is empty where what it built serves."""

    generation: str
    counts: Mapping[str, int]
    problems: tuple[str, ...]
    seconds: float
    error: str
    asked_by: str
    ended: str

    @property
    def settled(self) -> bool:
        """Whether the same sources would come to the same again: all is well, or they are at fault.

        What was killed, or found the disk full, is worth another try.
        """
        return not self.error or bool(self.problems and not self.generation)


@dataclass(frozen=True, slots=True)
class State:
    """Whether one runs, how many texts of how many it has encoded, and how the last one ended."""

    running: bool = False
    done: int = 0
    total: int = 0
    last: Outcome | None = None


@dataclass(slots=True)
class _Told:
    """What the process has said so far."""

    generation: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    error: str = ""
    changed: bool = True
    ended: bool = False


class Rebuild:
    """One rebuild at a time. Safe to share between threads."""

    def __init__(
        self,
        job: Job,
        then: Callable[[], str],
        after: Callable[[Outcome], None] = lambda _: None,
        minutes: float = 120.0,
    ) -> None:
        """`then` takes over what was built, or says why it cannot.

        `after` is called with each outcome. What takes more than so many minutes is ended.
        """
        self._job, self._then, self._after, self._minutes = job, then, after, minutes
        self.state = State()
        self._busy = Lock()
        self._guard = Lock()  # of the two below
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def start(self, asked_by: str) -> bool:
        """Begin one in the background; False where one runs already."""
        if not self._busy.acquire(blocking=False):
            return False
        before = self.state
        self.state = State(running=True, last=before.last)
        thread = Thread(target=self._work, args=(asked_by,), name="citewell-rebuild", daemon=True)
        try:
            thread.start()
        except BaseException:  # where there is no thread, nothing else gives the lock back
            self.state = before
            self._busy.release()
            raise
        return True

    def run(self, asked_by: str) -> bool:
        """Begin one, after the one that runs, and wait for its end; whether that settles it.

        It does not where the same sources may come to something else the next time.
        """
        self._busy.acquire()
        return self._work(asked_by).settled

    def stop(self) -> None:
        """End the one that runs, and begin no other."""
        with self._guard:
            self._stopped = True
            process = self._process
        if process and process.poll() is None:
            _signal(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            _signal(process, signal.SIGKILL)

    def _work(self, asked_by: str) -> Outcome:
        """Build, take over, tell; whatever comes of it, the lock is given back."""
        before = outcome = self.state.last
        try:
            self.state = State(running=True, last=before)
            outcome = self._outcome(asked_by)
            self._after(outcome)
            return outcome
        finally:
            self.state = State(last=outcome)
            self._busy.release()

    def _outcome(self, asked_by: str) -> Outcome:
        started, told = time.monotonic(), _Told()
        try:
            self._build(told, asked_by)
            told.error = told.error or self._then()
        except Exception as error:
            _log.exception("a rebuild failed")
            told.error = told.error or f"the rebuild failed ({error}); the server's log says more"
        seconds = round(time.monotonic() - started, 1)
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        outcome = Outcome(
            told.generation, told.counts, told.problems, seconds, told.error, asked_by, ended
        )
        if not self._stopped:
            _log_end(outcome, told.changed, self.state.last)
        return outcome

    def _build(self, told: _Told, asked_by: str) -> None:
        job = self._job
        if not job.sources:
            told.error = "no sources are known here; serve with --sources and their folder"
            return
        with self._guard:
            if self._stopped:
                told.error = "the server is stopping"
                return
            process = self._process = _started()
        _log.info("rebuild begun, asked for by %s: %s", asked_by, printable(job.sources))
        with process, _limited(process, self._minutes) as late:
            assert process.stdin is not None  # noqa: S101 (both are pipes)
            assert process.stdout is not None  # noqa: S101
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
                process.stdin.flush()
            self._listen(process.stdout, told)
            process.wait()
        if not told.ended:
            told.error = _late(self._minutes) if late.is_set() else _death(process.returncode)

    def _listen(self, lines: Iterable[bytes], told: _Told) -> None:
        """Keep what the process says, a JSON object a line."""
        for line in lines:
            said: dict[str, Any] = json.loads(line)
            if "done" in said:
                self.state = replace(self.state, done=said["done"], total=said["total"])
                continue
            told.ended = True
            told.generation, told.counts = said.get("generation", ""), said.get("counts", {})
            told.changed = said.get("changed", True)
            told.problems = tuple(said.get("problems", ()))[:PROBLEMS]
            told.error = said.get("error", "")


def _log_end(outcome: Outcome, changed: bool, last: Outcome | None) -> None:
    """Tell what it came to; its problems too, unless they were told of the last time."""
    if outcome.error:
        known = last and last.problems == outcome.problems
        for problem in () if known else outcome.problems[:_SAID]:
            _log.warning("%s", problem)
        _log.warning("rebuild failed after %s s: %s", outcome.seconds, outcome.error)
        return
    counts, name = outcome.counts, outcome.generation
    parts = ", ".join(f"{counts[part]:,} {part}" for part in ("unchanged", "new", "removed"))
    said = f"{name}, {parts}" if changed else f"nothing changed; {name} still serves"
    left_out = f"; {len(outcome.problems):,} left out" if outcome.problems else ""
    _log.info("rebuild ended after %s s: %s%s", outcome.seconds, said, left_out)


@contextmanager
def _limited(process: "subprocess.Popen[bytes]", minutes: float) -> Iterator[Event]:
    """End it, and all that it started, once it has taken so long; the event is set then."""
    late = Event()

    def end() -> None:
        if process.poll() is None:
            late.set()
            _signal(process, signal.SIGKILL)

    timer = Timer(60 * minutes, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _started() -> "subprocess.Popen[bytes]":
    # What is imported there is what runs here, wherever this was started from. A group of its own,
    # so that all it starts can be ended with it; no session, whose share of the processor Linux may
    # count apart, so that being nice would not help.
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "qa.rebuild_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        process_group=0,
    )


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _late(minutes: float) -> str:
    return (
        f"the build took more than {minutes:g} minutes and was ended; see what holds it up, or set "
        "rebuild_timeout higher; what served goes on serving"
    )


def _death(code: int) -> str:
    if code < 0:
        return f"the build was killed ({signal.Signals(-code).name}); what served goes on serving"
    return f"the build broke (exit code {code}); the server's log says why"
