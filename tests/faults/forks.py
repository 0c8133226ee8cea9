"""Work in children that may crash or hang: how each ends is told, and nothing else comes to harm.

Two workers that hold no thread fork a child for each piece of work. They have done once what their
children do, so that a child starts at once with all libraries loaded.
"""

import gc
import json
import multiprocessing
import os
import resource
import select
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.store import ask, built

WORKERS = 2
Limits = Mapping[int, int]  # RLIMIT_… to its value
NONE: Limits = {}
_MEMORY = 4 << 30  # of address space: a child that asks for more has been misled
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code, negative for a signal, and what it returned or raised.

    One that was still at work after a minute was killed: -9, as no other is.
    """

    code: int
    said: Any = None


def workers() -> ProcessPoolExecutor:
    """Two processes that may fork, warm."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(WORKERS, context, initializer=_warm)


def forked(work: Callable[[], Any], limits: Limits = NONE) -> Ended:
    """What becomes of `work` in a child, under these limits; it returns JSON."""
    return next(forked_each([work], limits))


def forked_each(works: Sequence[Callable[[], Any]], limits: Limits = NONE) -> Iterator[Ended]:
    """The same of several in turn, in one child until it dies, then in another for the rest."""
    left = deque(works)
    while left:
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _run(left, writing, {resource.RLIMIT_AS: _MEMORY, **limits})
        os.close(writing)
        with os.fdopen(reading) as lines:
            while left and select.select([lines], [], [], _SECONDS)[0]:
                line = lines.readline()
                if not line:
                    break
                left.popleft()
                yield Ended(*json.loads(line))
            else:
                os.kill(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if left:
            left.popleft()
            yield Ended(code)


def _run(works: Iterable[Callable[[], Any]], writing: int, limits: Mapping[int, int]) -> None:
    """Never returns."""
    for which, limit in limits.items():
        resource.setrlimit(which, (limit, resource.getrlimit(which)[1]))
    for work in works:
        try:
            ended = 0, work()
        except BaseException as error:
            ended = 1, f"{type(error).__name__}: {error}"
        os.write(writing, json.dumps(ended).encode() + b"\n")
    os._exit(0)


def _warm() -> None:
    import faiss

    faiss.omp_set_num_threads(1)  # a child has no copy of its parent's threads, and waits for them
    with tempfile.TemporaryDirectory() as folder:
        ask(built(Path(folder)))
    gc.freeze()  # or collecting in a child would copy all its memory
