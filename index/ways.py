"""What a build's errors tell their reader to use, which depends on where that reader is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.readers import READERS


@dataclass(frozen=True, slots=True)
class Ways:
    """What leaves out files that cannot be read, and what says where the knowledge base stands."""

    skip: str
    place: str

    def unread(self, sources: Path, count: int) -> str:
        """That so many problems stop the build, and the ways on."""
        many = f"{count} problems; mend them or leave those"
        what = "1 problem; mend it or leave that" if count == 1 else many
        return f"{sources}: {what} out with {self.skip}"

    def unwritten(self, out: Path, error: OSError) -> str:
        """That the disk is full, or the place not ours to write."""
        why = f"cannot be written ({error.strerror or error}); mend that or choose another place"
        return f"{out}: {why} with {self.place}"


COMMAND = Ways("--skip-errors", "--out")  # of `citewell build`
SERVER = Ways("the setting skip_errors = true", "the setting kb")  # of `citewell serve`


def nothing_found(sources: Path, ignored: Sequence[str]) -> str:
    """That there is nothing to build, and what would be."""
    left_out = f" ({len(ignored)} left out)" if ignored else ""
    *endings, last = sorted(READERS)
    return (
        f"{sources}: no FAQ entry and no article found here{left_out}; "
        f"put {', '.join(endings)} or {last} files into it"
    )
