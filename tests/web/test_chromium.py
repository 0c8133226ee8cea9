"""Where the browser tests look for a Chromium: one list, in `tests/install_chromium.sh`."""

import subprocess
from pathlib import Path

import pytest

from .conftest import INSTALLER


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(INSTALLER), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_by_any_of_its_names_is_found(tmp_path: Path, name: str) -> None:
    browser = program(tmp_path / name)

    found, made_sure = run("--find", PATH=str(tmp_path)), run(PATH=str(tmp_path))

    assert (found.returncode, found.stdout, found.stderr) == (0, f"{browser}\n", "")
    assert (made_sure.returncode, made_sure.stdout, made_sure.stderr) == (0, "", "")


def test_the_browser_that_is_named_comes_before_any_other(tmp_path: Path) -> None:
    program(tmp_path / "chromium")
    named = program(tmp_path / "my browser")

    found = run("--find", PATH=str(tmp_path), CHROMIUM=str(named))

    assert (found.returncode, found.stdout) == (0, f"{named}\n")


def test_no_browser_is_no_path(tmp_path: Path) -> None:
    found = run("--find", PATH=str(tmp_path))

    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")


@pytest.mark.parametrize("arguments", [(), ("--find",)])
@pytest.mark.parametrize("name", ["nothing", "folder", "text"])
def test_a_named_browser_that_is_none_is_an_error(
    tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    program(tmp_path / "chromium")
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("no program")

    found = run(*arguments, PATH=str(tmp_path), CHROMIUM=str(tmp_path / name))

    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        f"CHROMIUM={tmp_path / name}: there is no such program; correct CHROMIUM or unset it.\n"
    )
