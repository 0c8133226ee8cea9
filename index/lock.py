"""One at a time: a folder that a single process may write to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write in `folder`, which is made; freed if the process dies.

    Raises BlockingIOError where another process holds it.
    """
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
