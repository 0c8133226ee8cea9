"""`citewell serve` under load: how many questions a second it answers, how long each waits.

python -m benchmarks.load ../shared/bench

The server is a process of its own over the paragraphs of squad2, the load another; no question is
asked twice, and no answer kept. Closed loop: so many clients, each asking its next question when it
has its answer, one and many in turn, several rounds. Open loop: so many questions a second, whether
or not those before have come back, each timed from when it was due, so that a stall counts. What
the server takes of a core for an answer holds on a machine that does other work too.
"""

import json
import os
import queue
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from benchmarks.sets import load, records
from benchmarks.told import conditions, tell
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import publish

ROUNDS = 3
PROMISED = 3  # times the questions of one client
_READERS = 64  # at a time at most in the open loop; more wait, and their wait counts
_FREE = {
    f"CITEWELL_LIMITS__ASK__{part}": "1000000"
    for part in ("PER_SECOND", "BURST")
}  # fmt: skip


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    clients: Annotated[int, typer.Option(help="How many, beside one.")] = 16,
    seconds: Annotated[float, typer.Option(help="Of each round, and of each rate.")] = 10.0,
    rates: Annotated[str, typer.Option(help="Questions a second, comma-separated.")] = "5,10,20",
    workers: Annotated[int, typer.Option(help="Questions answered at a time.")] = 2,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write JSON there.")] = None,
) -> None:
    """Print a table of both loops."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, _server(bench, Path(folder), workers) as server:
        texts = _Texts(bench, Path(folder) / "questions.json")
        for _ in range(ROUNDS):
            rows += [texts.ask(server, "closed", number, seconds) for number in (1, clients)]
        rows += [texts.ask(server, "open", float(rate), seconds) for rate in rates.split(",")]
    where = conditions(workers=workers, seconds=seconds, rounds=ROUNDS)
    closed = {number: _joined(rows, number) for number in (1, clients)}
    one, many = (_per_second(row) for row in closed.values())
    told = [
        _told(f"{number} at a time", row, _per_second(row) / one) for number, row in closed.items()
    ]
    told += [_told(f"{row['number']:g} a second", row) for row in rows if row["loop"] == "open"]
    told[1]["promised"] = PROMISED
    values = {"1 client": one, f"{clients} clients": many}
    bars = [{"title": "Questions a second", "unit": "1/s", "values": values}]
    tell("Serving", told, as_json, where, bars=bars, raw=rows)


class _Texts:
    """Questions, and the process that asks them; those that were asked are not asked again."""

    def __init__(self, bench: Path, out: Path) -> None:
        asked = [record["text"] for record in records(bench / "squad2" / "queries.jsonl")]
        texts = list(dict.fromkeys(asked))
        random.Random(0).shuffle(texts)
        out.write_text(json.dumps(texts))
        self._path, self._left, self._at = out, len(texts), 0

    def ask(self, server: "_Server", loop: str, number: float, seconds: float) -> dict[str, Any]:
        """The loop's name and number with milliseconds of each answer, and how many failed."""
        arguments = [server.url, self._path, self._at, loop, number, seconds]
        command = [sys.executable, "-m", "benchmarks.load", "--asks", *map(str, arguments)]
        before = server.cpu()
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found: dict[str, Any] = json.loads(told)
        found["cpu_s"] = server.cpu() - before
        self._at += found.pop("asked")
        assert self._at < self._left, (
            "more was answered than there are questions; take fewer seconds"
        )
        return {"loop": loop, "number": number, **found}


@dataclass(frozen=True, slots=True)
class _Server:
    url: str
    process: int

    def cpu(self) -> float:
        """Seconds of a processor it has taken so far; 0 where the system does not tell."""
        try:
            told = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server(bench: Path, home: Path, workers: int) -> Iterator[_Server]:
    encoder = RememberingEncoder(open_encoder(prepare=True))
    publish(load(bench, "squad2").documents, home / "kb", encoder, sources="")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    more = {"CITEWELL_ANSWER_CACHE": "0", "CITEWELL_LIMITS__WORKERS": str(workers)}
    command = [sys.executable, "-m", "qa.cli", "serve", "--kb", str(home / "kb")]
    with subprocess.Popen(
        [*command, "--port", str(port)],
        env={**os.environ, **_FREE, **more},
        stdout=subprocess.PIPE,
    ) as server:
        try:
            assert server.stdout
            assert server.stdout.readline(), "the server did not start"
            yield _Server(f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()


def _joined(rows: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    """All rounds of a closed loop as one."""
    mine = [row for row in rows if (row["loop"], row["number"]) == ("closed", number)]
    return {
        "ms": [one for row in mine for one in row["ms"]],
        "failed": sum(row["failed"] for row in mine),
        "seconds": sum(row["seconds"] for row in mine),
        "cpu_s": sum(row["cpu_s"] for row in mine),
    }


def _per_second(row: dict[str, Any]) -> float:
    return len(row["ms"]) / float(row["seconds"])


def _told(name: str, row: dict[str, Any], times: float | str = "") -> dict[str, str | float]:
    cuts = statistics.quantiles(row["ms"], n=100)
    return {
        "clients": name,
        "answers/s": _per_second(row),
        "over one": times,
        "promised": "",
        "p50 ms": cuts[49],
        "p95 ms": cuts[94],
        "p99 ms": cuts[98],
        "failed": str(row["failed"]),
        "ms of a core each": 1000 * row["cpu_s"] / len(row["ms"]),
    }


class _Load:
    """What asks, and what came of it."""

    def __init__(self, url: str, texts: Sequence[str]) -> None:
        self._place = urlsplit(url).netloc
        self._texts = iter(texts)
        self._taking = threading.Lock()
        self.asked = self.failed = 0
        self.ms: list[float] = []

    def closed(self, clients: int, seconds: float) -> None:
        """Every client asks until the time is up."""
        until = time.perf_counter() + seconds

        def ask() -> None:
            http = HTTPConnection(self._place, timeout=60)
            while (now := time.perf_counter()) < until:
                self._ask(http, now)

        _together([threading.Thread(target=ask) for _ in range(clients)])

    def open(self, rate: float, seconds: float) -> None:
        """Questions fall due at even steps, whatever comes of them."""
        due: queue.Queue[float | None] = queue.Queue()

        def ask() -> None:
            http = HTTPConnection(self._place, timeout=60)
            while (at := due.get()) is not None:
                self._ask(http, at)

        def schedule() -> None:
            started = time.perf_counter()
            for number in range(int(rate * seconds)):
                at = started + number / rate
                time.sleep(max(0.0, at - time.perf_counter()))
                due.put(at)
            for _ in range(_READERS):
                due.put(None)

        readers = [threading.Thread(target=ask) for _ in range(_READERS)]
        _together([threading.Thread(target=schedule), *readers])

    def _ask(self, http: HTTPConnection, since: float) -> None:
        with self._taking:
            text = next(self._texts)
            self.asked += 1
        body = json.dumps({"question": text})
        try:
            http.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
            reply = http.getresponse()
            reply.read()
            good = reply.status == 200
        except (OSError, HTTPException):
            http.close()
            good = False
        with self._taking:
            self.failed += not good
            if good:
                self.ms.append(1000 * (time.perf_counter() - since))


def _together(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _asks(url: str, path: str, at: str, loop: str, number: str, seconds: str) -> None:
    """Ask, and print what came of it: what the process of the load does."""
    load = _Load(url, json.loads(Path(path).read_text())[int(at) :])
    started = time.perf_counter()
    if loop == "closed":
        load.closed(int(float(number)), float(seconds))
    else:
        load.open(float(number), float(seconds))
    took = time.perf_counter() - started
    told = {"ms": load.ms, "failed": load.failed, "asked": load.asked, "seconds": took}
    print(json.dumps(told))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--asks"]:
        _asks(*sys.argv[2:])
    else:
        typer.run(main)
