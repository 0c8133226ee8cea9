"""Build, ask and serve with every way out closed; run as a program, it prints what was tried.

    python -m tests.offline SOURCES KB

Closed are the calls that Python's own `socket` makes; a library that calls the system's network
functions from C, past Python, would not be seen.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

tried: list[str] = []


def _refuse(address: object) -> None:
    """Raise for any place but this machine itself, and remember that it was tried."""
    host = address[0] if isinstance(address, tuple) else address
    local = host in (None, "", "localhost", "::1") or str(host).startswith("127.")
    if isinstance(address, tuple) and not local:
        tried.append(f"{address}")
        raise ConnectionRefusedError(f"offline: {address}")


def _closed(call: Any, place: int) -> Any:
    """`call` that refuses where its argument number `place` (or the last, -1) leads away."""

    def guarded(*arguments: Any, **named: Any) -> Any:
        _refuse(arguments[place])
        return call(*arguments, **named)

    return guarded


def _closed_lookup(call: Any) -> Any:
    def guarded(host: Any, *arguments: Any, **named: Any) -> Any:
        _refuse((host.decode() if isinstance(host, bytes) else host,))
        return call(host, *arguments, **named)

    return guarded


def close_every_way_out() -> None:
    """From here on this process reaches itself and nobody else."""
    for name, place in (("connect", 1), ("connect_ex", 1), ("sendto", -1)):
        setattr(socket.socket, name, _closed(getattr(socket.socket, name), place))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, _closed_lookup(getattr(socket, name)))


def prove_it() -> list[str]:
    """What happens to five ways out, each of which has to be closed."""
    import urllib.request

    def outcome(call: Any, *arguments: Any) -> str:
        try:
            call(*arguments)
        except OSError as error:
            return str(getattr(error, "reason", error))
        return "open"

    with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        return [
            outcome(stream.connect, ("192.0.2.1", 443)),
            outcome(stream.connect_ex, ("192.0.2.1", 443)),
            outcome(datagram.sendto, b"?", ("192.0.2.1", 53)),
            outcome(socket.getaddrinfo, "example.org", 443),
            outcome(urllib.request.urlopen, "http://192.0.2.1/"),
        ]


def build_and_ask(sources: Path, kb: Path) -> dict[str, Any]:
    """Build a knowledge base and ask it one question."""
    import qa
    from index.build import build
    from index.encoder import SentenceTransformerEncoder

    build(sources, kb, SentenceTransformerEncoder())
    return qa.load(kb).answer("What is the Korean Berlin Wall?").to_dict()


def serve_a_page(kb: Path) -> list[int]:
    """The status of the page, of its health and of a page of the source, over loopback."""
    import threading
    import time
    import urllib.request

    import uvicorn

    import qa
    from qa.journal import Journal
    from qa.web.api import create_app

    app = create_app(qa.load(kb), Journal(kb / "journal.sqlite3"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        home = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        paths = ("/", "/healthz", "/source/faq.md%3Aq1?start=0&end=5")
        seen = [urllib.request.urlopen(home + path, timeout=60).status for path in paths]
        server.should_exit = True
        thread.join()
    return seen


def main() -> None:
    """Print one JSON object: what was proved, answered, served and tried."""
    close_every_way_out()
    proof, proved = prove_it(), list(tried)
    tried.clear()
    sources, kb = map(Path, sys.argv[1:])
    answer = build_and_ask(sources, kb)
    served = serve_a_page(kb)
    said = {"proof": proof, "proved": proved, "answer": answer, "served": served, "tried": tried}
    sys.stdout.write("\n" + json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
