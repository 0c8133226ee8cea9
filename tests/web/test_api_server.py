"""Rows of the table of bad inputs that only a real socket can send, and who a client is."""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from qa.journal import Journal
from qa.web import security
from qa.web.api import create_app
from qa.web.limits import Limits, Rate
from qa.web.serving import server_config

from .harbour import FERRY, harbour

Address = tuple[str, int]
TWO = Limits(ask=Rate(per_second=0.01, burst=2))


@contextmanager
def served(
    folder: Path, limits: Limits | None = None, proxies: tuple[str, ...] = ()
) -> Iterator[Address]:
    app = create_app(harbour(), Journal(folder / "journal.sqlite3"), limits=limits)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(server_config(app, proxies))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[:2]
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with served(tmp_path_factory.mktemp("site")) as address:
        yield address


def send(address: Address, *pieces: bytes) -> tuple[int, dict[str, object]]:
    """The status and the problem that come back, perhaps before all pieces are sent."""
    with socket.create_connection(address, timeout=10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:  # it has answered and hung up
            pass
        return read(connection)


def read(connection: socket.socket) -> tuple[int, dict[str, object]]:
    head, _, rest = b"", b"", b""
    try:
        with connection.makefile("rb") as stream:
            head = stream.readline()
            length = 0
            while line := stream.readline().strip().lower():
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            rest = stream.read(length)
    except ConnectionError:
        pass
    return int(head.split()[1]), json.loads(rest) if rest.startswith(b"{") else {}


def post(path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def test_row_10_a_long_body_is_refused_by_its_length_alone(address: Address) -> None:
    status, problem = send(address, post("/api/ask", "Content-Length: 10000000"))

    assert (status, problem["type"]) == (413, "/api#too-large")
    assert problem["detail"] == "the body may have 65,536 bytes at most"


def test_row_11_an_endless_body_is_refused_at_the_cap(address: Address) -> None:
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    seventeen = 17  # of 4 KB, and the body never ends

    status, problem = send(
        address, post("/api/ask", "Transfer-Encoding: chunked"), chunk * seventeen
    )

    assert (status, problem["type"]) == (413, "/api#too-large")


def test_row_12_a_length_that_is_too_short_leaves_half_a_body(address: Address) -> None:
    body = json.dumps({"question": FERRY}).encode()

    status, problem = send(address, post("/api/ask", "Content-Length: 10"), body)

    assert (status, problem["type"]) == (400, "/api#bad-request")


def test_row_13_a_length_that_is_too_long_is_waited_for_and_given_up(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "BODY_SECONDS", 0.1)

    status, problem = send(address, post("/api/ask", "Content-Length: 1000"), b'{"question":')

    assert (status, problem["type"]) == (408, "/api#too-slow")


def test_row_54_a_header_of_64_kilobytes(address: Address) -> None:
    """All at once it is read and refused; in pieces the server hangs up on it before its end."""
    long = post("/api/ask", "X-Long: " + "x" * 64 * 1024)

    whole, problem = send(address, long)
    begun, _ = send(address, long[: 32 * 1024], long[32 * 1024 : -3], b"x" * 64 * 1024)

    assert (whole, problem["type"]) == (431, "/api#long-headers")
    assert begun == 400


def ask(address: Address, **headers: str) -> int:
    url = f"http://{address[0]}:{address[1]}/api/ask"
    return httpx.post(url, json={"question": FERRY}, headers=headers).status_code


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(lambda n: f"192.0.2.{n}", id="row 60: another each time"),
        pytest.param(lambda n: ", ".join(["x" * n, *["10.0.0.1"] * 100]), id="row 61: 100 hops"),
        pytest.param(lambda n: f"'; -- {n}", id="row 61: garbage"),
    ],
)
def test_whom_a_client_says_it_stands_for_is_not_believed(
    tmp_path: Path, said: Callable[[int], str]
) -> None:
    with served(tmp_path, TWO) as address:
        statuses = [ask(address, **{"X-Forwarded-For": said(n)}) for n in range(1, 4)]

    assert statuses == [200, 200, 429]


def test_a_trusted_proxy_is_believed_about_the_last_hop(tmp_path: Path) -> None:
    with served(tmp_path, TWO, proxies=("127.0.0.1",)) as address:
        one = [ask(address, **{"X-Forwarded-For": f"spoof{n}, 192.0.2.1"}) for n in range(3)]
        other = ask(address, **{"X-Forwarded-For": "192.0.2.2"})

    assert (one, other) == ([200, 200, 429], 200)


def test_row_64_a_client_that_leaves_leaves_no_trace(
    address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body = json.dumps({"question": FERRY}).encode()
    whole = post("/api/ask", f"Content-Length: {len(body)}") + body

    for sent in (whole[:40], whole[:-5], whole):
        with socket.create_connection(address) as connection:
            connection.sendall(sent)
    after = ask(address)

    assert after == 200
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_row_62_to_64_a_good_question_is_answered_after_all_of_them(address: Address) -> None:
    body = json.dumps({"question": FERRY}).encode()

    status, _ = send(address, post("/api/ask", f"Content-Length: {len(body)}"), body)

    assert status == 200
