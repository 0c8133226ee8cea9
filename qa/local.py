"""Asking the server that runs here for the same knowledge base: it has everything loaded.

`citewell serve` listens on a Unix socket too, in a folder of the user's own. The socket is named
after the knowledge base, the model and the backend, so what answers there answers from these, and
no other user comes near it. One that a killed server left refuses, and the next server replaces it.
"""

import hashlib
import http.client
import json
import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from index.errors import CitewellError
from index.generation import read_manifest
from index.user_cache import cache
from qa.answer import Answer, Citation, Quote, Suggestion

_SECONDS = 10.0  # to wait for an answer; loading everything here takes about as long
_MOST = 4_000_000  # bytes of an answer; the longest are some hundred thousand
_LONGEST = 100  # bytes of a socket's path, which systems bound a little above that
_BACKLOG = 16


@contextmanager
def listening(kb: Path, model: str, backend: str) -> Iterator[list[socket.socket]]:
    """A socket to serve on beside the others, gone in the end.

    None where another server listens there already, or the system has no place for it.
    """
    path = _path(kb, model, backend)
    listener = _bound(path)
    if listener is None:
        yield []
        return
    ours = path.lstat().st_ino
    try:
        yield [listener]
    finally:
        listener.close()
        with suppress(OSError):
            if path.lstat().st_ino == ours:
                path.unlink()


def asked(kb: Path, model: str, backend: str, question: str) -> Answer | None:
    """What the server here says, from the generation that `kb` names now.

    None where there is no such server, or it cannot answer.
    """
    try:
        manifest = read_manifest(kb)
        with _connected(_path(kb, model, backend)) as connection:
            answer = _answer(_posted(connection, question))
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return None
    except CitewellError:  # is told by whoever opens the knowledge base
        return None
    # The server takes over what a build names within seconds; until then it says what was.
    same = (answer.generation, answer.built) == (manifest.generation, manifest.built)
    return answer if same else None


def _path(kb: Path, model: str, backend: str) -> Path:
    """The socket's place. A model's folder counts by its place, as the knowledge base's does."""
    named = os.path.realpath(model) if os.path.isdir(model) else model  # noqa: PTH112 - may raise
    decides = json.dumps([os.path.realpath(kb), named, backend])
    return cache() / "serving" / f"{hashlib.sha256(decides.encode()).hexdigest()[:16]}.sock"


def _bound(path: Path) -> socket.socket | None:
    if not _possible(path):
        return None
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_own(path.parent.lstat(), stat.S_IFDIR)
        if _alive(path):
            raise FileExistsError(path)
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        path.chmod(0o600)  # and the folder has let nobody else in before that
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        return None
    return listener


def _possible(path: Path) -> bool:
    """Whether the system has such sockets, and takes so long a name."""
    return hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= _LONGEST


def _alive(path: Path) -> bool:
    try:
        _connected(path).close()
    except OSError:
        return False
    return True


def _connected(path: Path) -> socket.socket:
    """Connected to a server of the same user. Raises OSError where there is none."""
    if not _possible(path):
        raise FileNotFoundError(path)
    _check_own(path.parent.lstat(), stat.S_IFDIR)
    _check_own(path.lstat(), stat.S_IFSOCK)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_SECONDS)
        connection.connect(str(path))
        _check_peer(connection)
    except OSError:
        connection.close()
        raise
    return connection


def _check_own(seen: os.stat_result, kind: int) -> None:
    """Raise OSError for what is of another kind, of another user, or open to others."""
    open_to_others = stat.S_IMODE(seen.st_mode) & 0o077
    if stat.S_IFMT(seen.st_mode) != kind or seen.st_uid != os.geteuid() or open_to_others:
        raise PermissionError("not ours alone")


def _check_peer(connection: socket.socket) -> None:
    """Raise OSError where the system says that another user listens."""
    if not hasattr(socket, "SO_PEERCRED"):  # macOS; the folder is ours alone
        return
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack(
        "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    )
    if user != os.geteuid():
        raise PermissionError("not ours")


def _posted(connection: socket.socket, question: str) -> dict[str, Any]:
    """What `POST /api/ask` gives. Raises HTTPException, OSError or ValueError."""
    asking = http.client.HTTPConnection("localhost", timeout=_SECONDS)
    asking.sock, asking.auto_open = connection, 0  # it must never open one of its own
    body = json.dumps({"question": question}).encode("ascii")
    asking.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
    response = asking.getresponse()
    text = response.read(_MOST)
    if response.status != http.HTTPStatus.OK:
        raise http.client.HTTPException(response.status)
    record: Any = json.loads(text)
    if not isinstance(record, dict):
        raise ValueError("no object")
    return record


def _answer(record: dict[str, Any]) -> Answer:
    """The answer of this wire form, which checks itself. Raises TypeError, ValueError, KeyError."""
    fields = {name: value for name, value in record.items() if name != "text"}
    for name in ("choices", "nearest", "related"):
        fields[name] = tuple(Suggestion(**one) for one in record[name])
    for name in ("disagreements", "looked_for", "not_found"):
        fields[name] = tuple(record[name])
    quotes = tuple(Quote(**one) for one in record["quotes"])
    cited = ({**one, "headings": tuple(one["headings"])} for one in record["citations"])
    return Answer(**{**fields, "quotes": quotes, "citations": tuple(Citation(**c) for c in cited)})
