"""`citewell serve`: which sites and proxies it is told of."""

import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

import qa
from qa.web import serving
from tests.conftest import Citewell

from .harbour import FERRY, harbour

Served = Callable[[], uvicorn.Config]

EMPTY = '""'  # how no text is shown


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
def test_what_is_no_origin_is_named_with_its_option(
    citewell: Citewell, tmp_path: Path, given: str
) -> None:
    ran = citewell("serve", "--kb", tmp_path, "--port", 0, "--allow-origin", given)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"citewell: --allow-origin {given or EMPTY}: not an origin; give scheme and host, and the "
        f"port where it is not the usual one, as in https://www.example.org\n"
    )


def test_no_proxy_is_believed_unless_named(
    citewell: Citewell, served: Served, tmp_path: Path
) -> None:
    citewell("serve", "--kb", tmp_path, "--port", 0)
    assert not served().proxy_headers

    citewell("serve", "--kb", tmp_path, "--port", 0, "--trust-proxy", "10.0.0.1")
    assert (served().proxy_headers, served().forwarded_allow_ips) == (True, ["10.0.0.1"])


def test_it_is_served_as_the_settings_have_it(
    citewell: Citewell, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_LIMITS__SUGGEST__BURST", "1")
    monkeypatch.setenv("CITEWELL_LIMITS__SUGGEST__PER_SECOND", "0.001")
    settings = tmp_path / "settings.toml"
    settings.write_text(
        'root_path = "/faq"\ntitle = "Ferries"\ncontact = "mailto:a@b.example"\n'
        'allow_frames = ["https://frame.example"]\ninspect = true\n'
    )

    citewell("serve", "--kb", tmp_path, "--port", 0, "--config", settings)
    client = TestClient(served().app, base_url="http://localhost")  # type: ignore[arg-type]
    page = client.get("/faq/")

    assert '"title":"Ferries"' in page.text
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://frame.example;" in policy
    assert 'data-contact="mailto:a@b.example"' in client.get("/faq/widget/frame").text
    assert client.get("/faq/inspect").status_code == 200
    statuses = [client.get("/faq/api/suggest?q=ferry").status_code for _ in range(2)]
    assert statuses == [200, 429]


def test_the_inspector_is_shut_unless_asked_for(
    citewell: Citewell, served: Served, tmp_path: Path
) -> None:
    citewell("serve", "--kb", tmp_path, "--port", 0)
    client = TestClient(served().app, base_url="http://localhost")  # type: ignore[arg-type]

    assert client.get("/inspect").status_code == 404


@pytest.mark.skipif(find_spec("mcp") is not None, reason="the extra mcp is installed here")
def test_an_extra_that_is_not_there_is_named_with_its_command(
    citewell: Citewell, tmp_path: Path
) -> None:
    ran = citewell("serve", "--kb", tmp_path, "--port", 0, "--mcp")

    assert (ran.code, ran.err) == (
        6,
        "citewell: --mcp: not installed here; get it with: .venv/bin/pip install '.[mcp]'\n",
    )


def test_sources_to_watch_that_are_not_there_are_refused(
    citewell: Citewell, tmp_path: Path
) -> None:
    nope = tmp_path / "nope"

    ran = citewell("serve", "--kb", tmp_path, "--port", 0, "--watch", "--sources", nope)

    told = "there are no sources; name the folder that holds them with --sources DIR"
    assert (ran.code, ran.out, ran.err) == (6, "", f"citewell: --watch: {nope}: {told}\n")


def test_a_short_response_waits_for_no_acknowledgement() -> None:
    """What is accepted inherits it: asyncio sets it for its own sockets alone."""
    with serving._listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
