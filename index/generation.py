"""What is on disk is whole or absent: one generation of a knowledge base, published and opened.

    kb/CURRENT              the name of the generation that serves
    kb/gen-7/manifest.json  what it was built from and with, size and SHA-256 of each file
    kb/gen-7/…              the files

A generation is written under another name, every byte of it synced to disk, then renamed; `CURRENT`
is replaced last. A build that dies leaves the old generation serving.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import (
    BuildError,
    KnowledgeBaseDamaged,
    KnowledgeBaseError,
    KnowledgeBaseMissing,
)
from index.lock import locked

# Of the files, and of all that decides what stands in them: raise it when passages are split, or
# words counted, in another way, so that the next build starts afresh.
SCHEMA = 2
_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_STAGE = ".building"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: what it was built from, with which encoder, and each file's digest.

    `corpus` is the SHA-256 of all documents, `encoder` and `fingerprint` name the model, `dim` is
    the width of a vector, `language` that of most documents (ISO 639-1), `built` is UTC in ISO
    8601; `counts` holds documents, passages, sentences and questions. `files` maps a path in the
    generation to its size in bytes and SHA-256.
    """

    generation: str
    schema: int
    built: str
    sources: str
    corpus: str
    encoder: str
    fingerprint: str
    dim: int
    language: str
    counts: dict[str, int]
    files: dict[str, tuple[int, str]]

    def to_json(self) -> str:
        """As written to manifest.json, stable from build to build."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest `to_json` wrote. Raises ValueError, KeyError or TypeError for others."""
        record: dict[str, Any] = json.loads(text)
        if record["schema"] != SCHEMA:
            raise ValueError(f"has schema {record['schema']}, this Citewell reads {SCHEMA}")
        files = {name: (int(size), str(digest)) for name, (size, digest) in record["files"].items()}
        manifest = cls(**{**record, "files": files})
        texts = ("generation", "built", "sources", "corpus", "encoder", "fingerprint", "language")
        if not all(isinstance(getattr(manifest, name), str) for name in texts):
            raise TypeError("a field that should be text is not")
        if not files:
            raise ValueError("names no files")
        return manifest


def current(folder: Path) -> str:
    """The name of the generation that serves. Raises KnowledgeBaseMissing where there is none."""
    try:
        name = (folder / _CURRENT).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise KnowledgeBaseMissing(folder) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeBaseDamaged(folder / _CURRENT, f"cannot be read: {error}", folder) from error
    if not name.startswith("gen-") or not name[4:].isdecimal():
        raise KnowledgeBaseDamaged(folder / _CURRENT, f"names no generation: {name!r}", folder)
    return name


def read_manifest(folder: Path) -> Manifest:
    """The serving generation's manifest, its files not yet checked."""
    name = current(folder)
    path = folder / name / _MANIFEST
    try:
        manifest = Manifest.from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        raise KnowledgeBaseDamaged(path, "is missing", folder) from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise KnowledgeBaseDamaged(path, f"is no manifest: {error}", folder) from error
    if manifest.generation != name:
        reason = f"is no manifest: of {name}, it says {manifest.generation!r}"
        raise KnowledgeBaseDamaged(path, reason, folder)
    return manifest


def verified(folder: Path, manifest: Manifest) -> Path:
    """The serving generation's folder, once each file has the size and SHA-256 it was given."""
    place = folder / manifest.generation
    for name, (size, digest) in manifest.files.items():
        path = place / name
        try:
            seen = path.stat().st_size
            if seen != size:
                raise KnowledgeBaseDamaged(path, f"has {seen} bytes, was built with {size}", folder)
            if _digest(path) != digest:
                raise KnowledgeBaseDamaged(path, "has other bytes than were built", folder)
        except (FileNotFoundError, NotADirectoryError):
            raise KnowledgeBaseDamaged(path, "is missing", folder) from None
        except (OSError, ValueError) as error:
            raise KnowledgeBaseDamaged(path, f"cannot be read: {error}", folder) from error
    return place


def publish(folder: Path, write: Callable[[Path], None], describe: dict[str, Any]) -> Manifest:
    """Make what `write` puts into a folder the serving generation, all of it or none.

    `describe` holds the manifest's fields but generation, schema and files. The generation that
    served until now is kept, others are removed. The caller holds `building(folder)`.
    """
    before = _generations(folder)
    served = _served(folder)
    stage = folder / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    write(stage)
    number = 1 + max((int(name[4:]) for name in before), default=0)
    manifest = Manifest(
        generation=f"gen-{number}", schema=SCHEMA, files=_inventory(stage), **describe
    )
    (stage / _MANIFEST).write_text(manifest.to_json(), "utf-8")
    _sync_tree(stage)
    stage.rename(folder / manifest.generation)
    _sync(folder)
    replace(folder / _CURRENT, manifest.generation + "\n")
    for name in set(before) - {served}:
        shutil.rmtree(folder / name, ignore_errors=True)
    return manifest


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the right to build here; a second builder is told so. Freed if the process dies."""
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder))
        except BlockingIOError:
            raise BuildError(f"{folder}: another build is running here; wait for it") from None
        yield


def _served(folder: Path) -> str:
    """The generation that serves until now; none where a build has to mend `CURRENT`."""
    try:
        return current(folder)
    except KnowledgeBaseError:
        return ""


def _generations(folder: Path) -> list[str]:
    names = [p.name for p in folder.glob("gen-*") if p.name[4:].isdecimal()]
    return sorted(names, key=lambda name: int(name[4:]))


def _inventory(stage: Path) -> dict[str, tuple[int, str]]:
    files = sorted(path for path in stage.rglob("*") if path.is_file())
    return {p.relative_to(stage).as_posix(): (p.stat().st_size, _digest(p)) for p in files}


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def replace(path: Path, text: str) -> None:
    """Put `text`, ASCII, in the place of a file: the old or the new is there, nothing between."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, "ascii")
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _sync_tree(top: Path) -> None:
    for path in [*top.rglob("*"), top]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
