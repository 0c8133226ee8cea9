"""Who answers a run's questions: this process, or several beside it."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import qa
from index.errors import EvaluationError
from qa.answerer import Answerer
from qa.evaluation.labels import Labelled
from qa.evaluation.row import line, rows
from qa.evaluation.run import Ask

_AHEAD = 2  # batches handed out for each worker before the first of them is awaited


def alone(answerer: Answerer) -> Ask:
    """Every batch in this process."""
    return lambda batches: (_lines(answerer, batch) for batch in batches)


@contextmanager
def workers(number: int, kb: Path, model: str, backend: str) -> Iterator[Ask]:
    """Each batch in one of `number` processes, which load the knowledge base for themselves."""
    threads = max(1, (os.cpu_count() or 1) // number)
    pool = ProcessPoolExecutor(
        number,
        multiprocessing.get_context("spawn"),
        initializer=_load,
        initargs=(kb, model, backend, threads),
    )

    def ask(batches: Iterable[Sequence[Labelled]]) -> Iterator[list[bytes]]:
        waiting: deque[Future[list[bytes]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(_answer, batch))
                if len(waiting) > _AHEAD * number:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise EvaluationError(
                "a worker ended unasked, as for want of memory (an error of its own stands above); "
                "go on with --resume and fewer --workers"
            ) from error

    try:
        yield ask
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_own: list[Answerer] = []  # a worker's, loaded when it starts


def _load(kb: Path, model: str, backend: str, threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    os.environ["OMP_NUM_THREADS"] = str(threads)  # before torch and FAISS are imported
    _own[:] = [qa.load(kb, model=model, backend=backend)]


def _answer(batch: Sequence[Labelled]) -> list[bytes]:
    return _lines(_own[0], batch)


def _lines(answerer: Answerer, batch: Sequence[Labelled]) -> list[bytes]:
    return [line(row) for row in rows(answerer, batch)]
