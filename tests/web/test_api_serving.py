"""`citewell serve`: which sites and proxies it is told of."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

import qa
from index.errors import ServeError
from qa.web import serving
from tests.conftest import Citewell

from .harbour import FERRY, harbour

Served = Callable[[], uvicorn.Config]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    """What the last `serve` would have gone on with, which ends instead at once."""
    configs: list[uvicorn.Config] = []
    monkeypatch.setattr(qa, "load", lambda *_, **__: harbour())
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, **_: configs.append(server.config))
    return lambda: configs[-1]


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ("https://www.example.org", "https://www.example.org"),
        ("HTTPS://www.Example.org", "https://www.example.org"),
        ("https://www.example.org:443", "https://www.example.org"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_a_site_that_is_allowed_may_ask(
    citewell: Citewell, served: Served, tmp_path: Path, given: str, asks: str
) -> None:
    ran = citewell("serve", "--kb", tmp_path, "--port", 0, "--allow-origin", given)
    client = TestClient(served().app, base_url="http://localhost")  # type: ignore[arg-type]

    def status(origin: str) -> int:
        asked = {"question": FERRY}
        return client.post("/api/ask", json=asked, headers={"Origin": origin}).status_code

    assert ran.code == 0
    assert (status(asks), status("https://evil.invalid")) == (200, 403)


@pytest.mark.parametrize(
    "given",
    [
        "www.example.org",
        "https://a.example/",
        "https://a.example/faq",
        "https://a.example:x",
        "https://a@b.example",
        "https://*.example.org",
        "https://",
        "ftp://a.example",
        "*",
        "null",
        "",
    ],
)
def test_what_is_no_origin_is_named_with_its_option(tmp_path: Path, given: str) -> None:
    with pytest.raises(ServeError) as caught:
        serving.serve(tmp_path, "127.0.0.1", 0, origins=[given])

    assert str(caught.value) == (
        f"--allow-origin {given}: not an origin; give scheme and host, and the port where it is "
        f"not the usual one, as in --allow-origin https://www.example.org"
    )


def test_no_proxy_is_believed_unless_named(
    citewell: Citewell, served: Served, tmp_path: Path
) -> None:
    citewell("serve", "--kb", tmp_path, "--port", 0)
    assert not served().proxy_headers

    citewell("serve", "--kb", tmp_path, "--port", 0, "--trust-proxy", "10.0.0.1")
    assert (served().proxy_headers, served().forwarded_allow_ips) == (True, ["10.0.0.1"])


def test_a_short_response_waits_for_no_acknowledgement() -> None:
    """What is accepted inherits it: asyncio sets it for its own sockets alone."""
    with serving._listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
