"""Serve the page: take the port, load the knowledge base, answer until interrupted."""

import errno
import os
import re
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from index.default_model import DEFAULT_MODEL
from index.errors import ServeError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Config

LAST_PORT = 65_535
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_NAME = re.compile(r"\*|(\*\.)?[\w.-]+|\[[0-9A-Fa-f:.]+\]")
_ORIGIN = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
STOP_SECONDS = 10  # for answers under way when it is told to stop


def serve(
    kb: Path,
    host: str,
    port: int,
    model: str = DEFAULT_MODEL,
    allowed_hosts: Sequence[str] = (),
    origins: Sequence[str] = (),
    proxies: Sequence[str] = (),
) -> None:
    """Answer questions from the knowledge base at `kb` until interrupted.

    On a loopback address only requests for its own names are answered, so that no other site's
    name can be pointed at it to read along; elsewhere any. `allowed_hosts` are the names to answer
    to elsewhere, and besides its own on a loopback address; `*.example.org` stands for many.
    Pages of `origins` may use the API. Of `proxies`, addresses or networks, `X-Forwarded-For` is
    believed; of nobody else.

    Raises ServeError where it cannot listen, other CitewellErrors where the knowledge base cannot
    be used.
    """
    _check_names(allowed_hosts)
    allowed_origins = [_origin(text) for text in origins]
    with _listen(host, port) as listener:
        import uvicorn

        import qa
        from qa.journal import Journal
        from qa.web.api import create_app

        bound, bound_port = listener.getsockname()[:2]
        answerer = qa.load(kb, model=model)
        # The model is read at the first question: let that be ours, not the first reader's.
        answerer.answer("Is everything ready?")
        journal, hosts = Journal(kb / "journal.sqlite3"), _hosts(bound, allowed_hosts)
        app = create_app(answerer, journal, hosts, origins=allowed_origins)
        _say(f"Citewell answers at {_address(bound, bound_port)} (Ctrl+C stops it)")
        with suppress(KeyboardInterrupt):  # the way to end it, so no failure
            uvicorn.Server(server_config(app, proxies)).run(sockets=[listener])


def server_config(app: "FastAPI", proxies: Sequence[str] = ()) -> "Config":
    """How `app` is served: nothing is believed that a client says of whom it stands for."""
    import uvicorn

    from qa.web.security import HEADER_LIMIT

    return uvicorn.Config(
        app,
        http="h11",  # the one whose header limit can be set
        ws="none",
        log_level="warning",
        access_log=False,  # questions stand in addresses
        server_header=False,
        h11_max_incomplete_event_size=2 * HEADER_LIMIT,  # what stays unread until it is whole
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _origin(text: str) -> str:
    """An origin as browsers write it: one written otherwise would never match."""
    found = _ORIGIN.fullmatch(text.lower())
    if not found:
        raise ServeError(
            f"--allow-origin {text}: not an origin; give scheme and host, and the port where it is "
            f"not the usual one, as in --allow-origin https://www.example.org"
        )
    scheme, host, port = found.groups()
    return f"{scheme}://{host}{'' if port == _DEFAULT_PORTS[scheme] else port or ''}"


def _check_names(names: Sequence[str]) -> None:
    """A name that no request can ask for would shut everybody out without a word."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ServeError(
                f"--allow-host {name}: not a host's name; give it alone, without scheme, port or "
                f"path, as in --allow-host faq.example.org"
            )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is loaded."""
    if not 0 <= port <= LAST_PORT:
        raise ServeError(f"port {port}: there is none; choose one from 0 to {LAST_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that DNS cannot hold
        raise ServeError(_no_address(host)) from error
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ServeError(_cannot_listen(host, port, error)) from error
    # asyncio sets this for the sockets it makes itself, and each connection takes it over. Without
    # it every short response waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _no_address(host: str) -> str:
    return f"--host {host}: no address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all"


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    """What stands in the way and, where that is known, the next step."""
    code = error.errno or 0
    if code == errno.EADDRNOTAVAIL:
        return _no_address(host)
    reason = os.strerror(code).lower() if code in errno.errorcode else str(error)
    said = f"cannot listen on {host} port {port}: {reason}"
    if code == errno.EADDRINUSE:
        other = port % LAST_PORT + 1
        return f"{said}; stop what uses it, or choose another with --port {other}"
    if code == errno.EACCES:
        return f"{said}; ports below 1024 need privileges; choose another with --port 7860"
    return said


def _hosts(bound: str, allowed: Sequence[str]) -> Sequence[str]:
    """The names to answer to on the address `bound`; none for any."""
    if not ip_address(bound).is_loopback:
        return allowed
    return (*LOOPBACK, bound, *allowed)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
