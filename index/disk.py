"""Files that are on the disk for certain: synced, read back, put in the place of others."""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

_SMALL = 1_000_000  # bytes; no file that vouches for others comes near it


def inventory(folder: Path) -> dict[str, tuple[int, str]]:
    """Each file below `folder` by its path there, posix: its size in bytes and its SHA-256."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): (p.stat().st_size, digest(p)) for p in files}


def size(path: Path) -> int:
    """In bytes. Raises OSError for a folder, and for a pipe or device: opening one could wait."""
    seen = path.stat()
    if not stat.S_ISREG(seen.st_mode):
        raise OSError("it is no regular file")
    return seen.st_size


def read_small(path: Path) -> bytes:
    """All of a file that has at most a megabyte. Raises OSError for a larger one or none."""
    if size(path) > _SMALL:
        raise OSError(f"it has more than {_SMALL:,} bytes")
    return path.read_bytes()


def remove(path: Path) -> None:
    """Take away what stands there, a whole folder too; what cannot be taken away stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def digest(path: Path) -> str:
    """The file's SHA-256, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_tree(top: Path) -> None:
    """Return when all that is in `top` is on the disk, and forgotten where it could hide a fault.

    What is read next comes from the disk and not from memory, where the system can do that.
    """
    for path in [*top.rglob("*"), top]:
        sync(path)
        if path.is_file():
            _forget(path)


def sync(path: Path) -> None:
    """Return when this file, or this folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file: the old or the new is there, nothing between.

    Returns when it is on the disk. Raises OSError, and leaves nothing of the new behind.
    """
    new = path.with_name(f".{path.name}.new")  # hidden: in no folder of sources is it one
    new.unlink(missing_ok=True)  # a pipe or a link there is not written to
    try:
        with new.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def _forget(path: Path) -> None:
    if not hasattr(os, "posix_fadvise"):  # macOS
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
