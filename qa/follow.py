"""Serve what a build has named: the knowledge base's folder, looked at every few seconds."""

import logging
import os
import time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from index.errors import CitewellError, KnowledgeBaseMissing, printable
from qa import calibration, small_talk
from qa.live import DAMAGED, KB, MISSING, REBUILD, UNUSED, Live, Trouble
from qa.opening import opened

if TYPE_CHECKING:
    from qa.answerer import Answerer

_log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two looks, which are three `stat`
# What could not be used is tried again that much later, though nothing named it anew: somebody may
# have put the file back. Verifying reads every byte of it.
_AGAIN = 60.0
_TRIES = 3  # where the folder changes while it is read

Mark = tuple[tuple[int, int, int] | None, ...]


def mark(kb: Path) -> Mark:
    """Changes when another generation is named, or the calibration or small talk is another."""
    names = ("CURRENT", calibration.FILE, small_talk.FILE)
    return tuple(map(_stamp, (kb / name for name in names)))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = os.stat(path)  # noqa: PTH116 - a path may be none, which Path would raise for
    except (OSError, ValueError):
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


class Follower:
    """Swaps what is served for what the folder names. Safe to call from several threads."""

    def __init__(self, kb: Path, live: "Live[Answerer]", served: Mark) -> None:
        """`served` is the folder's mark from before what serves now was read."""
        self._kb = kb
        self._live = live
        self._served = served
        self._error = live.current.engine.knowledge.degraded
        self._again = time.monotonic() + _AGAIN
        if self._error:
            self._warn()
        self._looking = Lock()

    def look(self) -> str:
        """Serve what the folder names now. Why that cannot be, on one line; empty where it is."""
        with self._looking:
            for _ in range(_TRIES):
                seen = mark(self._kb)
                waits = self._error and time.monotonic() < self._again
                if seen == self._served and (not self._error or waits):
                    break
                self._served, self._again = seen, time.monotonic() + _AGAIN
                self._take()
            return self._error

    def watch(self) -> float:
        """Look, and say when to look again."""
        self.look()
        return EVERY

    def _take(self) -> None:
        before, said = self._error, UNUSED
        try:
            now = self._live.current.engine
            fresh = opened(self._kb, now.encoder, now.answers)
            fresh.warm_up()
        except CitewellError as error:
            self._error = str(error)
            said = MISSING if isinstance(error, KnowledgeBaseMissing) else UNUSED
        except Exception as error:
            _log.exception("what was built could not be loaded")
            self._error = printable(f"{self._kb}: could not be loaded ({error})")
        else:
            self._serve(fresh)
            said = DAMAGED
        trouble = Trouble(said, self._error) if self._error else None
        self._live.note(KB, trouble)
        if self._error and self._error != before:
            self._warn()
        if before and not self._error:
            _log.info(
                "mended: %s serves, and nothing is wrong with it", self._live.current.generation
            )

    def _warn(self) -> None:
        _log.warning("%s goes on serving: %s", self._live.current.generation, self._error)

    def _serve(self, fresh: "Answerer") -> None:
        """Swap, unless it is what serves already because the newer one is damaged."""
        self._error = fresh.knowledge.degraded
        now = self._live.current.engine
        same = _built(now) == _built(fresh)
        if not (same and self._error and now.tuning == fresh.tuning):
            self._live.swap(fresh)
            told = "read again with what stands beside it" if same else f"after {_name(now)}"
            _log.info("%s serves now, %s", _name(fresh), told)
        if not (same or self._error):  # another build has come to what the last rebuild did not
            self._live.note(REBUILD, None)


def _name(engine: "Answerer") -> str:
    return engine.knowledge.generation


def _built(engine: "Answerer") -> tuple[str, str]:
    return engine.knowledge.generation, engine.knowledge.built
