"""Builders and readers of one knowledge base at the same time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from index.build import build
from index.errors import BuildError
from index.publish import building
from tests.faults.store import ask, built, encoder, sources

ROOT = Path(__file__).parents[2]
READER = """
import sys
from pathlib import Path
from index.knowledge import Knowledge
from tests.faults.store import encoder
kb, count = Path(sys.argv[1]), 0
print("ready", flush=True)
while not (kb.parent / "done").exists():
    knowledge = Knowledge.load(kb, encoder())
    assert not knowledge.degraded, knowledge.degraded
    said = {d.text.split(" at ")[-1] for d in knowledge.documents if d.kind == "faq"}
    assert said == {knowledge.generation.replace("gen-", "") + " o'clock."}, said
    count += 1
print(count)
"""
BUILDER = """
import sys, time
from pathlib import Path
from index.publish import building
with building(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""


@contextmanager
def started(code: str, kb: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that is at work."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(kb)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def test_whoever_reads_while_builds_go_on_finds_a_whole_generation(tmp_path: Path) -> None:
    kb = built(tmp_path)
    with ExitStack() as stack:
        readers = [stack.enter_context(started(READER, kb)) for _ in range(4)]
        for number in range(2, 22):
            build(sources(tmp_path / "sources", number), kb, encoder(), keep=1)
        (tmp_path / "done").touch()
        ends = [(*reader.communicate(timeout=60), reader.returncode) for reader in readers]
    assert [(complaints, code) for _, complaints, code in ends] == [("", 0)] * 4
    assert sum(int(count) for count, _, _ in ends) >= 4


def test_a_second_builder_is_told_of_the_first_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    kb = built(tmp_path)
    sources(tmp_path / "sources", 2)
    with started(BUILDER, kb) as first:
        told = rf"another build is running here \(process {first.pid}\); wait for it"
        with pytest.raises(BuildError, match=told):
            build(tmp_path / "sources", kb, encoder())
        assert "1 o'clock" in ask(kb)["answers"][0]["text"]  # it can be read all the same
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert build(tmp_path / "sources", kb, encoder()).generation == "gen-2"


def test_what_is_held_when_the_lock_is_free_is_nothing(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("999999\n")  # of one that died long ago
    with building(tmp_path):
        assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"
