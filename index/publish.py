"""Making a generation the one that serves: all of it or none, and back again.

A generation is written under another name, every byte of it synced to disk and read back, then
renamed; `CURRENT` is replaced last. A build that dies leaves the old generation serving.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from index.disk import inventory, remove, replace, sync, sync_tree
from index.errors import BuildError, KnowledgeBaseDamaged, KnowledgeBaseError
from index.generation import (
    CURRENT,
    MANIFEST,
    current,
    earlier,
    generations,
    read_manifest,
    verify,
)
from index.hold import release
from index.lock import Locked, locked
from index.manifest import SCHEMA, Manifest

KEEP = 3  # generations: the one that serves, and two to go back to
_STAGE = ".building"
_NEW_CURRENT = f".{CURRENT}.new"  # what `disk.replace` writes first
_LOOK_AGAIN = 0.2  # seconds, while another build is waited for


def publish_files(
    folder: Path, write: Callable[[Path], None], describe: dict[str, Any], keep: int = KEEP
) -> Manifest:
    """Make what `write` puts into a folder the serving generation, all of it or none.

    `describe` holds the manifest's fields but generation, schema and files. The last `keep`
    generations stay, the one that served until now always among them. The caller holds
    `building(folder)`. Raises BuildError where the disk gives back other bytes than it was given.
    """
    served = _served(folder)
    number = 1 + max((int(name[4:]) for name in generations(folder)), default=0)
    with _staged(folder) as stage:
        write(stage)
        manifest = Manifest(
            generation=f"gen-{number}", schema=SCHEMA, files=inventory(stage), **describe
        )
        (stage / MANIFEST).write_text(manifest.to_json(), "utf-8")
        sync_tree(stage)
        _read_back(stage, manifest)
        stage.rename(folder / manifest.generation)
    sync(folder)
    _serve(folder, manifest)
    release(folder)
    _sweep(folder, keep, {served, manifest.generation})
    return manifest


def roll_back(folder: Path, name: str = "") -> tuple[Manifest, str]:
    """Let an earlier generation serve, or the one of this name; nothing is removed.

    Its manifest, and what served until now. Without a name it is the newest of the earlier ones
    that is whole. `hold.hold` keeps what watches the sources from building them again. The caller
    holds `building(folder)`. Raises KnowledgeBaseError where the one that is named is missing or
    damaged, or none is left.
    """
    served = _served(folder)
    if name and name not in generations(folder):
        kept = ", ".join(generations(folder)) or "none"
        raise KnowledgeBaseError(f"{folder}: holds no generation {name!r}; it has: {kept}")
    for chosen in [name] if name else earlier(folder):
        try:
            manifest = read_manifest(folder, chosen)
            verify(folder, manifest)
        except KnowledgeBaseDamaged:
            if name:
                raise
            continue
        release(folder)
        _serve(folder, manifest)
        return manifest, served
    raise KnowledgeBaseError(
        f"{folder}: there is no earlier generation to go back to"
        if not earlier(folder)
        else f"{folder}: no generation before this one is whole; build it again with: "
        f"citewell build DIR --out {folder}"
    )


@contextmanager
def building(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the right to change what serves, from before the sources are read. Freed if it dies.

    Raises BuildError where another holds it, at once or once `wait` seconds have passed.
    """
    until = time.monotonic() + wait
    with ExitStack() as held:
        while other := _entered(held, folder):
            if time.monotonic() >= until:
                by = f" (process {other.pid})" if other.pid else ""
                told = f"{folder}: another build is running here{by}; wait for it"
                raise BuildError(told) from None
            time.sleep(_LOOK_AGAIN)
        with suppress(OSError):
            (folder / _NEW_CURRENT).unlink()  # a dead one may have left it
        _complete(folder)
        yield


def _complete(folder: Path) -> None:
    """Name the one generation of a first build that died before it could, if it is whole."""
    if (folder / CURRENT).exists():
        return
    with suppress(KnowledgeBaseError):
        manifest = read_manifest(folder)
        verify(folder, manifest)
        _serve(folder, manifest)


def _entered(held: ExitStack, folder: Path) -> Locked | None:
    """None once the folder is locked, until `held` ends; else who has locked it."""
    try:
        held.enter_context(locked(folder))
    except Locked as error:
        return error
    return None


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """An empty folder to write in, gone in the end: what failed on a full disk gives it back."""
    stage = folder / _STAGE
    remove(stage)
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        remove(stage)


def _serve(folder: Path, manifest: Manifest) -> None:
    current = folder / CURRENT
    if current.is_dir():
        remove(current)
    replace(current, f"{manifest.generation} {manifest.digest}\n".encode("ascii"))


def _served(folder: Path) -> str:
    """The generation that serves until now; none where a build has to mend `CURRENT`."""
    try:
        return current(folder)
    except KnowledgeBaseError:
        return ""


def _read_back(stage: Path, manifest: Manifest) -> None:
    """Raise BuildError for a file that is not as it was written."""
    found = inventory(stage)
    found.pop(MANIFEST, None)
    altered = [n for n in {**found, **manifest.files} if found.get(n) != manifest.files.get(n)]
    if (stage / MANIFEST).read_text("utf-8") != manifest.to_json():
        altered.append(MANIFEST)
    if altered:
        names = ", ".join(sorted(altered))
        raise BuildError(f"{stage}: came back from the disk altered: {names}; check the disk")


def _sweep(folder: Path, keep: int, needed: set[str]) -> None:
    """Remove all but the newest `keep` and those needed; what is loaded stays mapped."""
    named = [name for name in generations(folder) if (folder / name / MANIFEST).is_file()]
    for name in {*generations(folder)} - {*named[-keep:], *needed}:
        remove(folder / name)
