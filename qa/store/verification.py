"""Whether each generation on disk is as it was built."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import KnowledgeBaseDamaged
from index.generation import current, earlier, generations, read_manifest, verify


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
    """All generations, the oldest first.

    `current` is the one that `CURRENT` names, `serving` the one that serves, which is another where
    that one is damaged, and none where nothing is whole. `damage` says what is wrong with `CURRENT`
    itself, which then names none.
    """

    current: str
    serving: str
    generations: tuple[Checked, ...]
    damage: str = ""

    @property
    def sound(self) -> bool:
        """Whether the generation that should serve is whole, and does."""
        return bool(self.current) and self.current == self.serving

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"sound": self.sound, **asdict(self)}


def verified(folder: Path) -> Verification:
    """Check them all. Raises KnowledgeBaseMissing where there is none."""
    named, damage = "", ""
    try:
        named = current(folder)
        read_manifest(folder)  # which CURRENT has to vouch for
    except KnowledgeBaseDamaged as error:
        if error.file.parent == folder:
            named, damage = "", error.damage
    names = dict.fromkeys([*generations(folder), *([named] if named else [])])
    found = tuple(checked(folder, name) for name in names)
    whole = {one.generation for one in found if not one.damage}
    serving = next((name for name in (named, *earlier(folder)) if name in whole), "")
    return Verification(named, serving, found, damage)


def checked(folder: Path, name: str) -> Checked:
    """One generation, every byte of it read."""
    try:
        manifest = read_manifest(folder, name)
        verify(folder, manifest)
    except KnowledgeBaseDamaged as error:
        return Checked(name, damage=error.damage)
    size = sum(size for size, _ in manifest.files.values())
    return Checked(name, manifest.built, len(manifest.files), size)
