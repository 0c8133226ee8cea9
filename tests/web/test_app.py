import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import app
from index.errors import CitewellError, KnowledgeBaseMissing
from qa.web import serving


def test_a_port_that_is_taken_is_named_with_the_next_step(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CitewellError, match=rf"port {port}: .*in use; .*--port {port + 1}"):
            serving.serve(tmp_path, "127.0.0.1", port)


def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        CitewellError, match="port 70000: there is none; choose one from 0 to 65535"
    ):
        serving.serve(tmp_path, "127.0.0.1", 70_000)


def test_a_folder_without_a_knowledge_base_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseMissing, match="citewell build"):
        serving.serve(tmp_path / "none", "127.0.0.1", 0)


def test_the_exit_code_is_the_errors_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--kb", str(tmp_path / "none"), "--port", "0"])

    assert app.main() == 4
    assert "no knowledge base here" in capsys.readouterr().err


def test_neither_the_engine_nor_the_app_loads_the_web_before_it_serves() -> None:
    heavy = "{'gradio', 'fastapi', 'starlette', 'uvicorn'} & set(sys.modules)"
    code = f"import sys, qa, app; print({heavy} or 'none')"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "none"


@pytest.mark.model
def test_the_program_prints_its_address_and_answers_there(tmp_path: Path) -> None:
    from index.build import build
    from index.encoder import SentenceTransformerEncoder

    (tmp_path / "faq.md").write_text("---\nkind: faq\n---\n\n## Where is it?\nIt is in the hall.\n")
    build(tmp_path, tmp_path / "kb", SentenceTransformerEncoder())
    program = [sys.executable, app.__file__, "--kb", str(tmp_path / "kb"), "--port", "0"]

    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as running:
        line = running.stdout.readline() if running.stdout else ""
        url = line.split()[3]
        health = httpx.get(f"{url}healthz", timeout=30).json()
        running.send_signal(signal.SIGINT)
        code = running.wait(timeout=30)

    assert line == f"Citewell answers at {url} (Ctrl+C stops it)\n"
    assert health == {"status": "ok", "generation": "gen-1"}
    assert code == 0
