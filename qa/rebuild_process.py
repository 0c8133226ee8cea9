"""The process that a rebuild runs in: `python -m qa.rebuild_process`, started by `qa.rebuild`.

A job comes as one line of JSON; what it came to goes back so, after lines with the progress. It
ends with the server, however that ends: its standard input is then at its end.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from index.errors import CitewellError

_NICE = 10  # whatever serves goes first
_PATIENCE = 600.0  # seconds for another build to end
_TELL_EVERY = 0.2  # seconds between two words of progress

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Do the job that comes in."""
    os.nice(_NICE)
    job = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_the_server, daemon=True).start()
    tell = _teller()
    try:
        tell(_built(job, tell))
    except CitewellError as error:
        problems = [str(problem) for problem in getattr(error, "problems", ())]
        tell({"error": str(error), "problems": problems})


def _end_with_the_server() -> None:
    os.read(sys.stdin.fileno(), 1)  # comes back when the other end is closed
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)  # and all that was started for this
    os._exit(1)


def _teller() -> Tell:
    """What writes to the server; whatever else is printed goes to standard error from here on."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(said: dict[str, Any]) -> None:
        out.write(json.dumps(said) + "\n")
        out.flush()

    return tell


def _built(job: dict[str, Any], tell: Tell) -> dict[str, Any]:
    from index import build as building
    from index.backends import choice
    from index.ways import SERVER

    report = building.build(
        Path(job["sources"]),
        Path(job["kb"]),
        choice.open_encoder(job["model"], job["backend"], prepare=True),
        on_error="skip" if job["skip_errors"] else "fail",
        progress=_progress(tell),
        wait=_PATIENCE,
        ways=SERVER,
    )
    counted = ("faq_entries", "articles", "passages", "unchanged", "new", "removed")
    return {
        "generation": report.generation,
        "changed": report.changed,
        "counts": {name: getattr(report, name) for name in counted},
        "problems": [str(problem) for problem in report.problems],
    }


def _progress(tell: Tell) -> Callable[[int, int], None]:
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done == total or time.monotonic() - told >= _TELL_EVERY:
            told = time.monotonic()
            tell({"done": done, "total": total})

    return progress


if __name__ == "__main__":
    main()
