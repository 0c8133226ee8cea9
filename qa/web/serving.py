"""Serve the page: take the port, load the knowledge base, answer until interrupted."""

import errno
import os
import socket
import sys
from pathlib import Path

from index.default_model import DEFAULT_MODEL
from index.errors import CitewellError

LAST_PORT = 65_535


def serve(kb: Path, host: str, port: int, model: str = DEFAULT_MODEL) -> None:
    """Answer questions from the knowledge base at `kb` until interrupted.

    Raises CitewellError where the port is taken or the knowledge base cannot be used.
    """
    with _listen(host, port) as listener:
        import uvicorn

        import qa
        from qa.journal import Journal
        from qa.web.api import create_app

        answerer = qa.load(kb, model=model)
        # The model is read at the first question: let that be ours, not the first reader's.
        answerer.answer("Is everything ready?")
        app = create_app(answerer, Journal(kb / "journal.sqlite3"))
        _say(f"Citewell answers at {_address(*listener.getsockname()[:2])} (Ctrl+C stops it)")
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is loaded."""
    if not 0 <= port <= LAST_PORT:
        raise CitewellError(f"port {port}: there is none; choose one from 0 to {LAST_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno or 0) if error.errno in errno.errorcode else str(error)
        raise CitewellError(
            f"cannot listen on {host} port {port}: {reason.lower()}; "
            f"stop what uses it, or choose another with --port {port % LAST_PORT + 1}"
        ) from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
