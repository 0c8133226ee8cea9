"""The other process as the build sees it: started, asked, ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import index
from index.errors import BuildError, ReadError
from index.readers.apart.limits import Limits
from index.readers.apart.reply import unpacked
from index.readers.source import Named, Reading, SourceFile

READY = b"ready\n"
LENGTH = 8  # bytes before a reply that say how long it is
START_SECONDS = 60
_END_SECONDS = 5

# It is told nothing of its surroundings but what an interpreter may need to start.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_SET = {"OPENBLAS_NUM_THREADS": "1"}  # each of its threads would reserve memory
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from index.readers.apart.child import main; main(int(sys.argv[2]))"
)
# Isolated, without `site` (a third of the start), writing no byte code.
_FLAGS = ("-I", "-S", "-B", "-c")


def import_path() -> tuple[str, ...]:
    """Where the child finds `index` and what that needs: as here, but never the current folder."""
    here = str(Path(index.__file__).parents[1])
    return tuple(dict.fromkeys([here, *filter(os.path.isabs, sys.path)]))


class Child:
    """A process that parses one file after the other. After a ReadError it is of no more use.

    `used` says whether it has been given a file, `late` whether one took it too long.
    """

    def __init__(self, path: tuple[str, ...], limits: Limits) -> None:
        """Start it and wait until it is ready. Raises BuildError where it does not start."""
        self.path = path
        self.used = False
        self.late = False
        self._limits = limits
        self._process = _started(path, limits.memory)
        self.pid = self._process.pid
        try:
            with self._ended_after(START_SECONDS):
                if self._exactly(len(READY)) != READY:
                    raise EOFError
        except (OSError, EOFError):
            raise BuildError(_not_started(_status(self.close()))) from None

    def read(self, reader: Named, file: SourceFile) -> Reading:
        """What `reader` makes of the file. Raises ReadError where that breaks a limit."""
        self.used = True
        seconds = self._limits.seconds_for(len(file.data))
        try:
            with self._ended_after(seconds):
                reply = self._asked(reader, file, seconds)
        except (OSError, EOFError):
            raise self._broken_off(file, seconds) from None
        if reply is None:
            size = f"{self._limits.reply / 1_000_000:,g} MB"
            raise file.problem(0, f"gives more than {size} of text; split it into several files")
        return self._unpacked(reply, file)

    def close(self) -> int:
        """End it, whatever it does, and leave nothing behind; gives its exit status."""
        self._process.kill()
        status = self._process.wait()
        self.let_go()
        return status

    def let_go(self) -> None:
        """Close the pipes to it."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be sent cannot be
                if pipe:
                    pipe.close()

    def _asked(self, reader: Named, file: SourceFile, seconds: float) -> bytes | None:
        """The reply; None where it is too long. Raises OSError or EOFError where there is none."""
        pipe = _open(self._process.stdin)
        order = [reader.module, reader.function, file.name, len(file.data), seconds]
        pipe.write(json.dumps(order).encode() + b"\n")
        pipe.write(file.data)
        pipe.flush()
        length = int.from_bytes(self._exactly(LENGTH), "big")
        return self._exactly(length) if length <= self._limits.reply else None

    def _exactly(self, count: int) -> bytes:
        data = _open(self._process.stdout).read(count)
        if len(data) < count:
            raise EOFError
        return data

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        """End the process if this takes longer; whoever waits for its reply then gets none."""

        def end() -> None:
            self.late = True
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _broken_off(self, file: SourceFile, seconds: float) -> ReadError:
        """Why there is no reply."""
        with suppress(subprocess.TimeoutExpired):  # its pipe is closed before it has ended
            self._process.wait(_END_SECONDS)
        status = _status(self.close())
        self.late = self.late or status in ("SIGALRM", "SIGXCPU")
        if self.late:
            reason = f"took longer than {seconds:g} s to read; simplify it or split it into several"
            return file.problem(0, f"{reason} files")
        return file.problem(0, f"its reader broke off ({status}); save it anew or leave it out")

    def _unpacked(self, reply: bytes, file: SourceFile) -> Reading:
        try:
            return unpacked(reply)
        except MemoryError:
            size = f"{self._limits.memory / 1_000_000:,g} MB"
            reason = f"takes more than {size} of memory to read; split it into several files"
        except RuntimeError as error:
            reason = f"its reader failed ({error}); save it anew or leave it out"
        except ValueError:
            reason = "its reader gave no reply that makes sense; save it anew or leave it out"
        raise file.problem(0, reason)


def _started(path: tuple[str, ...], memory: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, *_FLAGS, _PROGRAM, json.dumps(path), str(memory)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 - our own program, and no shell
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor or None,
            env=kept | _SET,
        )
    except OSError as error:
        raise BuildError(_not_started(error.strerror or str(error))) from error


def _not_started(why: str) -> str:
    return (
        f"{sys.executable or 'python'}: files are read in a process of its own, which did not "
        f"start ({why}); let this program start that one"
    )


def _status(code: int) -> str:
    """An exit status in words: the signal's name where one ended it."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if not pipe:
        raise EOFError
    return pipe
