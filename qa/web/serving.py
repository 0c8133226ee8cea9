"""Serve the page: take the port, load the knowledge base, answer until interrupted."""

import errno
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from importlib.util import find_spec
from ipaddress import ip_address
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from index.errors import ServeError
from qa.settings import LAST_PORT, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Config

    from qa.answerer import Answerer
    from qa.journal import Journal
    from qa.live import Live
    from qa.rebuild import Rebuild

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STOP_SECONDS = 10  # for answers under way when it is told to stop


def serve(settings: Settings) -> None:
    """Answer questions from the knowledge base until interrupted.

    On a loopback address only requests for its own names and for `allow_hosts` are answered, so
    that no other site's name can be pointed at it to read along; elsewhere the same or, where there
    are no `allow_hosts`, any.

    Raises ServeError where it cannot listen, other CitewellErrors where the knowledge base cannot
    be used.
    """
    if settings.mcp and not find_spec("mcp"):
        raise ServeError("--mcp: not installed here; get it with: .venv/bin/pip install '.[mcp]'")
    with _listen(settings.host, settings.port) as listener:
        import uvicorn

        import qa
        from qa.answers import Answers
        from qa.follow import mark
        from qa.journal import Journal
        from qa.keeping import check_there, keeping
        from qa.live import Live
        from qa.local import listening
        from qa.web.logs import logging_to_stderr

        if settings.watch and settings.sources:
            check_there(settings.sources)  # before the model is loaded, which takes a while
        bound, bound_port = listener.getsockname()[:2]
        served = mark(settings.kb)
        answerer = qa.load(settings.kb, model=settings.model, backend=settings.backend)
        answerer.answers = Answers(settings.answer_cache)
        answerer.warm_up()
        journal = Journal(settings.kb / "journal.sqlite3")
        live = Live(answerer)
        # One that does not follow its folder would not answer as `ask` itself would.
        near: AbstractContextManager[list[socket.socket]] = nullcontext([])
        if settings.server and settings.reload:
            near = listening(settings.kb, settings.model, settings.backend)
        with _ended_quietly(), logging_to_stderr(), keeping(settings, live, served) as rebuild:
            hosts = _hosts(bound, settings.allow_hosts)
            app = application(settings, live, journal, hosts, rebuild)
            server = uvicorn.Server(server_config(app, settings.trusted_proxies))
            with near as local:
                _say(f"Citewell answers at {_address(bound, bound_port)} (Ctrl+C stops it)")
                server.run(sockets=[listener, *local])


@contextmanager
def _ended_quietly() -> Iterator[None]:
    """Ctrl+C and SIGTERM are the ways to end it, so no failure, and what runs beside ends first."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def application(
    settings: Settings,
    live: "Live[Answerer]",
    journal: "Journal",
    hosts: Sequence[str],
    rebuild: "Rebuild",
) -> "FastAPI":
    """The application as `settings` want it."""
    from qa.web.api import create_app
    from qa.web.api.admin import Admin

    token = settings.admin_token.get_secret_value()
    return create_app(
        live,
        journal,
        hosts,
        origins=settings.allow_origins,
        frames=settings.allow_frames,
        limits=settings.limits,
        root_path=settings.root_path,
        title=settings.title,
        contact=settings.contact,
        inspector=settings.inspect,
        mcp=settings.mcp,
        admin=Admin(token, rebuild) if token else None,
    )


def server_config(app: "FastAPI", proxies: Sequence[str] = ()) -> "Config":
    """How `app` is served: nothing is believed that a client says of whom it stands for."""
    import uvicorn

    from qa.web.security import HEADER_LIMIT

    return uvicorn.Config(
        app,
        http="h11",  # the one whose header limit can be set
        ws="none",
        log_config=None,  # its loggers write where all others do: see qa.web.logs
        log_level="warning",
        access_log=False,  # questions stand in addresses
        server_header=False,
        h11_max_incomplete_event_size=2 * HEADER_LIMIT,  # what stays unread until it is whole
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is loaded."""
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
    if not allowed and not ip_address(bound).is_loopback:
        return ()
    # Whoever asks from the same machine, as a health check does, asks for it by a loopback name.
    return (*LOOPBACK, bound, *allowed)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
