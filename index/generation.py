"""What is on disk is whole or absent: the generations of a knowledge base, named and checked.

    kb/CURRENT              the name of the generation that serves, and its manifest's digest
    kb/gen-7/manifest.json  what it was built from and with, size and SHA-256 of each file
    kb/gen-7/…              the files

`CURRENT` vouches for the manifest and the manifest for every file, so that no byte of what serves
can change unseen. FAISS has no checksum of its own, and reads many a damaged file without a word.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from index.disk import digest, read_small, size
from index.errors import KnowledgeBaseDamaged, KnowledgeBaseMissing
from index.manifest import Manifest, OtherSchema

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
# What another text than a manifest's comes to when it is read as one.
_NO_RECORD = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


def current(folder: Path) -> str:
    """The name of the generation that serves. Raises KnowledgeBaseMissing where there is none."""
    return _current(folder)[0]


def current_bytes(folder: Path) -> bytes:
    """What `CURRENT` holds, whatever it is: where that changed meanwhile, a build has ended."""
    try:
        return read_small(folder / CURRENT)
    except OSError:
        return b""


def generations(folder: Path) -> list[str]:
    """The names of all that are on disk, whole or not, the oldest first."""
    try:
        names = [p.name for p in folder.glob("gen-*") if p.name[4:].isdecimal()]
    except OSError:  # a folder that is not ours to look into
        return []
    return sorted(names, key=lambda name: int(name[4:]))


def serving(folder: Path) -> tuple[Manifest, str]:
    """The manifest of the generation that serves, each of its files checked.

    Where the current one is damaged the newest earlier one that is whole serves in its place, and
    the second value says why; else that is empty. Raises KnowledgeBaseMissing, and
    KnowledgeBaseDamaged, for the current one, where none is whole.
    """
    try:
        manifest = read_manifest(folder)
        verify(folder, manifest)
        return manifest, ""
    except KnowledgeBaseDamaged as error:
        for name in earlier(folder):
            with suppress(KnowledgeBaseDamaged):
                manifest = read_manifest(folder, name)
                verify(folder, manifest)
                return manifest, f"{error.damage}; {name} serves in its place"
        raise


def earlier(folder: Path) -> list[str]:
    """Those that may serve where the current one cannot, the newest first.

    One that came after the current one was rolled back, and does not serve again by itself; where
    `CURRENT` itself is damaged, nobody can tell which those are.
    """
    names = generations(folder)[::-1]
    try:
        serving, vouched = _current(folder)
        if serving not in names or _manifest(folder, serving).digest != vouched:
            return names
    except KnowledgeBaseDamaged as error:
        if error.file.name == CURRENT:
            return names
    return [name for name in names if int(name[4:]) < int(serving[4:])]


def read_manifest(folder: Path, name: str = "") -> Manifest:
    """The manifest of the generation that serves, or of another by its name.

    Its files are not yet checked. Raises KnowledgeBaseMissing or KnowledgeBaseDamaged.
    """
    if name:
        return _manifest(folder, name)
    name, vouched = _current(folder)
    manifest = _manifest(folder, name)
    if manifest.digest != vouched:
        raise KnowledgeBaseDamaged(folder / CURRENT, f"names another {name} than is here", folder)
    return manifest


def _manifest(folder: Path, name: str) -> Manifest:
    path = folder / name / MANIFEST
    try:
        manifest = Manifest.from_json(read_small(path).decode())
    except (FileNotFoundError, NotADirectoryError):
        raise KnowledgeBaseDamaged(path, "is missing", folder) from None
    except OtherSchema as error:
        raise KnowledgeBaseDamaged(path, str(error), folder) from None
    except (OSError, RecursionError, *_NO_RECORD) as error:
        raise KnowledgeBaseDamaged(path, f"is no manifest: {error}", folder) from error
    if manifest.generation != name:
        reason = f"is no manifest: of {name}, it says {manifest.generation!r}"
        raise KnowledgeBaseDamaged(path, reason, folder)
    return manifest


def verify(folder: Path, manifest: Manifest, only: Sequence[str] = ()) -> None:
    """Raise KnowledgeBaseDamaged where a file has not the size and the SHA-256 it was given.

    `only` names the files to look at; none given, all.
    """
    for name in only or manifest.files:
        built, sha256 = manifest.files.get(name, (0, ""))
        path = folder / manifest.generation / name
        try:
            seen = size(path)
            if seen != built:
                reason = f"has {seen} bytes, was built with {built}"
                raise KnowledgeBaseDamaged(path, reason, folder)
            if digest(path) != sha256:
                raise KnowledgeBaseDamaged(path, "has other bytes than were built", folder)
        except (FileNotFoundError, NotADirectoryError):
            raise KnowledgeBaseDamaged(path, "is missing", folder) from None
        except (OSError, ValueError) as error:
            raise KnowledgeBaseDamaged(path, f"cannot be read: {error}", folder) from error


def _current(folder: Path) -> tuple[str, str]:
    """The name of the generation that serves, and the digest of its manifest."""
    path = folder / CURRENT
    try:
        text = read_small(path).decode("ascii")
    except (FileNotFoundError, NotADirectoryError):
        return _unnamed(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeBaseDamaged(path, f"cannot be read: {error}", folder) from error
    name, _, vouched = text.strip().partition(" ")
    if text != f"{name} {vouched}\n" or not name.startswith("gen-") or not name[4:].isdecimal():
        raise KnowledgeBaseDamaged(path, f"names no generation: {text[:80]!r}", folder)
    return name, vouched


def _unnamed(folder: Path) -> tuple[str, str]:
    """The same where there is no `CURRENT`: a first build that was killed just before wrote none.

    All of its generation is written and synced by then, and with one there is nothing to choose;
    which of several served, nobody can tell.
    """
    names = generations(folder)
    if not names:
        raise KnowledgeBaseMissing(folder)
    if len(names) == 1:
        with suppress(KnowledgeBaseDamaged):
            return names[0], _manifest(folder, names[0]).digest
    raise KnowledgeBaseDamaged(folder / CURRENT, "is missing", folder)
