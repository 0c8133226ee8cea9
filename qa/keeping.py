"""Keep what is served up to date, as the settings want it, while a block runs."""

import os.path
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import KnowledgeBaseError, ServeError, printable
from index.generation import read_manifest
from qa.follow import Follower, Mark
from qa.live import REBUILD, UNREBUILT, Live, Trouble
from qa.rebuild import Job, Outcome, Rebuild
from qa.repeat import repeating
from qa.tending import Tended

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings


@contextmanager
def keeping(settings: "Settings", live: "Live[Answerer]", served: Mark) -> Iterator[Rebuild]:
    """What rebuilds; meanwhile the folder is followed and the sources watched, where wanted.

    `served` is the folder's mark from before what serves was read. Raises ServeError where sources
    are to be watched and are not there.
    """
    known = known_sources(settings)
    if settings.watch:
        check_there(known)
    # What was built from last and is gone can be built no more; what is named may come yet.
    sources = known if settings.sources or (known and Path(known).exists()) else ""
    job = Job(sources, str(settings.kb), settings.model, settings.backend, settings.skip_errors)
    follower = Follower(settings.kb, live, served)
    rebuild = Rebuild(job, follower.look, partial(_note, live), settings.rebuild_timeout)
    with ExitStack() as running:
        if settings.reload:
            running.enter_context(repeating(follower.watch, "reload"))
        if settings.watch:
            building = partial(rebuild.run, "watch")
            tended = Tended(Path(sources), settings.kb, live, building)
            running.enter_context(repeating(tended.watch, "watch"))
        running.callback(rebuild.stop)
        yield rebuild


def known_sources(settings: "Settings") -> str:
    """The place that is set, else the one that was built from last, wherever that is now."""
    if settings.sources:
        return settings.sources
    try:
        return read_manifest(settings.kb).sources
    except KnowledgeBaseError:
        return ""


def check_there(sources: str) -> None:
    """Raise ServeError unless they can be looked at."""
    if not sources:
        told = "--watch: no sources are known here; name their folder with --sources DIR"
        raise ServeError(told)
    if not os.path.exists(sources):  # noqa: PTH110 - Path's may raise
        told = "there are no sources; name the folder that holds them with --sources DIR"
        raise ServeError(printable(f"--watch: {sources}: {told}"))


def _note(live: "Live[Answerer]", outcome: Outcome) -> None:
    live.note(REBUILD, Trouble(UNREBUILT, outcome.error) if outcome.error else None)
