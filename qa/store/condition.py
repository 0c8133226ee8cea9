"""How a knowledge base stands: what serves, of what it was made, and what has changed since."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index import tracking
from index.generation import serving
from index.hold import held, holds
from index.manifest import Manifest
from index.tracking import Status
from qa.calibration import CalibrationRecord, stored


@dataclass(frozen=True, slots=True)
class Condition:
    """Of one knowledge base.

    `degraded` says which damage keeps a newer generation from serving. `sources` are the files,
    where the folder they were read from is there (`looked_in`); else there are none. `held` says
    that it was gone back to, and is not built anew by itself while they stay as they are; None
    where they are not there to tell.
    """

    folder: Path
    manifest: Manifest
    degraded: str
    looked_in: Path | None
    sources: tuple[Status, ...]
    calibration: CalibrationRecord | None
    held: bool | None

    @property
    def counts(self) -> dict[str, int]:
        """How many sources are in each state."""
        return dict(Counter(source.state for source in self.sources))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        made = self.manifest
        return {
            "kb": str(self.folder),
            "generation": made.generation,
            "degraded": self.degraded,
            "held": self.held,
            "built": made.built,
            "sources": made.sources,
            "looked_in": str(self.looked_in) if self.looked_in else None,
            "counts": made.counts,
            "encoder": made.encoder,
            "fingerprint": made.fingerprint,
            "language": made.language,
            "calibrated": self.calibration.made if self.calibration else None,
            "files": [asdict(source) for source in self.sources],
        }


def of(folder: Path, sources: Path | None = None) -> Condition:
    """How the knowledge base at `folder` stands; `sources` is where they are, if they have moved.

    Raises KnowledgeBaseMissing, and KnowledgeBaseDamaged where no generation is whole.
    """
    manifest, degraded = serving(folder)
    place = sources or Path(manifest.sources)
    there = place.exists()
    now = tracking.found_now(place) if there else ()
    built = tracking.load(folder, manifest)
    states = tuple(tracking.compared(built, now)) if there else ()
    where = place if there else None
    is_held = bool(held(folder, tracking.digest_of(now))) if there else _held_unseen(folder)
    return Condition(folder, manifest, degraded, where, states, stored(folder), is_held)


def _held_unseen(folder: Path) -> bool | None:
    """Whether it is held where the sources are not there: what never was, is not."""
    return None if holds(folder) else False
