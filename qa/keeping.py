"""Keep what is served up to date, as the settings want it, while a block runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import KnowledgeBaseError, ServeError
from index.generation import read_manifest
from qa.follow import Follower, Mark
from qa.live import REBUILD, UNREBUILT, Live, Trouble
from qa.rebuild import Job, Outcome, Rebuild
from qa.repeat import repeating
from qa.watch import Watcher, look

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings


@contextmanager
def keeping(settings: "Settings", live: "Live[Answerer]", served: Mark) -> Iterator[Rebuild]:
    """What rebuilds; meanwhile the folder is followed and the sources watched, where wanted.

    `served` is the folder's mark from before what serves was read. Raises ServeError where sources
    are to be watched and none are known.
    """
    sources = _sources(settings)
    if settings.watch and not sources:
        told = "--watch: no sources are known here; name their folder with --sources DIR"
        raise ServeError(told)
    job = Job(sources, str(settings.kb), settings.model, settings.backend, settings.skip_errors)
    follower = Follower(settings.kb, live, served)
    rebuild = Rebuild(job, follower.look, partial(_note, live))
    with ExitStack() as running:
        if settings.reload:
            running.enter_context(repeating(follower.watch, "reload"))
        if settings.watch:
            looking = partial(look, Path(sources), settings.kb)
            watcher = Watcher(looking, partial(rebuild.run, "watch"))
            running.enter_context(repeating(watcher.watch, "watch"))
        running.callback(rebuild.stop)
        yield rebuild


def _sources(settings: "Settings") -> str:
    """The place that is set, else the one that was built from last, where that is still there."""
    if settings.sources:
        return settings.sources
    try:
        built_from = read_manifest(settings.kb).sources
    except KnowledgeBaseError:
        return ""
    return built_from if built_from and Path(built_from).exists() else ""


def _note(live: "Live[Answerer]", outcome: Outcome) -> None:
    live.note(REBUILD, Trouble(UNREBUILT, outcome.error) if outcome.error else None)
