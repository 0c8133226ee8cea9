"""How many threads the numeric libraries take."""

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


@cache
def _pools() -> Any:
    """The thread pools of the libraries that are loaded by now."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
