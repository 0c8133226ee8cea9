import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from index.passages import Passage
from qa.journal import Journal
from qa.web.api import create_app
from qa.web.security import BODY_LIMIT, PAGE_POLICY, Guard

from .fakes import DOCUMENTS, FakeEngine, FakeKnowledge


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.sqlite3")
    with TestClient(create_app(FakeEngine(), journal)) as client:
        yield client


def test_the_page_is_served_with_a_policy_and_no_other_host(client: TestClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "unsafe-eval" not in page.headers["content-security-policy"]


def test_the_page_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok",
        "generation": "gen-1",
        "built": "2026-11-27T09:30:00+00:00",
        "degraded": False,
        "reason": "",
    }


@pytest.mark.parametrize("name", ["page.js", "page.css", "source.css", "icon.svg"])
def test_our_own_files_are_served(client: TestClient, name: str) -> None:
    assert client.get(f"/citewell/{name}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://169.254.169.254/",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/run-history/records",
        "/gradio_api/upload_progress",
        "/gradio_api/mcp/",
        "/gradio_api/deep_link",
        "/gradio_api/vibe-code",
        "/config",
        "/monitoring",
        "/docs",
        "/redoc",
        "/login",
        "/citewell/source.html",
        "/citewell/..%2fpage.py",
        "/nothing",
        "/%00",
    ],
)
def test_what_the_page_does_not_need_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/run/ask",
        "/gradio_api/api/ask",
        "/gradio_api/call/ask",
        "/gradio_api/call/v2/ask",
        "/gradio_api/component_server",
        "/gradio_api/process_recording",
    ],
)
def test_nothing_can_be_uploaded_or_called_past_the_page(client: TestClient, path: str) -> None:
    assert client.post(path, files={"files": b"x"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_a_readable_route_is_only_read(client: TestClient, method: str) -> None:
    answer = client.request(method, "/healthz")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_body_over_the_cap_is_refused_whether_declared_or_not(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(BODY_LIMIT // 1024 + 1):
            yield b"x" * 1024

    declared = client.post("/gradio_api/queue/join", content=b"x" * (BODY_LIMIT + 1))
    streamed = client.post("/gradio_api/queue/join", content=chunks())

    assert (declared.status_code, streamed.status_code) == (413, 413)


def test_a_history_of_ten_thousand_turns_is_refused(client: TestClient) -> None:
    turn = {"role": "assistant", "content": "<img src=x onerror=window.__xss=1>"}
    body = json.dumps({"data": [[turn] * 10_000], "fn_index": 0, "session_hash": "s"})

    assert client.post("/gradio_api/queue/join", content=body).status_code == 413


def test_an_unknown_event_is_an_error_of_the_client(client: TestClient) -> None:
    body = {"data": ["x", None], "fn_index": 999, "session_hash": "s"}

    answer = client.post("/gradio_api/queue/join", json=body)

    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.invalid", "null"])
def test_no_other_origin_may_read(client: TestClient, origin: str) -> None:
    answer = client.get("/", headers={"Origin": origin})
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = client.options("/gradio_api/queue/join", headers=asking)

    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers
    assert preflight.status_code == 400
    assert_guarded(preflight.headers)


def test_only_named_hosts_are_answered_where_hosts_are_named(tmp_path: Path) -> None:
    app = create_app(FakeEngine(), Journal(tmp_path / "j.sqlite3"), hosts=["faq.example"])
    client = TestClient(app)

    assert client.get("/healthz", headers={"Host": "faq.example"}).status_code == 200
    refused = client.get("/healthz", headers={"Host": "evil.invalid"})
    assert refused.status_code == 400
    assert_guarded(refused.headers)


def test_a_failure_inside_brings_the_headers_and_nothing_of_the_inside(tmp_path: Path) -> None:
    class Broken(FakeKnowledge):
        def passage(self, passage_id: str, /) -> Passage:
            raise RuntimeError(f"a secret of {passage_id}")

    engine = FakeEngine()
    engine.knowledge = Broken(DOCUMENTS)
    app = create_app(engine, Journal(tmp_path / "j.sqlite3"))

    failed = TestClient(app).get("/source/map:p1")

    assert failed.status_code == 500
    assert failed.json()["detail"] == "something broke here; the server's log says what"
    assert "secret" not in failed.text
    assert failed.headers["x-content-type-options"] == "nosniff"


def test_half_a_body_is_not_passed_on() -> None:
    passed: list[Scope] = []
    sent: list[Message] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope)

    async def send(message: Message) -> None:
        sent.append(message)

    left: list[Message] = [
        {"type": "http.request", "body": b'{"data": ', "more_body": True},
        {"type": "http.disconnect"},
    ]
    whole: list[Message] = [{"type": "http.request", "body": b"{}", "more_body": False}]
    scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": []}

    for messages in (left, whole):
        receiving = iter(messages)

        async def receive(receiving: Iterator[Message] = receiving) -> Message:
            return next(receiving)

        asyncio.run(Guard(app)(scope, receive, send))

        assert list(receiving) == []
        assert passed == ([] if messages is left else [scope])
        assert sent == []


def assert_guarded(headers: Mapping[str, str]) -> None:
    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


def test_the_page_tells_no_path_of_this_machine(client: TestClient) -> None:
    assert str(Path(__file__).parents[2]) not in client.get("/").text
