"""The process apart: takes files from a pipe, parses them, and sends back what they hold.

It is closed down before the first file: little memory, no file to write, no process to start, no
network. That bounds what a bad file costs; it is no cage for code that means harm.
"""

import json
import os
import signal
import sys
from typing import IO, Any

from index.readers.apart.process import LENGTH, READY
from index.readers.apart.reply import packed, packed_error
from index.readers.folder import parsed
from index.readers.source import Named, SourceFile

try:
    import resource
except ImportError:  # not a Unix: the build's own clock is the only limit
    resource = None  # type: ignore[assignment]

_MAX_FILES = 24  # a reader opens its own modules, one at a time
_GRACE = 2  # seconds after which it ends by itself, should the build no longer be there to do it
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    *("socket.", "subprocess.", "shutil.", "os.system", "os.exec", "os.fork", "os.posix_spawn"),
    *("os.spawn", "os.startfile", "os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir"),
    *("os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime", "pty.spawn"),
)


def main(memory: int) -> None:
    """Read orders from standard input until that ends, each one a line of JSON and a file."""
    orders, replies = _pipes()
    _close_down(memory)
    replies.write(READY)
    replies.flush()
    while line := orders.readline():
        module, function, name, size, seconds = json.loads(line)
        _set_clock(seconds + _GRACE)
        reply = _reply(Named(module, function), SourceFile(name, orders.read(size)))
        _stop_clock()
        replies.write(len(reply).to_bytes(LENGTH, "big"))
        replies.write(reply)
        replies.flush()


def _reply(reader: Named, file: SourceFile) -> bytes:
    try:
        return packed(parsed(reader, file))
    except Exception as error:
        return packed_error(error)


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Where the orders come from and the replies go, out of the way of whatever prints."""
    orders, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1):
        os.dup2(nowhere, place)
    os.close(nowhere)
    return orders, replies


def _close_down(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's, which ends this
    if resource:
        _limit("RLIMIT_AS", memory)
        _limit("RLIMIT_CORE", 0)
        _limit("RLIMIT_FSIZE", 0)
        _limit("RLIMIT_NOFILE", _MAX_FILES)
    sys.addaudithook(_refuse)


def _limit(name: str, value: int) -> None:
    """Set a limit for good, never above the one already in force."""
    which = getattr(resource, name, None)
    if which is None:
        return
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (value, value))
    except (OSError, ValueError):  # macOS knows RLIMIT_AS and will not have it set
        return


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("a reader writes no files")
    if event.startswith(_REFUSED):
        raise PermissionError(f"a reader has no need of {event}")


def _set_clock(seconds: float) -> None:
    """End this process after so many seconds, by the wall's clock or the processor's."""
    if resource:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = usage.ru_utime + usage.ru_stime
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = int(spent + seconds) + 1
        if hard == resource.RLIM_INFINITY or soft <= hard:
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _stop_clock() -> None:
    if resource:
        signal.setitimer(signal.ITIMER_REAL, 0)
