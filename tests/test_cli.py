import inspect
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qa
from qa import show
from qa.settings import Settings
from tests.conftest import Citewell
from tests.keyword_encoder import KeywordEncoder

FERRY = "## When does the ferry leave?\n\nThe ferry leaves at nine.\n"
TIDE = "# Tides\n\nThe tide turns at noon.\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "faq.md").write_text(FERRY)
    (folder / "tides.md").write_text(TIDE)
    return folder


@pytest.fixture
def kb(citewell: Citewell, keyword_model: KeywordEncoder, sources: Path, tmp_path: Path) -> Path:
    assert citewell("build", sources, "--out", tmp_path / "kb").code == 0
    keyword_model.calls.clear()
    return tmp_path / "kb"


def lasting(wire: str) -> dict[str, object]:
    fields: dict[str, object] = json.loads(wire)
    del fields["id"], fields["took_ms"]
    return fields


def test_a_build_says_what_it_made(
    citewell: Citewell, keyword_model: KeywordEncoder, sources: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kb"

    ran = citewell("build", sources, "--out", out)

    assert ran == (
        0,
        f"{out}: 1 FAQ entry and 1 article\n2 passages: 0 unchanged, 2 new, 0 removed (gen-1)\n",
        "",
    )
    # A question and two passages, token by token, then two sentences; the shorter, the sooner.
    assert keyword_model.calls == [
        "When does the ferry leave?",
        "Tides\nThe tide turns at noon.",
        "When does the ferry leave?\nThe ferry leaves at nine.",
        "The tide turns at noon.",
        "The ferry leaves at nine.",
    ]


def test_building_again_changes_nothing(
    citewell: Citewell, kb: Path, sources: Path, keyword_model: KeywordEncoder
) -> None:
    ran = citewell("build", sources, "--out", kb)

    assert ran.out.splitlines()[1] == "2 passages: nothing changed; gen-1 still serves"
    assert keyword_model.calls == []


def test_building_after_a_change_encodes_only_that(
    citewell: Citewell, kb: Path, sources: Path, keyword_model: KeywordEncoder
) -> None:
    (sources / "tides.md").write_text(TIDE.replace("noon", "dawn"))

    ran = citewell("build", sources, "--out", kb)

    assert ran.out.splitlines()[1] == "2 passages: 1 unchanged, 1 new, 1 removed (gen-2)"
    assert keyword_model.calls == ["Tides\nThe tide turns at dawn.", "The tide turns at dawn."]


def test_building_after_a_removal_says_so(citewell: Citewell, kb: Path, sources: Path) -> None:
    (sources / "tides.md").unlink()

    ran = citewell("build", sources, "--out", kb)

    assert ran.out == (
        f"{kb}: 1 FAQ entry and 0 articles\n1 passage: 1 unchanged, 0 new, 1 removed (gen-2)\n"
    )


@pytest.mark.usefixtures("keyword_model")
def test_what_is_left_out_is_named(citewell: Citewell, sources: Path, tmp_path: Path) -> None:
    (sources / "map.png").write_bytes(b"\x89PNG")
    (sources / "notes.md").write_bytes(b"caf\xe9\n")

    ran = citewell("build", sources, "--out", tmp_path / "kb", "--skip-errors")

    assert ran.code == 0
    assert ran.err == (
        "left out: notes.md:1: not UTF-8 at byte 3; save the file as UTF-8\n"
        "left out: map.png (no reader)\n"
    )
    assert ran.out.startswith(f"{tmp_path / 'kb'}: 1 FAQ entry and 1 article; 2 left out\n")


def test_an_answer_is_printed_with_its_citation(citewell: Citewell, kb: Path) -> None:
    ran = citewell("ask", "When does the tide turn?", "--kb", kb)

    assert ran == (0, "“The tide turns at noon.” [1]\n\n[1] Tides\n    tides.md\n", "")


def test_an_abstention_is_printed_and_is_no_failure(citewell: Citewell, kb: Path) -> None:
    ran = citewell("ask", "Who won the 1998 World Cup?", "--kb", kb)

    looked_for = "Looked for: won, 1998, World, Cup\nNo source mentions: won, 1998, World, Cup\n"
    assert ran == (0, f"The sources don't say.\n{looked_for}", "")


@pytest.mark.parametrize("question", ["When does the tide turn?", "Who won?", "Für wen 渡船?"])
def test_json_is_the_wire_form(citewell: Citewell, kb: Path, question: str) -> None:
    ran = citewell("ask", question, "--kb", kb, "--json")

    expected = qa.load(kb).answer(question).to_dict()
    assert (ran.code, ran.err) == (0, "")
    assert lasting(ran.out) == lasting(json.dumps(expected))
    assert list(json.loads(ran.out)) == list(expected)
    assert question in ran.out  # written as it reads, not in escapes


def test_explain_adds_how_it_was_found(citewell: Citewell, kb: Path) -> None:
    ran = citewell("ask", "When does the tide turn?", "--kb", kb, "--explain")

    explained = qa.load(kb).explain("When does the tide turn?")
    assert ran.out == f"{show.answer(explained.answer)}\n{show.explanation(explained)}\n"


def test_explain_leaves_the_json_alone(citewell: Citewell, kb: Path) -> None:
    ran = citewell("ask", "When does the tide turn?", "--kb", kb, "--json", "--explain")

    explained = qa.load(kb).explain("When does the tide turn?")
    assert json.loads(ran.out)["text"] == "The tide turns at noon."
    assert ran.err == f"{show.explanation(explained)}\n"


def test_the_knowledge_base_is_kb_unless_told(
    citewell: Citewell, kb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kb.parent)

    assert citewell("ask", "tide").out.startswith("“The tide turns at noon.” [1]\n")


def test_defaults_are_those_of_the_library() -> None:
    parameters = inspect.signature(qa.load).parameters

    assert parameters["model"].default == Settings().model
    assert parameters["kb"].default == str(Settings().kb)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask"], "Error: Missing argument 'question'."),
        (["answer", "Who?"], "Error: No such command 'answer'."),
        (["ask", "Who?", "--fast"], "Error: No such option: --fast"),
        (["serve", "--port", "65536"], "Error: Invalid value for '--port': "),
    ],
)
def test_a_command_typed_wrong_is_explained(
    citewell: Citewell, arguments: list[str], complaint: str
) -> None:
    ran = citewell(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(complaint)
    assert "--help" in ran.err


def test_ctrl_c_ends_it_without_a_word_of_python(
    citewell: Citewell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(qa, "load", interrupted)

    ran = citewell("ask", "Who?")

    assert ran.code == 130
    assert "Traceback" not in ran.err


def test_serving_on_a_taken_port_names_the_next(citewell: Citewell, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = citewell("serve", "--kb", tmp_path, "--port", port)

    assert (ran.code, ran.out) == (6, "")
    assert ran.err == (
        f"citewell: cannot listen on 127.0.0.1 port {port}: address already in use; "
        f"stop what uses it, or choose another with --port {port + 1}\n"
    )


# From here on in a process of its own, as a user runs it.

PROGRAM = Path(sys.executable).with_name("citewell")
# numpy is no door of its own and comes with `qa` itself.
HEAVY = {
    "bm25s", "fastapi", "faiss", "gradio", "huggingface_hub", "pydantic_settings", "rich",
    "selectolax",
    "sentence_transformers", "sentencex", "torch", "transformers", "uvicorn",
}  # fmt: skip


@pytest.mark.parametrize("command", [[], ["build"], ["ask"], ["serve"], ["config"]])
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    # -X importtime writes a line for every module that is loaded, its name the last column.
    done = subprocess.run(
        [sys.executable, "-X", "importtime", PROGRAM, *command, "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert loaded & HEAVY == set()
    assert done.stdout.startswith("Usage: citewell")


def test_the_version_is_that_of_the_package(citewell: Citewell) -> None:
    package = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]

    assert citewell("--version") == (0, f"citewell {package['version']}\n", "")


def test_help_names_every_command() -> None:
    done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True)

    assert re.findall(r"^  (\w+)  ", done.stdout, re.MULTILINE) == [
        "build",
        "ask",
        "serve",
        "config",
        "status",
        "verify",
        "rollback",
        "eval",
        "compare",
        "calibrate",
        "stress",
        "fetch",
        "export",
    ]


def test_a_failure_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "ask", "Who?"], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "citewell: kb: no knowledge base here; build one with: citewell build DIR --out kb\n"
    )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_gets_its_message(encoding: str) -> None:
    done = subprocess.run(
        [PROGRAM, "ask", "Who?", "--kb", "渡船"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip

    assert done.returncode == 4
    name = "渡船" if encoding == "utf-8" else r"\u6e21\u8239"
    assert done.stderr.decode(encoding).startswith(f"citewell: {name}: no knowledge base here; ")


@pytest.mark.model
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_gets_its_answer(seeds_kb: Path, encoding: str) -> None:
    question = "Which route do people normally take out of North Korea?"
    done = subprocess.run(
        [PROGRAM, "ask", question, "--kb", seeds_kb],
        capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip

    mark = "“" if encoding == "utf-8" else r"\u201c"
    assert done.stdout.decode(encoding).startswith(f"{mark}The usual way out of North Korea is")
    assert done.stderr == b""
