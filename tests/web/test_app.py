import errno
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient

import app
import qa
from index.encoder import Encoder
from index.errors import KnowledgeBaseMissing, ServeError
from qa.settings import Settings
from qa.web import serving
from tests.conftest import Citewell

from .fakes import FakeEngine

EMPTY = '""'  # how no text is shown


def test_a_port_that_is_taken_is_named_with_the_next_step(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError) as caught:
            serving.serve(Settings(kb=tmp_path, port=port))

    assert caught.value.exit_code == 6
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1 port {port}: address already in use; "
        f"stop what uses it, or choose another with --port {port + 1}"
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            errno.EACCES,
            "cannot listen on 127.0.0.1 port 80: permission denied; "
            "ports below 1024 need privileges; choose another with --port 7860",
        ),
        (errno.EMFILE, "cannot listen on 127.0.0.1 port 80: too many open files"),
    ],
)
def test_each_obstacle_gets_the_advice_that_fits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, "while attempting to bind")

    monkeypatch.setattr(socket, "create_server", refuse)

    with pytest.raises(ServeError) as caught:
        serving.serve(Settings(kb=tmp_path, port=80))

    assert str(caught.value) == said


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "127.0.0.1:80", "a" * 64, "a..b"])
def test_a_host_that_is_none_is_named_with_its_option(tmp_path: Path, host: str) -> None:
    with pytest.raises(ServeError) as caught:
        serving.serve(Settings(kb=tmp_path, host=host, port=0))

    assert str(caught.value) == (
        f"--host {host}: no address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all"
    )


@pytest.mark.parametrize(
    "name", ["http://a.example", "a.example:80", "a.example/", "*a", "::1", ""]
)
def test_a_name_to_answer_to_that_is_none_is_named_with_its_option(
    citewell: Citewell, tmp_path: Path, name: str
) -> None:
    ran = citewell("serve", "--kb", tmp_path, "--port", 0, "--allow-host", name)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"citewell: --allow-host {name or EMPTY}: not a host's name; give it alone, without "
        f"scheme, port or path, as in faq.example.org\n"
    )


ASKED = ("127.0.0.1:7860", "localhost:7860", "[::1]:7860", "faq.example", "evil.invalid")


@pytest.mark.parametrize(
    ("host", "allowed", "statuses"),
    [
        ("127.0.0.1", (), [200, 200, 200, 400, 400]),
        ("localhost", (), [200, 200, 200, 400, 400]),
        ("127.0.0.1", ("faq.example",), [200, 200, 200, 200, 400]),
        ("0.0.0.0", (), [200, 200, 200, 200, 200]),
        ("0.0.0.0", ("faq.example",), [200, 200, 200, 200, 400]),
        ("0.0.0.0", ("*.example",), [200, 200, 200, 200, 400]),
    ],
)
def test_a_name_of_another_site_is_not_answered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    allowed: tuple[str, ...],
    statuses: list[int],
) -> None:
    seen: list[int] = []

    def run(server: uvicorn.Server, **_: object) -> None:
        client = TestClient(server.config.app)  # type: ignore[arg-type]
        seen.extend(client.get("/healthz", headers={"Host": name}).status_code for name in ASKED)

    monkeypatch.setattr(qa, "load", lambda *_, **__: FakeEngine())
    monkeypatch.setattr(uvicorn.Server, "run", run)

    serving.serve(Settings(kb=tmp_path, host=host, port=0, allow_hosts=allowed))

    assert seen == statuses


def test_a_folder_without_a_knowledge_base_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseMissing, match="citewell build"):
        serving.serve(Settings(kb=tmp_path / "none", port=0))


def test_the_exit_code_is_the_errors_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--kb", str(tmp_path / "none"), "--port", "0"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(app.__file__, run_name="__main__")

    assert ended.value.code == 4
    assert "no knowledge base here" in capsys.readouterr().err


def test_neither_the_engine_nor_the_app_loads_the_web_before_it_serves() -> None:
    heavy = "{'gradio', 'fastapi', 'starlette', 'uvicorn'} & set(sys.modules)"
    code = f"import sys, qa, app; print({heavy} or 'none')"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "none"


@pytest.mark.model
def test_the_program_prints_its_address_and_answers_there(
    tmp_path: Path, default_encoder: Encoder
) -> None:
    from index.build import build

    (tmp_path / "faq.md").write_text("---\nkind: faq\n---\n\n## Where is it?\nIt is in the hall.\n")
    build(tmp_path, tmp_path / "kb", default_encoder)
    program = [sys.executable, app.__file__, "--kb", str(tmp_path / "kb"), "--port", "0"]

    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as running:
        line = running.stdout.readline() if running.stdout else ""
        url = line.split()[3]
        health = httpx.get(f"{url}healthz", timeout=30).json()
        rebound = httpx.get(f"{url}healthz", headers={"Host": "evil.invalid"}, timeout=30)
        running.send_signal(signal.SIGINT)
        code = running.wait(timeout=30)

    assert line == f"Citewell answers at {url} (Ctrl+C stops it)\n"
    assert (health["status"], health["generation"], health["degraded"]) == ("ok", "gen-1", False)
    assert (rebound.status_code, rebound.text) == (400, "Invalid host header")
    assert code == 0
