"""How many threads the numeric libraries take."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

FEW = 4  # texts, or questions, that gain nothing from a second thread


@contextmanager
def threads_for(texts: int) -> Iterator[None]:
    """One thread for a few texts, all for many.

    Threads wait for each other. Where other processes use the cores too, an answer took 51 to 73 ms
    beside encoding with two threads, and 14 to 17 with one; on idle cores both take as long.
    """
    if texts > FEW:
        yield
        return
    with _pools().limit(limits=1):
        yield


def most() -> int:
    """The cores this process may use, or fewer where `OMP_NUM_THREADS` says so."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(wanted)) if wanted.isdigit() and int(wanted) else cores


@cache
def _pools() -> Any:
    """The thread pools of the libraries that are loaded by now."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
