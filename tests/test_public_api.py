import re
import subprocess
import sys
from pathlib import Path

import pytest

import qa

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
(FIVE_LINES,) = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
DOORS = {"faiss", "fastapi", "gradio", "sentence_transformers", "torch", "transformers"}


def test_the_public_names_are_sorted() -> None:
    assert qa.__all__ == sorted(qa.__all__)


def test_the_public_names_are_all_there_is_of_our_own() -> None:
    loaded = {name: getattr(qa, name) for name in qa.__all__}

    assert {value.__module__.split(".")[0] for value in loaded.values()} == {"qa"}
    assert [value.__name__ for value in loaded.values()] == qa.__all__


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"^module 'qa' has no attribute 'Chunk'$"):
        qa.Chunk  # noqa: B018


def test_every_public_name_says_what_it_is() -> None:
    assert [name for name in qa.__all__ if not getattr(qa, name).__doc__] == []


@pytest.mark.parametrize(
    "module", ["qa", "index", "index.build", "index.encoder", "index.readers", "qa.cli", "qa.show"]
)
def test_importing_opens_no_heavy_door(module: str) -> None:
    code = f"import sys, {module}; print(sorted({DOORS} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.model
def test_the_five_lines_print_an_answer_and_its_sources(
    seeds_kb: Path,
    seeds_answerer: qa.Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(seeds_kb.parent)

    exec(FIVE_LINES, {})

    answer = seeds_answerer.answer("How long is the DMZ?")
    lines = [answer.text, *(citation.label for citation in answer.citations)]
    assert capsys.readouterr().out.splitlines() == lines
    assert answer.text.startswith("The DMZ is 248 kilometres long and four kilometres wide.")
    assert lines[1] == (
        "South Korea confirms that a soldier from the North defected across the DMZ, "
        "M10News International Desk, 2025"
    )
