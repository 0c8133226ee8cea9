"""What became of each source file in a build, kept to tell what has changed since."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from index.errors import KnowledgeBaseDamaged
from index.generation import verify
from index.manifest import Manifest
from index.readers import Content, Reader, Reading, SourceFile, read_folder

FILE = "sources.json"

Standing = Literal["fresh", "changed", "gone", "new", "failed"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as a build found it. `problems` says what of it could not be read, with lines.

    `size` in bytes and `sha256` are of what was read; of a file that could not be opened, 0 and "".
    """

    name: str
    size: int
    sha256: str
    documents: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How a source stands now. `why` is what a build could not read of it."""

    name: str
    state: Standing
    documents: int = 0
    why: tuple[str, ...] = ()


def sources_of(reading: Reading) -> tuple[Source, ...]:
    """Every file that was read or could not be, in the order of their names."""
    read = {content.name: content for content in reading.files}
    documents = Counter(document.source for document in reading.documents)
    problems: dict[str, list[str]] = {}
    for problem in reading.problems:
        problems.setdefault(problem.source, []).append(str(problem))
    nothing = Content("", 0, "")
    return tuple(
        Source(
            name,
            read.get(name, nothing).size,
            read.get(name, nothing).sha256,
            documents[name],
            tuple(problems.get(name, ())),
        )
        for name in sorted({*read, *problems})
    )


def found_now(place: Path) -> tuple[Content, ...]:
    """The files that a build of `place` would read, of which only the bytes are asked."""
    return read_folder(place, parse=_unread).files


def _unread(_reader: Reader, _file: SourceFile) -> Reading:
    return Reading()


def looked_at(place: Path) -> str:
    """The SHA-256 of the names and bytes of all files that a build of `place` would read."""
    return digest_of(found_now(place))


def digest_of(found: Iterable[Content]) -> str:
    """The same of files that were found."""
    files = sorted((content.name, content.sha256) for content in found)
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def compared(built: Iterable[Source], now: Iterable[Content]) -> Iterator[Status]:
    """How each source stands now against what was built, in the order of their names."""
    then = {source.name: source for source in built}
    found = {content.name: content.sha256 for content in now}
    for name in sorted({*then, *found}):
        source = then.get(name)
        if source is None:
            yield Status(name, "new")
            continue
        yield Status(name, _state(source, found), source.documents, source.problems)


def _state(source: Source, found: dict[str, str]) -> Standing:
    if source.name not in found:
        # What could not even be opened was never there for us, and is no more gone than it was.
        return "gone" if source.sha256 else "failed"
    if found[source.name] != source.sha256:
        return "changed"
    return "failed" if source.problems else "fresh"


def save(sources: Iterable[Source], folder: Path) -> None:
    """Write them into a generation."""
    records = [asdict(source) for source in sources]
    (folder / FILE).write_text(json.dumps(records, indent=1) + "\n", "ascii")


def load(folder: Path, manifest: Manifest) -> tuple[Source, ...]:
    """Those of a generation, of which no other file is read. Raises KnowledgeBaseDamaged."""
    verify(folder, manifest, [FILE])
    path = folder / manifest.generation / FILE
    try:
        records = json.loads(path.read_text("ascii"))
        return tuple(Source(**{**r, "problems": tuple(r["problems"])}) for r in records)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise KnowledgeBaseDamaged(path, f"tells no sources: {error}", folder) from error
