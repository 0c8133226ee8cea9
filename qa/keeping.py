"""Keep what is served up to date, as the settings want it, while a block runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import KnowledgeBaseError, ServeError
from index.generation import read_manifest
from qa.follow import Follower, Mark
from qa.live import UNREBUILT, Live, Trouble
from qa.rebuild import Job, Outcome, Rebuild
from qa.repeat import repeating
from qa.watch import Watcher, look

if TYPE_CHECKING:
    from qa.answerer import Answerer
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the sources are, and whether to watch them and to follow the knowledge base."""

    kb: Path
    model: str
    sources: str = ""
    skip_errors: bool = False
    watch: bool = False
    reload: bool = True

    @classmethod
    def of(cls, settings: "Settings") -> "Keeping":
        """As the settings have it."""
        return cls(
            settings.kb,
            settings.model,
            settings.sources,
            settings.skip_errors,
            settings.watch,
            settings.reload,
        )

    def job(self) -> Job:
        """What to build: of the sources that are set, else of those that were built from last."""
        return Job(self._sources(), str(self.kb), self.model, self.skip_errors)

    def _sources(self) -> str:
        if self.sources:
            return self.sources
        try:
            built_from = read_manifest(self.kb).sources
        except KnowledgeBaseError:
            return ""
        return built_from if built_from and Path(built_from).exists() else ""


@contextmanager
def keeping(wanted: Keeping, live: "Live[Answerer]", served: Mark) -> Iterator[Rebuild]:
    """What rebuilds; meanwhile the folder is followed and the sources watched, where wanted.

    `served` is the folder's mark from before what serves was read. Raises ServeError where sources
    are to be watched and none are known.
    """
    follower = Follower(wanted.kb, live, served)
    rebuild = Rebuild(wanted.job, follower.look, partial(_note, live))
    with ExitStack() as running:
        if wanted.reload:
            running.enter_context(repeating(follower.watch, "reload"))
        if wanted.watch:
            watcher = Watcher(_looking(wanted), partial(rebuild.run, "watch"))
            running.enter_context(repeating(watcher.watch, "watch"))
        running.callback(rebuild.stop)
        yield rebuild


def _looking(wanted: Keeping) -> "partial[dict[str, tuple[int, int]]]":
    sources = wanted.job().sources
    if not sources:
        raise ServeError("--watch: no sources are known here; name their folder with --sources DIR")
    return partial(look, Path(sources), wanted.kb)


def _note(live: "Live[Answerer]", outcome: Outcome) -> None:
    live.note("rebuild", Trouble(UNREBUILT, outcome.error) if outcome.error else None)
