"""Something to look at again and again, in a thread of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

_log = logging.getLogger(__name__)

_AFTER_FAILURE = 10.0  # seconds
_STOP_SECONDS = 10.0


@contextmanager
def repeating(work: Callable[[], float], name: str) -> Iterator[None]:
    """Call `work` until the block ends, each time as many seconds later as it returned."""
    ended = Event()

    def loop() -> None:
        pause = 0.0
        while not ended.wait(pause):
            pause = _guarded(work)

    thread = Thread(target=loop, name=f"citewell-{name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_STOP_SECONDS)


def _guarded(work: Callable[[], float]) -> float:
    try:
        return work()
    except Exception:  # whatever broke, it is looked at again and the site goes on
        _log.exception("something in the background failed; it is tried again")
        return _AFTER_FAILURE
