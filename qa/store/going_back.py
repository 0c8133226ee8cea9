"""Going back to an earlier generation, which then serves until the sources change."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import KnowledgeBaseMissing
from index.generation import generations
from index.hold import hold
from index.manifest import Manifest
from index.publish import building, roll_back
from index.tracking import looked_at
from qa.keeping import known_sources
from qa.store.verification import checked

if TYPE_CHECKING:
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class GoneBack:
    """What serves, what served `before` (empty where nobody can tell), and the sources.

    `held` says whether the sources are there, so that it can be told when they change; `newest`
    that it is the newest again, which nothing has to hold; `damaged` that there is no going back to
    what served before.
    """

    manifest: Manifest
    before: str
    sources: Path
    held: bool
    newest: bool = False
    damaged: bool = False


def gone_back(settings: "Settings", generation: str = "") -> GoneBack:
    """Let an earlier generation serve, the one of this name or the newest that is whole.

    Raises KnowledgeBaseError where there is none, BuildError where a build is running.
    """
    folder = settings.kb
    if not generations(folder):  # then no folder is to be made for the lock
        raise KnowledgeBaseMissing(folder)
    with building(folder):
        known = known_sources(settings)
        manifest, before = roll_back(folder, generation)
        sources = Path(known or manifest.sources)
        newest = manifest.generation == generations(folder)[-1]
        held = not newest and sources.exists()
        if held:
            hold(folder, manifest.generation, looked_at(sources))
        other = before not in ("", manifest.generation)  # that one is whole
        damaged = other and bool(checked(folder, before).damage)
    return GoneBack(manifest, before, sources, held, newest, damaged)
