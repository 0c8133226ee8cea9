"""A rollback holds until the sources change after it, or somebody builds.

    kb/rollback.json    the generation that was gone back to, and a digest of the sources as they
                        were then

Without it a server that watches the sources would build them again as soon as it starts, since they
are not those of the generation that serves.
"""

import json
from pathlib import Path

from index.disk import read_small, replace
from index.errors import KnowledgeBaseError
from index.generation import current

FILE = "rollback.json"


def hold(folder: Path, generation: str, sources: str) -> None:
    """Keep that `generation` is to serve while the sources' digest is this one."""
    record = {"generation": generation, "sources": sources}
    replace(folder / FILE, (json.dumps(record, indent=1) + "\n").encode("ascii"))


def release(folder: Path) -> None:
    """Forget the last rollback."""
    (folder / FILE).unlink(missing_ok=True)


def held(folder: Path, sources: str) -> str:
    """The generation that was gone back to while the sources' digest was this one.

    Empty where there is none, or another serves meanwhile.
    """
    try:
        record = json.loads(read_small(folder / FILE))
        kept, digest = record["generation"], record["sources"]
        return str(kept) if digest == sources and kept == current(folder) else ""
    except (OSError, ValueError, LookupError, TypeError, RecursionError, KnowledgeBaseError):
        return ""


def holds(folder: Path) -> bool:
    """Whether there may be something to compare the sources with, which takes a while."""
    return (folder / FILE).is_file()
