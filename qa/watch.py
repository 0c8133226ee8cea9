"""Notice that sources have changed, by looking at them.

Looking, not notifications of the operating system: those do not come for files that another machine
changes on a network share, nor through many a container's mount, and would be one more dependency.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.readers import READERS
from index.readers.folder import is_knowledge_base, is_source_name

EVERY = 2.0  # seconds between two looks
QUIET = 2.0  # without a change, before what was changed counts as complete
LONGEST = 60.0  # that a change waits for quiet, where something changes all the time
FIRST_PAUSE = 10.0  # before a rebuild that failed is tried again; then twice as long each time
LONGEST_PAUSE = 600.0
_SHARE = 50  # a look takes a fiftieth of the time at most, however many files there are

Seen = dict[str, tuple[int, int]]  # path: size in bytes, nanoseconds of the last change


def look(sources: Path, kb: Path) -> Seen:
    """The files below `sources` that a build would read; neither hidden ones nor those of `kb`."""
    return dict(_files(os.fspath(sources), os.path.realpath(kb)))


def _files(folder: str, kb: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if is_source_name(entry.name)]
    except NotADirectoryError:
        yield from _stamp(folder)
        return
    except OSError:  # the build will say what is wrong with it
        return
    if os.path.realpath(folder) == kb or is_knowledge_base(Path(entry.path) for entry in found):
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, kb)
        elif Path(entry.name).suffix.lower() in READERS:
            yield from _stamp(entry.path)


def _stamp(path: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        seen = os.stat(path)  # noqa: PTH116 - for ten thousand files it counts
    except OSError:
        return
    yield path, (seen.st_size, seen.st_mtime_ns)


class Watcher:
    """Calls `rebuild` once sources have changed and then stayed as they are for a while."""

    def __init__(
        self,
        look: Callable[[], Seen],
        rebuild: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`rebuild` returns when it has ended; False where it is to be tried again, ever later.

        What stands there at first counts as changed: nobody knows what happened before.
        """
        self._look = look
        self._rebuild = rebuild
        self._clock = clock
        self._built: Seen | None = None
        self._seen: Seen | None = None
        self._changed_at = self._waits_since = self._again = 0.0
        self._pause = FIRST_PAUSE

    def watch(self) -> float:
        """Look once, rebuild if it is time to, and say when to look again."""
        started = self._clock()
        seen = self._look()
        took = self._clock() - started
        if seen != self._seen:
            if self._seen == self._built:
                self._waits_since = started
            self._seen, self._changed_at = seen, started
            self._again, self._pause = 0.0, FIRST_PAUSE
        if seen != self._built and self._is_time(started):
            self._try(seen)
        return max(EVERY, _SHARE * took)

    def _try(self, seen: Seen) -> None:
        if self._rebuild():
            self._built = seen
            return
        self._waits_since = self._clock()
        self._again = self._waits_since + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _is_time(self, now: float) -> bool:
        if now < self._again:
            return False
        return now - self._changed_at >= QUIET or now - self._waits_since >= LONGEST
