"""Sources that are watched while a server runs: built when they change, told of when they go."""

import logging
import os.path
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from index.errors import printable
from index.hold import held, holds
from index.tracking import looked_at
from qa.live import AWAY, SOURCES, Live, Trouble
from qa.watch import EVERY, Watcher, look

_log = logging.getLogger(__name__)


class Tended:
    """The sources of a knowledge base, to be looked at every few seconds."""

    def __init__(self, sources: Path, kb: Path, live: Live[Any], build: Callable[[], bool]) -> None:
        """`build` returns when it has ended; False where it is to be tried again."""
        self._sources, self._kb, self._live, self._build = sources, kb, live, build
        self._watcher = Watcher(partial(look, sources, kb), self._built)
        self._away = False
        if name := self._held():
            _log.info("%s", _told(name, sources, kb))

    def watch(self) -> float:
        """Look, build if it is time to, and say when to look again."""
        away = not os.path.exists(self._sources)  # noqa: PTH110 - Path's may raise
        if away != self._away:
            self._note(away)
        return EVERY if away else self._watcher.watch()

    def _built(self) -> bool:
        """What was rolled back from is not built again: nothing has changed since."""
        return True if self._held() else self._build()

    def _held(self) -> str:
        return held(self._kb, looked_at(self._sources)) if holds(self._kb) else ""

    def _note(self, away: bool) -> None:
        self._away = away
        where = printable(str(self._sources))
        if not away:
            _log.info("the sources are here again: %s", where)
            self._live.note(SOURCES, None)
            return
        told = f"{where}: the sources are not here any more; put them back, or serve others with"
        trouble = Trouble(AWAY, f"{told} --sources DIR")
        _log.warning("%s", trouble.detail)
        self._live.note(SOURCES, trouble)


def _told(generation: str, sources: Path, kb: Path) -> str:
    return printable(
        f"{generation} was rolled back to and the sources have not changed since, so they are not "
        f"built; to build them all the same: citewell build {sources} --out {kb}"
    )
