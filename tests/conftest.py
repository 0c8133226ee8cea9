"""What several stories need: the command line in this process, the seeds' knowledge base."""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

import qa
from index.backends.choice import open_encoder
from index.build import build
from index.encoder import Encoder
from qa.cli import main
from tests.faults.forks import workers
from tests.keyword_encoder import KeywordEncoder

settings.register_profile("untimed", deadline=None)  # no test depends on how busy the machine is
settings.load_profile("untimed")

SEEDS = Path(__file__).parents[1] / "seeds"


class Ran(NamedTuple):
    """What a command left: its exit code and all that it printed."""

    code: int
    out: str
    err: str


Citewell = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is exported of the model goes here, for all workers; not to the user's own cache."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def default_encoder(cache: Path) -> Encoder:
    """The default model, exported by whichever worker comes first."""
    cache.mkdir(exist_ok=True)
    with (cache / "exporting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return open_encoder(prepare=True)


@pytest.fixture
def citewell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Citewell:
    """Runs `citewell` with these arguments, in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["citewell", *map(str, arguments)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        assert isinstance(code, int)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def keyword_model(monkeypatch: pytest.MonkeyPatch) -> KeywordEncoder:
    """Stands in for the real model on the command line, whichever is asked for."""
    encoder = KeywordEncoder("ferry", "boat", "tide", "fog", "gull")
    monkeypatch.setattr("index.backends.choice.open_encoder", lambda *_, **__: encoder)
    return encoder


@pytest.fixture(scope="session")
def seeds_kb(tmp_path_factory: pytest.TempPathFactory, default_encoder: Encoder) -> Path:
    """The seeds' knowledge base, built with the real model once."""
    kb = tmp_path_factory.mktemp("seeds") / "kb"
    build(SEEDS, kb, default_encoder)
    return kb


@pytest.fixture(scope="session")
def seeds_answerer(seeds_kb: Path) -> qa.Answerer:
    """Answers from the seeds with the real model."""
    return qa.load(seeds_kb)


@pytest.fixture(scope="session")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Two processes for what may crash, started once."""
    with workers() as processes:
        yield processes
