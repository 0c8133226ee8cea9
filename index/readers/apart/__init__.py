"""Reading files that nobody vouches for: in a process apart, which a bad file costs alone."""

import atexit
import os
import threading
from pathlib import Path

from index.errors import ReadError
from index.readers.apart.limits import Limits
from index.readers.apart.process import Child, import_path
from index.readers.folder import parsed, read_folder
from index.readers.source import Named, Reader, Reading, SourceFile

__all__ = ["Limits", "Room", "read_folder_apart"]


def read_folder_apart(root: Path) -> Reading:
    """What `read_folder` reads; each file is parsed in another process, within limits.

    A file that takes too much time or memory, or that breaks its reader, becomes a problem, and
    the next file is read by a new process. A reader that is not `Named` runs in this process.
    Raises BuildError where no other process can be started.
    """
    return read_folder(root, _room)


class Room:
    """Parses files in a child process, which is kept for the next file as long as it is sound."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: Child | None = None
        self._lock = threading.Lock()

    def __call__(self, reader: Reader, file: SourceFile) -> Reading:
        """What `parsed` gives for these, or the one problem that the file makes."""
        if not isinstance(reader, Named):
            return parsed(reader, file)
        with self._lock:
            return self._read(reader, file)

    @property
    def pid(self) -> int | None:
        """The process that reads, while there is one."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child:
            self._child.close()
        self._child = None

    def forget(self) -> None:
        """In a forked copy of this process: let go of the child, which is the parent's."""
        if self._child:
            self._child.let_go()
        self._child = None
        self._lock = threading.Lock()

    def _read(self, reader: Named, file: SourceFile) -> Reading:
        child = self._ready()
        worn = child.used
        try:
            return child.read(reader, file)
        except ReadError as problem:
            self.close()
            # What the files before have left in it may be to blame, though not for the time.
            if worn and not child.late:
                return self._read(reader, file)
            return Reading(problems=(problem,))
        except BaseException:  # Ctrl-C among them: in the middle of a file it is of no more use
            self.close()
            raise

    def _ready(self) -> Child:
        path = import_path()
        if self._child and self._child.path != path:
            self.close()
        self._child = self._child or Child(path, self._limits)
        return self._child


_room = Room()
atexit.register(_room.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_room.forget)
