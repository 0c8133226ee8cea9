"""A site on this machine, with pages as a test puts them there, and the policy that reaches it."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread

from index.fetch.address import Address
from index.fetch.policy import Policy

Talk = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """`pages["/path"]` is what is answered there: HTML, or a function that does the talking.

    `asked` has every path that was asked for, `headers` what came with the last request.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.pages: dict[str, str | bytes | Talk] = {}
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> "Site":
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def secure(self, context: ssl.SSLContext) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path: str, host: str = "help.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def address(self, path: str, host: str = "help.example", scheme: str = "http") -> Address:
        return Address.parse(self.url(path, host, scheme))

    def policy(self, **changes: object) -> Policy:
        """Every name stands for this machine, which alone may be reached."""
        given: dict[str, object] = {
            "http": True,
            "ports": frozenset({self.port}),
            "delay": 0.0,
            "seconds": 5.0,
            "networks": (ip_network("127.0.0.1/32"),),
            "resolve": lambda _host, _port: ("127.0.0.1",),
        }
        return Policy(**(given | changes))  # type: ignore[arg-type]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                site.asked.append(self.path)
                site.headers = dict(self.headers)
                page = site.pages.get(self.path, reply(404, "not here"))
                talk = page if callable(page) else reply(200, page)
                with suppress(ConnectionError):  # the guard may have hung up, as it should
                    talk(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def reply(status: int, body: str | bytes = b"", **headers: str) -> Talk:
    """A plain answer; `content_type="…"` is the header Content-Type."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": f"{len(data)}"} | named

    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in named.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return talk


def raw(*parts: bytes) -> Talk:
    """These bytes as they are, in place of a response."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        for part in parts:
            handler.wfile.write(part)

    return talk


def leads_to(place: str) -> Talk:
    return reply(302, location=place)


def sitemap(*addresses: str, kind: str = "urlset") -> Talk:
    child = "url" if kind == "urlset" else "sitemap"
    rows = "".join(f"<{child}><loc>{address}</loc></{child}>" for address in addresses)
    xml = f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{kind}>'
    return reply(200, f'<?xml version="1.0"?>{xml}', content_type="application/xml")
