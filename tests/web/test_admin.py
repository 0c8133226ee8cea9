"""The owner's door: who gets in, what a rebuild comes to, what is left of one that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.build import build
from index.errors import SettingsError
from index.publish import building
from qa import in_force
from qa.answerer import Answerer
from qa.follow import mark
from qa.journal import Journal
from qa.keeping import keeping
from qa.live import UNREBUILT, Live
from qa.opening import opened
from qa.rebuild import Job, Rebuild
from qa.settings import Settings
from qa.web.api import create_app
from qa.web.api.admin import Admin, admin_routes
from qa.web.api.examples import IDLE, RUNNING
from qa.web.api.models import RebuildReply
from qa.web.serving import application
from tests.conftest import Citewell

from .fakes import FakeEngine

TOKEN = "a-token-of-the-owner"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
PATH = "/api/admin/rebuild"


class Waiting(Rebuild):
    """Rebuilds from nowhere, which fails, once it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        super().__init__(Job("", "kb", "model"), lambda: "", lambda _: self._waits())

    def _waits(self) -> None:
        self.let.wait(20)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    admin = Admin(TOKEN, Waiting())
    journal = Journal(tmp_path_factory.mktemp("site") / "journal")
    return create_app(FakeEngine(), journal, origins=["https://listed.example"], admin=admin)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="citewell"'),
        ({"Authorization": f"Basic {TOKEN}"}, 'Bearer realm="citewell"'),
        ({"Authorization": "Bearer "}, 'Bearer realm="citewell"'),
        ({"Authorization": "Bearer wrong"}, 'Bearer realm="citewell", error="invalid_token"'),
        ({"Authorization": b"Bearer \xff"}, 'Bearer realm="citewell", error="invalid_token"'),
    ],
)
def test_rows_68_and_69_without_the_token_there_is_nothing_to_do(
    client: TestClient, method: str, headers: dict[str, Any], challenge: str
) -> None:
    refused = client.request(method, PATH, headers=headers)

    assert (refused.status_code, refused.json()["type"]) == (401, "/api#unauthorized")
    assert refused.headers["www-authenticate"] == challenge


def test_row_70_a_token_in_the_address_is_refused_and_not_repeated(client: TestClient) -> None:
    refused = client.post(f"{PATH}?token={TOKEN}", headers=HEADERS)

    assert refused.status_code == 400
    assert TOKEN not in refused.text


def test_where_there_is_no_token_there_is_no_door(tmp_path: Path) -> None:
    closed = TestClient(create_app(FakeEngine(), Journal(tmp_path / "journal")))

    assert [closed.request(m, PATH, headers=HEADERS).status_code for m in ("GET", "POST")] == [
        404,
        404,
    ]
    assert PATH not in closed.get("/openapi.json").json()["paths"]


def test_no_other_sites_page_gets_in_not_even_a_listed_ones(client: TestClient) -> None:
    for origin in ("https://listed.example", "https://evil.invalid", "null"):
        asked = client.post(PATH, headers={**HEADERS, "Origin": origin})
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}

        assert asked.status_code == 403
        assert client.options(PATH, headers=preflight).status_code in (403, 405)
        assert "access-control-allow-origin" not in asked.headers


def test_other_methods_are_none_of_its_own(client: TestClient) -> None:
    refused = client.delete(PATH, headers=HEADERS)

    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")


def test_it_is_described_with_an_example_of_everything(client: TestClient) -> None:
    methods = client.get("/openapi.json").json()["paths"][PATH]

    assert set(methods) == {"get", "post"}
    assert {"202", "401", "403", "409", "429"} <= set(methods["post"]["responses"])
    for operation in methods.values():
        for response in operation["responses"].values():
            ((_, content),) = response["content"].items()
            assert content.get("example") or content.get("examples")
    for example in (IDLE, RUNNING):
        RebuildReply.model_validate(example)
    assert "/api/admin/rebuild" in client.get("/api").text


def until(true: Callable[[], bool], seconds: float = 30, pause: float = 0.02) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(pause)
    assert true()


def test_row_71_one_at_a_time_and_the_state_says_how_it_ended() -> None:
    rebuild = Waiting()
    app, engine = FastAPI(), FakeEngine()
    live = Live(engine)
    app.include_router(admin_routes(live, Admin(TOKEN, rebuild)))
    client = TestClient(app, headers=HEADERS, raise_server_exceptions=False)

    begun = client.post(PATH)
    again = rebuild.start("watch")
    running = client.get(PATH).json()
    rebuild.let.set()
    until(lambda: not rebuild.state.running)
    ended = client.get(PATH).json()

    assert (begun.status_code, begun.headers["location"]) == (202, PATH)
    assert (again, running["state"], running["last"]) == (False, "running", None)
    assert ended["state"] == "idle"
    assert (ended["last"]["error"], ended["last"]["asked_by"]) == (
        "no sources are known here; serve with --sources and their folder",
        "admin",
    )


def test_a_second_one_is_a_conflict(client: TestClient) -> None:
    begun, again = client.post(PATH, headers=HEADERS), client.post(PATH, headers=HEADERS)

    assert (begun.status_code, again.status_code) == (202, 409)
    assert again.json()["type"] == "/api#running"


def test_whoever_guesses_tokens_is_slowed_down(tmp_path: Path) -> None:
    app = create_app(FakeEngine(), Journal(tmp_path / "j"), admin=Admin(TOKEN, Waiting()))
    guessing = TestClient(app)

    statuses = [guessing.get(PATH).status_code for _ in range(40)]

    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_the_token_is_shown_nowhere(
    citewell: Citewell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITEWELL_ADMIN_TOKEN", TOKEN)

    printed = citewell("config").out + citewell("config", "--json").out
    settings = in_force.read().settings

    assert "**********" in printed
    assert TOKEN not in printed + repr(settings) + repr(Admin(TOKEN, Waiting()))
    assert settings.admin_token.get_secret_value() == TOKEN


@pytest.mark.parametrize("token", ["too-short", "one with spaces in it", "x" * 513, "ünïcödé" * 4])
def test_what_is_no_token_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITEWELL_ADMIN_TOKEN", token)

    with pytest.raises(
        SettingsError, match=r"^CITEWELL_ADMIN_TOKEN \(not shown\): not a "
    ) as caught:
        in_force.read()

    assert token not in str(caught.value)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "empty.md").write_text("")
    return folder


@pytest.fixture
def keeper(tmp_path: Path, sources: Path) -> Iterator[tuple[Rebuild, Live[Any]]]:
    """A real rebuild of sources with a fault in them."""
    kb = tmp_path / "kb"
    live: Live[Any] = Live(FakeEngine())
    with keeping(Settings(kb=kb, sources=str(sources)), live, mark(kb)) as rebuild:
        yield rebuild, live


def test_sources_that_cannot_be_read_leave_what_serves_and_are_named(
    keeper: tuple[Rebuild, Live[Any]], caplog: pytest.LogCaptureFixture
) -> None:
    rebuild, live = keeper

    for _ in range(2):
        assert rebuild.run("watch")  # settled: they wait for a change

    assert rebuild.state.last is not None
    assert rebuild.state.last.problems == (
        "empty.md: this file is empty; write something in it or remove it",
    )
    assert rebuild.state.last.error.endswith(
        "1 problem; mend it or leave that out with the setting skip_errors = true"
    )
    assert live.trouble is not None
    assert (live.trouble.said, live.current.generation) == (UNREBUILT, "gen-1")
    told = [record.getMessage() for record in caplog.records if record.name == "qa.rebuild"]
    # The problem is told of once, the failure each time.
    assert [line.partition(" after ")[0] for line in told] == [
        "empty.md: this file is empty; write something in it or remove it",
        "rebuild failed",
        "rebuild failed",
    ]


def test_a_build_that_is_killed_leaves_what_serves_and_no_lock(
    keeper: tuple[Rebuild, Live[Any]], tmp_path: Path
) -> None:
    rebuild, live = keeper
    with building(tmp_path / "kb"):  # so that it waits for its turn
        assert rebuild.start("admin")
        until(lambda: rebuild._process is not None)
        assert rebuild._process is not None
        os.kill(rebuild._process.pid, signal.SIGKILL)
        until(lambda: not rebuild.state.running)

    assert rebuild.state.last is not None
    assert rebuild.state.last.error == (
        "the build was killed (SIGKILL); what served goes on serving"
    )
    assert live.current.generation == "gen-1"
    with building(tmp_path / "kb"):
        pass
    assert not rebuild.state.last.settled  # it is tried again


def test_a_build_that_hangs_is_ended(
    keeper: tuple[Rebuild, Live[Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rebuild, live = keeper
    rebuild._minutes = 0.01
    with building(tmp_path / "kb"):  # which it waits for
        assert not rebuild.run("watch")  # it is tried again

    assert rebuild.state.last is not None
    told = "the build took more than 0.01 minutes and was ended"
    assert rebuild.state.last.error.startswith(told)
    assert live.trouble is not None
    assert live.trouble.detail == rebuild.state.last.error
    assert told in caplog.text
    with building(tmp_path / "kb"):
        pass


def test_one_that_cannot_begin_or_be_told_of_stands_in_no_others_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    rebuild = Rebuild(Job("", "kb", "model"), lambda: "", fails)
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", fails)
        with pytest.raises(RuntimeError, match="can't start"):
            rebuild.start("admin")
    assert not rebuild.state.running
    for _ in range(2):
        with pytest.raises(RuntimeError, match="can't start"):
            rebuild.run("watch")
        assert not rebuild.state.running


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


SERVER = """
import sys, signal
from pathlib import Path
from qa.follow import mark
from qa.keeping import keeping
from qa.live import Live
from qa.settings import Settings
from qa.web.serving import _ended_quietly
from tests.web.fakes import FakeEngine
kb = Path(sys.argv[1])
settings = Settings(kb=kb, model="m", sources="src")
with _ended_quietly(), keeping(settings, Live(FakeEngine()), mark(kb)) as rebuild:
    rebuild.start("admin")
    while rebuild._process is None:
        pass
    print(rebuild._process.pid, flush=True)
    signal.pause()
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_ends_takes_its_rebuild_with_it(tmp_path: Path, how: signal.Signals) -> None:
    kb = tmp_path / "kb"
    with building(kb):
        command = [sys.executable, "-c", SERVER, str(kb)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            child = int(server.stdout.readline())
            server.send_signal(how)
            code = server.wait(timeout=30)
        until(lambda: gone(child))

    assert code == (0 if how == signal.SIGTERM else -signal.SIGKILL)
    with building(kb):
        pass


@pytest.mark.model
def test_a_served_knowledge_base_is_rebuilt_by_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds_answerer: Answerer
) -> None:
    """The one test in which the process builds, with the real model, and what it built serves."""
    sources, kb = tmp_path / "src", tmp_path / "kb"
    sources.mkdir()
    (sources / "faq.md").write_text("## Where is it?\nIt is in the hall.\n")
    encoder = seeds_answerer.encoder  # whose model the session has read
    build(sources, kb, encoder)
    monkeypatch.setenv("CITEWELL_ADMIN_TOKEN", TOKEN)
    settings, served = Settings(kb=kb), mark(kb)
    live = Live(opened(kb, encoder))
    with keeping(settings, live, served) as rebuild:
        journal = Journal(kb / "journal.sqlite3")
        http = TestClient(application(settings, live, journal, (), rebuild), headers=HEADERS)
        (sources / "faq.md").write_text("## Where is it?\nIt is in the garden.\n")
        assert http.post(PATH).status_code == 202
        until(lambda: not rebuild.state.running, 240)
        last = http.get(PATH).json()["last"]
        answer = http.post("/api/ask", json={"question": "Where is it?"}).json()

    assert (last["error"], last["generation"], last["counts"]["new"]) == ("", "gen-2", 1)
    assert (answer["text"], answer["generation"]) == ("It is in the garden.", "gen-2")
