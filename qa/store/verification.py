"""Whether each generation on disk is as it was built."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import KnowledgeBaseDamaged
from index.generation import current, generations, read_manifest, verify


@dataclass(frozen=True, slots=True)
class Checked:
    """One generation. `damage` is empty where all of it is whole; sizes are in bytes."""

    generation: str
    built: str = ""
    files: int = 0
    size: int = 0
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All generations, the oldest first. `serving` is the one that `CURRENT` names.

    `damage` says what is wrong with `CURRENT` itself, which then names none.
    """

    serving: str
    generations: tuple[Checked, ...]
    damage: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing at all is damaged."""
        return not self.damage and not any(one.damage for one in self.generations)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"whole": self.whole, **asdict(self)}


def verified(folder: Path) -> Verification:
    """Check them all. Raises KnowledgeBaseMissing where there is none."""
    serving, damage = "", ""
    try:
        serving = current(folder)
        read_manifest(folder)  # which CURRENT has to vouch for
    except KnowledgeBaseDamaged as error:
        if error.file.parent == folder:
            serving, damage = "", error.damage
    names = dict.fromkeys([*generations(folder), *([serving] if serving else [])])
    return Verification(serving, tuple(_checked(folder, name) for name in names), damage)


def _checked(folder: Path, name: str) -> Checked:
    try:
        manifest = read_manifest(folder, name)
        verify(folder, manifest)
    except KnowledgeBaseDamaged as error:
        return Checked(name, damage=error.damage)
    size = sum(size for size, _ in manifest.files.values())
    return Checked(name, manifest.built, len(manifest.files), size)
