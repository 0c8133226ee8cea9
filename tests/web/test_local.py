"""`citewell ask` asks the server of the same user that serves the same, and nobody else."""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

import qa
from index.backends import choice
from index.build import build
from qa import local
from qa.journal import Journal
from qa.live import Live
from qa.opening import opened
from qa.settings import Settings
from qa.web import serving
from qa.web.api.routes import api_routes
from qa.web.limits import Desk, Limits, Rate
from qa.web.security import secure
from qa.web.serving import server_config
from tests.conftest import Citewell
from tests.keyword_encoder import KeywordEncoder

from .fakes import FakeEngine

FAQ = """# Harbour

## When does the ferry leave?

The ferry leaves at nine.

## Where is the boat?

The boat lies at quay {quay}.
"""


def made(folder: Path, encoder: KeywordEncoder, quay: int = 4) -> Path:
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "faq.md").write_text(FAQ.format(quay=quay))
    build(folder / "sources", folder / "kb", encoder)
    return folder / "kb"


@contextmanager
def running(
    kb: Path, sockets: Sequence[socket.socket], limits: Limits
) -> Iterator[Live[qa.Answerer]]:
    live = Live(opened(kb, choice.open_encoder()))
    app = FastAPI()  # the guard and the API as they are, without the page, which takes seconds
    secure(app, serving.LOOPBACK, limits=limits)
    app.include_router(api_routes(live, Journal(kb / "journal.sqlite3"), Desk(1, 1)))
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [*sockets]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield live
    server.should_exit = True
    thread.join(10)


@contextmanager
def served(kb: Path, limits: Limits | None = None) -> Iterator[Live[qa.Answerer]]:
    with local.listening(kb, *DEFAULT) as sockets:
        assert sockets
        with running(kb, sockets, limits or Limits()) as live:
            yield live


DEFAULT = Settings().model, Settings().backend


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place whose path is short enough for a socket."""
    return tmp_path_factory.mktemp("at")


@pytest.fixture
def kb(
    tmp_path: Path, cache: Path, keyword_model: KeywordEncoder, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(local, "_SECONDS", 60.0)  # on a busy machine
    return made(tmp_path, keyword_model)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The knowledge bases that the command has had to load itself."""
    loaded: list[Path] = []
    load = qa.load

    def counted(kb: Path, **options: str) -> qa.Answerer:
        loaded.append(kb)
        return load(kb, **options)

    monkeypatch.setattr(qa, "load", counted)
    return loaded


def told(text: str) -> str:
    """Without what is another each time."""
    return re.sub(r'"(id|took_ms)": [^,\n]+', "", text)


@pytest.mark.parametrize(
    "question", ["When does the ferry leave?", "When does the gull leave?", "Boat or ferry?"]
)
def test_a_server_says_what_the_command_would(kb: Path, citewell: Citewell, question: str) -> None:
    asks = [("ask", question, "--kb", kb, *more) for more in ([], ["--json"])]
    itself = [citewell(*ask, "--no-server") for ask in asks]
    with served(kb):
        by_server = [citewell(*ask) for ask in asks]

    assert [told(ran.out) for ran in by_server] == [told(ran.out) for ran in itself]
    assert {(ran.code, ran.err) for ran in [*itself, *by_server]} == {(0, "")}


def test_it_is_asked_in_place_of_loading_anything(
    kb: Path, citewell: Citewell, alone: list[Path]
) -> None:
    with served(kb):
        assert "leaves at nine" in citewell("ask", "When does the ferry leave?", "--kb", kb).out

    assert not alone


def test_what_explains_or_is_told_to_goes_without(
    kb: Path, citewell: Citewell, alone: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(kb):
        citewell("ask", "ferry", "--kb", kb, "--explain")
        citewell("ask", "boat", "--kb", kb, "--no-server")
        monkeypatch.setenv("CITEWELL_SERVER", "false")
        citewell("ask", "ferry?", "--kb", kb)
        assert len(alone) == 3


def test_another_knowledge_base_or_model_is_another_server(
    kb: Path, tmp_path: Path, keyword_model: KeywordEncoder
) -> None:
    (tmp_path / "other").mkdir()
    other = made(tmp_path / "other", keyword_model)
    with served(kb):
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is not None
        assert local.asked(other, *DEFAULT, "Where is the boat?") is None
        assert local.asked(kb, "other-model", DEFAULT[1], "Where is the boat?") is None
        assert local.asked(kb, DEFAULT[0], "onnx-int8", "Where is the boat?") is None


def test_what_is_newer_than_the_server_is_not_asked_of_it(
    kb: Path, citewell: Citewell, keyword_model: KeywordEncoder, alone: list[Path]
) -> None:
    with served(kb) as live:
        made(kb.parent, keyword_model, quay=7)

        assert "at quay 7" in citewell("ask", "Where is the boat?", "--kb", kb).out
        assert len(alone) == 1
        live.swap(opened(kb, keyword_model))
        assert "at quay 7" in citewell("ask", "Where is the boat?", "--kb", kb).out
        assert len(alone) == 1


def test_a_server_that_has_no_time_is_not_waited_for(
    kb: Path, citewell: Citewell, alone: list[Path]
) -> None:
    with served(kb, Limits(ask=Rate(per_second=0.01, burst=1))):
        said = [citewell("ask", "Where is the boat?", "--kb", kb).out for _ in range(2)]

    assert said[0] == said[1]
    assert len(alone) == 1


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n[]", b"HTTP/1.1 200 OK\r\n\r\n{}", b"\0" * 70_000]
)
def test_nonsense_is_no_answer(kb: Path, answer: bytes) -> None:
    with local.listening(kb, *DEFAULT) as (listener,):

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100_000)
                connection.sendall(answer)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None
        thread.join(10)


def test_what_a_killed_server_left_is_harmless_and_replaced(
    kb: Path, citewell: Citewell, cache: Path
) -> None:
    with local.listening(kb, *DEFAULT) as (listener,):
        listener.close()  # as when its process dies
        (left,) = (cache / "citewell" / "serving").iterdir()

        assert "leaves at nine" in citewell("ask", "When does the ferry leave?", "--kb", kb).out
        with served(kb):
            assert local.asked(kb, *DEFAULT, "Where is the boat?") is not None
        assert not left.exists()


def test_the_second_server_leaves_it_to_the_first(kb: Path) -> None:
    with served(kb):
        with local.listening(kb, *DEFAULT) as second:
            assert second == []
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is not None


def test_only_its_user_can_ask(kb: Path, cache: Path) -> None:
    folder = cache / "citewell" / "serving"
    with served(kb):
        (path,) = folder.iterdir()
        assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
        folder.chmod(0o755)
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None
        folder.chmod(0o700)
        path.chmod(0o666)
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a file away")
def test_a_server_of_somebody_else_is_not_asked(kb: Path, cache: Path) -> None:
    with served(kb):
        (path,) = (cache / "citewell" / "serving").iterdir()
        os.chown(path, 65534, 65534)
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None


def test_a_file_or_link_in_its_place_is_not_asked(kb: Path) -> None:
    with local.listening(kb, *DEFAULT) as (listener,):
        path = Path(listener.getsockname())
        path.rename(path.with_name("moved"))
        path.symlink_to(path.with_name("moved"))
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None
        path.unlink()
        path.write_text("no socket")
        assert local.asked(kb, *DEFAULT, "Where is the boat?") is None
    assert path.read_text() == "no socket"


def test_a_place_too_long_for_a_socket_goes_without(
    kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ("long" * 30)))

    with local.listening(kb, *DEFAULT) as sockets:
        assert sockets == []
    assert local.asked(kb, *DEFAULT, "Where is the boat?") is None


@pytest.mark.parametrize(("server", "reload", "sockets"), [(1, 1, 2), (0, 1, 1), (1, 0, 1)])
def test_serve_listens_there_where_it_follows_its_folder(
    kb: Path, monkeypatch: pytest.MonkeyPatch, server: bool, reload: bool, sockets: int
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(qa, "load", lambda *_, **__: FakeEngine())
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: seen.append(len(sockets)))

    serving.serve(Settings(kb=kb, port=0, server=server, reload=reload))

    assert seen == [sockets]
    assert local.asked(kb, *DEFAULT, "Where is the boat?") is None
