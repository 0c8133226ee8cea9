"""A disk that fills at any byte of a build: what serves goes on, the exit code tells, no rest."""

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

import index.build
from index.errors import KnowledgeBaseError
from index.lexical import LexicalStore
from index.readers import read_folder
from tests.faults.forks import forked
from tests.faults.full_disk import built_under, limited, prepared, sizes
from tests.faults.store import ask, built, sources

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("full"))


@pytest.mark.parametrize("fresh", [True, False], ids=["first build", "rebuild"])
def test_a_full_disk_leaves_what_serves(
    place: Path, pool: ProcessPoolExecutor, fresh: bool
) -> None:
    before, limits = ask(place / "kb"), sizes(place / "kb")
    assert len(limits) >= 20

    halves = [limits[::2], limits[1::2]]
    ends = [*chain.from_iterable(pool.map(partial(limited, place, fresh), halves))]

    assert [each for each in ends if not each.refused] == []
    if fresh:
        assert all(each.served.said.startswith("KnowledgeBaseMissing: ") for each in ends)
    else:
        assert [each.served.said for each in ends if each.served.said != before] == []
    # Not even what was written so far is left, when the next build has not come yet.
    assert [each for each in ends if not each.whole] == []


@pytest.mark.parametrize("missing", [1, 4, 3000])
def test_a_last_block_that_does_not_reach_the_disk_is_told(tmp_path: Path, missing: int) -> None:
    store = LexicalStore([f"word{i} of all" for i in range(3000)])
    store.save(tmp_path / "whole")
    lengths = {path.name: path.stat().st_size for path in (tmp_path / "whole").iterdir()}
    assert lengths["postings.arrays"] == max(lengths.values())

    def save() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            store.save(tmp_path / "cut")
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, str(error))
        return "saved"

    limit = {resource.RLIMIT_FSIZE: lengths["postings.arrays"] - missing}
    assert forked(save, limit).said == "EFBIG"


def test_the_command_says_so_and_exits(place: Path) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000));"
        "from index.backends import choice; from tests.faults.store import encoder;"
        "choice.open_encoder = lambda *_, **__: encoder();"
        "from qa.cli import main; main()"
    )
    command = ["build", str(place / "sources"), "--out", str(place / "kb")]
    ran = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == (
        f"citewell: {place / 'kb'}: cannot be written (File too large); "
        "mend that or choose another place with --out\n"
    )
    assert "1 o'clock" in ask(place / "kb")["answers"][0]["text"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_a_folder_that_is_not_ours_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to others
        place = Path(folder)
        built(place)
        sources(place / "sources", 2)

        def as_nobody() -> list[str]:
            os.setgid(65534)
            os.setuid(65534)
            # Nobody may not start our Python, which may stand in a home of root's.
            vars(index.build)["read_folder_apart"] = read_folder
            return [loaded(place / "kb"), built_under(place / "kb")]

        closed = forked(as_nobody).said[0]
        place.chmod(0o755)
        read, told = forked(as_nobody).said
    assert f"{place / 'kb' / 'CURRENT'}: cannot be read: " in closed
    assert "Permission denied" in closed
    assert read == "gen-1"
    assert told.startswith(
        f"{place / 'kb'}: cannot be written (Permission denied); mend that or choose another "
    )


def loaded(kb: Path) -> str:
    try:
        return str(ask(kb)["generation"])
    except KnowledgeBaseError as error:
        return str(error)
