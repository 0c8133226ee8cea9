"""Whether memory, threads or open files grow with the questions asked.

python -m benchmarks.growth              # all three, each in a process of its own
python -m benchmarks.growth stub --questions 100000
python -m benchmarks.growth real --questions 10000
python -m benchmarks.growth http --questions 6000

`stub` counts words in place of a model, and so does `http`, which asks a server in another process;
`real` has the default model. No two questions are the same. It reads /proc, so it runs on Linux.
"""

import gc
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import httpx
import typer

from index.backends.choice import open_encoder
from index.build import build
from index.encoder import Encoder, Vectors
from index.knowledge import Knowledge
from qa.answerer import Answerer
from tests.faults.store import TOPICS, sources
from tests.keyword_encoder import KeywordEncoder

QUESTIONS = {"stub": 100_000, "real": 10_000, "http": 6_000}
PASSAGES = 200
LOST = 0.05  # the growth that is let pass
_FREE = {f"CITEWELL_LIMITS__ASK__{part}": "1000000" for part in ("PER_SECOND", "BURST")}
_PARTS = 10
_CONNECTION = 100  # questions over one connection
_FORMS = (
    "When does the {} leave from quay {}?",
    "Which {} comes to berth {} in the morning?",
    "Who minds the {} of vessel{} at night?",
)
_SERVER = (
    "from index.backends import choice; from benchmarks.growth import Stub;"
    "choice.open_encoder = lambda *_, **__: Stub();"
    "from qa.cli import main; main()"
)


class Stub(KeywordEncoder):
    """Knows the topics, and keeps nothing of what it was given."""

    def __init__(self) -> None:
        super().__init__(*TOPICS)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        vectors = super().encode_passages(passages)
        self.calls.clear()
        return vectors


@dataclass(frozen=True, slots=True)
class Seen:
    """What a process holds: resident memory in MB, native threads, open files."""

    memory: float
    threads: int
    files: int

    @classmethod
    def of(cls, pid: int) -> "Seen":
        """As Linux tells it."""
        of = Path(f"/proc/{pid}")
        pages = int((of / "statm").read_text().split()[1])
        held = [len(list((of / each).iterdir())) for each in ("task", "fd")]
        return cls(pages * resource.getpagesize() / 2**20, *held)

    def grown(self, first: "Seen") -> str:
        """In what it holds more than at first, or other; empty where in nothing."""
        more = self.memory / first.memory - 1
        told = [f"memory by {more:.1%}"] if more >= LOST else []
        told += [f"threads {first.threads} -> {self.threads}"] * (self.threads != first.threads)
        return ", ".join(
            told + [f"files {first.files} -> {self.files}"] * (self.files != first.files)
        )


Asked = tuple[Callable[[str], object], Callable[[], Seen]]  # how to ask, and to see what is held


def main(
    run: Annotated[str, typer.Argument(help="stub, real or http; all of them if left out.")] = "",
    questions: Annotated[int, typer.Option(help="How many, after the warm-up.")] = 0,
    warm_up: Annotated[int, typer.Option(help="How many before the first figure.")] = 2_000,
) -> None:
    """Print resident memory, threads and files ten times; exit 1 where they grow."""
    if not run:
        command = [sys.executable, "-m", "benchmarks.growth"]
        ended = [subprocess.run([*command, each], check=False).returncode for each in QUESTIONS]
        print("grows" if any(ended) else "OK")
        sys.exit(any(ended))
    print(f"{run}: {platform.platform()}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    runs = {"stub": _in_process, "real": _in_process, "http": _served}
    with tempfile.TemporaryDirectory() as place:
        kb = Path(place) / "kb"
        encoder = open_encoder(prepare=True) if run == "real" else Stub()
        build(sources(Path(place) / "sources", 1, PASSAGES), kb, encoder)
        with runs[run](kb, encoder) as (ask, see):
            grown = watched(ask, see, questions or QUESTIONS[run], warm_up)
    print(f"grows: {grown}" if grown else "OK", flush=True)
    sys.exit(bool(grown))


def watched(
    ask: Callable[[str], object], see: Callable[[], Seen], questions: int, warm_up: int
) -> str:
    """Ask, and print what is seen after each tenth; what has grown since the warm-up."""
    print(f"{'questions':>10}{'MB':>9}{'threads':>9}{'files':>7}{'ms each':>9}")
    first = seen = Seen(1, 0, 0)
    edges = [0, *(warm_up + part * questions // _PARTS for part in range(_PARTS + 1))]
    for number, (start, end) in enumerate(pairwise(edges)):
        started = time.perf_counter()
        for asked in range(start, end):
            ask(question(asked))
        taken = 1000 * (time.perf_counter() - started) / max(1, end - start)
        seen = see()
        first = first if number else seen
        print(
            f"{end - warm_up:10,}{seen.memory:9.1f}{seen.threads:9}{seen.files:7}{taken:9.2f}",
            flush=True,
        )
    print(f"memory {seen.memory / first.memory - 1:+.1%} over {questions:,} questions")
    return seen.grown(first)


def question(number: int) -> str:
    """Each number's own; a third of them can be answered, while there are quays."""
    return _FORMS[number % 3].format(TOPICS[number % len(TOPICS)], number)


@contextmanager
def _in_process(kb: Path, encoder: Encoder) -> Iterator[Asked]:
    def see() -> Seen:
        gc.collect()
        return Seen.of(os.getpid())

    yield Answerer(Knowledge.load(kb, encoder), encoder).answer, see


@contextmanager
def _served(kb: Path, _: Encoder) -> Iterator[Asked]:
    """`citewell serve` with the stub, asked over HTTP; each connection lasts for 100 questions."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVER, "serve", "--kb", str(kb), "--port", str(port)]
    with subprocess.Popen(
        command, env={**os.environ, **_FREE}, stdout=subprocess.DEVNULL
    ) as server:
        client = Client(f"http://127.0.0.1:{port}")
        try:
            client.wait()
            yield client.ask, lambda: client.seen(server.pid)
        finally:
            server.terminate()


class Client:
    """Asks a server; a new connection each hundred questions."""

    def __init__(self, url: str) -> None:
        self._url, self._asked, self._http = url, 0, httpx.Client(base_url=url, timeout=60)

    def wait(self) -> None:
        """Until it is ready."""
        for _ in range(240):
            try:
                if self._http.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.5)
        raise TimeoutError(f"{self._url} is not ready after two minutes")

    def ask(self, question: str) -> None:
        """Raises httpx.HTTPStatusError where it is not answered."""
        self._asked += 1
        if self._asked % _CONNECTION == 0:
            self.away()
        self._http.post("/api/ask", json={"question": question}).raise_for_status()

    def seen(self, pid: int) -> Seen:
        """What the server holds, without this connection."""
        self.away()
        return Seen.of(pid)

    def away(self) -> None:
        """Close the connection, and let the server see that."""
        self._http.close()
        self._http = httpx.Client(base_url=self._url, timeout=60)
        time.sleep(0.2)


if __name__ == "__main__":
    typer.run(main)
