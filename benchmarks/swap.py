"""How long a question takes while the knowledge base is rebuilt and swapped, beside at rest.

python -m benchmarks.swap ../shared/bench

A server with the real model, rebuilt by its owner's door in a process of its own, over the first
articles of squad2, one of which changes each time. Another process asks so many questions a second
whether or not those before have come back, and times each from when it was due.
"""

import asyncio
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from benchmarks.sets import load

DOCUMENTS = 100
SWAPS = 5
TOKEN = "benchmark-of-swaps"
_REST = 15.0  # seconds of load without a rebuild
_FREE = {
    f"CITEWELL_LIMITS__{name}__{part}": "1000000"
    for name in ("ASK", "SOURCES")
    for part in ("PER_SECOND", "BURST")
}
_STAMP = re.compile(r"edition (\d+)")


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    rate: Annotated[float, typer.Option(help="Questions a second.")] = 5.0,
) -> None:
    """Print p50 and p99 at rest and during rebuilds, and what failed or was mixed."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    home = Path(tempfile.mkdtemp())
    questions = load(bench, "squad2")
    texts = [document.text for document in questions.documents[:DOCUMENTS]]
    (home / "src").mkdir()
    _write(home, texts, 1)
    asked = home / "questions.json"
    asked.write_text(json.dumps([question.text for question in questions.answerable[:200]]))
    subprocess.run(_citewell("build", home / "src", "--out", home / "kb"), check=True)
    with _server(home) as url:
        rest = _load(url, asked, rate, home / "rest")
        time.sleep(_REST)
        _tell("at rest", _ended(rest, home / "rest"))
        busy = _load(url, asked, rate, home / "busy")
        seconds = [_rebuild(url, home, texts, number) for number in range(2, SWAPS + 2)]
        _tell(f"{SWAPS} rebuilds", _ended(busy, home / "busy"))
    print(f"a rebuild with its swap takes {statistics.median(seconds):.1f} s (median), nice 10")


def _write(home: Path, texts: Sequence[str], edition: int) -> None:
    for number, text in enumerate(texts):
        said = f" This is edition {edition}." if number % 50 == 0 else ""
        (home / "src" / f"{number:03}.md").write_text(f"# Article {number}\n\n{text}{said}\n")


def _citewell(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "qa.cli", *map(str, arguments)]


@contextmanager
def _server(home: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = {**os.environ, **_FREE, "CITEWELL_ADMIN_TOKEN": TOKEN, "OMP_NUM_THREADS": "1"}
    command = _citewell("serve", "--kb", home / "kb", "--port", port)
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as server:
        try:
            while not _ready(url):
                time.sleep(0.5)
            yield url
        finally:
            server.terminate()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def _rebuild(url: str, home: Path, texts: Sequence[str], edition: int) -> float:
    """Seconds from the request to the new generation answering."""
    _write(home, texts, edition)
    started = time.perf_counter()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        assert http.post("/api/admin/rebuild").status_code == 202
        while (told := http.get("/api/admin/rebuild").json())["state"] == "running":
            time.sleep(1)
    assert told["last"]["error"] == "", told
    assert told["generation"] == f"gen-{edition}", told
    return time.perf_counter() - started


def _load(url: str, asked: Path, rate: float, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.swap", "--asks", url, str(asked), str(rate)]
    with out.open("wb") as stream:
        return subprocess.Popen(command, stdout=stream, stdin=subprocess.PIPE)


def _ended(load: "subprocess.Popen[bytes]", out: Path) -> list[dict[str, Any]]:
    load.communicate()  # the end of its input tells it to stop
    return [json.loads(line) for line in out.read_text().splitlines()]


def _tell(name: str, rows: Sequence[dict[str, Any]]) -> None:
    taken = [row["ms"] for row in rows]
    cuts = statistics.quantiles(taken, n=100)
    failed = sum(row["status"] != 200 for row in rows)
    mixed = sum(row["mixed"] for row in rows)
    generations = len({row["generation"] for row in rows})
    print(
        f"{name:12} {len(rows):5} questions  p50 {cuts[49]:7.1f} ms  p99 {cuts[98]:7.1f} ms  "
        f"{failed} failed, {mixed} mixed, {generations} generations"
    )


async def ask_on(url: str, questions: Sequence[str], rate: float) -> None:
    """Ask at that rate until the input ends; a line for each answer."""
    limits = httpx.Limits(max_connections=200)
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
        asks: list[asyncio.Task[None]] = []
        started = time.perf_counter()
        while not ended.done():
            due = started + len(asks) / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            question = questions[len(asks) % len(questions)]
            asks.append(asyncio.create_task(_ask(http, question, due)))
        await asyncio.gather(*asks)


async def _ask(http: httpx.AsyncClient, question: str, due: float) -> None:
    reply = await http.post("/api/ask", json={"question": question})
    milliseconds = 1000 * (time.perf_counter() - due)
    answer = reply.json()
    generation = str(answer.get("generation", ""))
    said = [each["context"] for each in answer.get("citations", ())]
    links = [each["link"] for each in answer.get("citations", ())]
    mixed = any(f"gen-{n}" != generation for n in _STAMP.findall(" ".join(said)))
    mixed = mixed or any(f"g={generation}&" not in link for link in links)
    row = {
        "ms": milliseconds,
        "status": reply.status_code,
        "generation": generation,
        "mixed": mixed,
    }
    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--asks"]:
        given = json.loads(Path(sys.argv[3]).read_text())
        asyncio.run(ask_on(sys.argv[2], given, float(sys.argv[4])))
    else:
        typer.run(main)
