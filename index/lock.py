"""One at a time: a folder that a single process may write to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".lock"


class Locked(BlockingIOError):
    """Another process holds the right; `pid` is its number, as far as it is known."""

    def __init__(self, pid: str) -> None:
        self.pid = pid
        super().__init__()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write in `folder`, which is made; freed if the process dies.

    Raises Locked where another process holds it.
    """
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Locked(lock.read(20).strip()) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
