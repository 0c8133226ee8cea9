"""Citewell beside other systems that find passages: same model, data and machine, in one run.

python -m benchmarks.peers ../shared/bench

Each peer is installed at the version below into an environment of its own in a cache folder, which
sees this environment's torch and transformers; the second run finds them there. The systems run as
processes and take turns, for building as for each question, so that what else the machine does
falls on all alike. A question is timed end to end: theirs to the fused list of passages, ours to
the answer with its quotes. Our build also encodes every sentence, and publishes to disk.
"""

import json
import statistics
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.sets import QuestionSet, load
from benchmarks.told import Row, conditions, tell
from index.default_model import DEFAULT_MODEL
from index.model_files import model_folder
from index.user_cache import cache
from qa.terminal import progress_bar

OURS = "citewell"
PEERS: Mapping[str, tuple[str, ...]] = {
    "txtai": ("txtai==9.14.0",),
    "haystack": ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
    "llamaindex": (
        "llama-index-core==0.14.0",
        "llama-index-retrievers-bm25==0.8.0",
        "llama-index-embeddings-huggingface==0.8.0",
    ),
}
PROMISED = 5  # times the best peer's p50
_WARM_UP = 3  # questions that are not counted
_ROOT = Path(__file__).parents[1]


class Process:
    """A system in its process."""

    def __init__(self, name: str, python: Path, model: Path) -> None:
        self.name = name
        self.loaded = 0.0
        self.peak = 0.0
        self._process = subprocess.Popen(
            [str(python), "-m", "benchmarks.peer", name, str(model)],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def ready(self) -> None:
        """Wait until its model is loaded."""
        self.loaded = self._read()["s"]

    def do(self, **what: Any) -> tuple[float, list[str]]:
        """Seconds, and the ids that it found."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        told = self._read()
        self.peak = told["peak_mb"]
        return told["s"], told["found"]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended before its answer; run benchmarks.peer to see why")
        told: dict[str, Any] = json.loads(line)
        return told


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    passages: Annotated[int, typer.Option(help="How many passages of squad2.")] = 200,
    questions: Annotated[int, typer.Option(help="How many questions.")] = 60,
    without: Annotated[list[str] | None, typer.Option(help="A peer to leave out.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where the environments are kept.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="A file to write to.")] = None,
) -> None:
    """Print a row for each system."""
    pythons = {
        name: installed(name, folder or cache() / "peers")
        for name in PEERS
        if name not in (without or ())
    }
    pythons[OURS] = Path(sys.executable)
    given = load(bench, "squad2")
    taken = [(one.id, one.text) for one in given.documents[:passages]]
    asked = _asked(given, {id_ for id_, _ in taken}, questions)
    with ExitStack() as ended:
        systems = [Process(*one, model_folder(DEFAULT_MODEL)) for one in pythons.items()]
        for system in systems:
            ended.callback(system.close)
        rows = _measured(systems, taken, asked)
    where = conditions(passages=len(taken), questions=len(asked), versions=_versions(pythons))
    p50 = {str(row["system"]): row["question p50 ms"] for row in rows}
    bars = [
        {"title": "A question, end to end", "unit": "ms (p50)", "values": p50},
        {"title": "Building", "unit": "passages/s",
         "values": {str(row["system"]): row["build passages/s"] for row in rows}},
        {"title": "Memory at most", "unit": "MB",
         "values": {str(row["system"]): row["peak MB"] for row in rows}},
    ]  # fmt: skip
    tell("Beside others", rows, to, where, bars=bars)
    best = min((v for name, v in p50.items() if name != OURS), default=0.0)
    print(f"\nbest peer over ours: {float(best) / float(p50[OURS]):.1f} (promised: {PROMISED})")


def installed(name: str, folder: Path) -> Path:
    """The Python of an environment that has this peer, made where it is not there yet."""
    own = folder / f"{name}-{'-'.join(one.split('==')[1] for one in PEERS[name])}"
    python = own / "bin" / "python"
    if (own / "installed").exists():
        return python
    print(f"installing {', '.join(PEERS[name])}", file=sys.stderr)
    venv.create(own, with_pip=True, clear=True)
    # Behind the environment's own packages come those that run this.
    (site,) = own.glob("lib/python*/site-packages")
    shared = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "shared.pth").write_text(f"{shared}\n", "utf-8")
    subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS[name]], check=True)
    (own / "installed").touch()
    return python


def _asked(given: QuestionSet, ids: set[str], number: int) -> list[tuple[str, frozenset[str]]]:
    """Questions whose answer stands in these passages."""
    held = [(q.text, q.relevant) for q in given.answerable if q.relevant & ids]
    return held[: number + _WARM_UP]


def _measured(
    systems: Sequence[Process],
    passages: Sequence[tuple[str, str]],
    asked: Sequence[tuple[str, frozenset[str]]],
) -> list[Row]:
    built: dict[str, float] = {}
    took: dict[str, list[float]] = {system.name: [] for system in systems}
    hits = dict.fromkeys(took, 0)
    with progress_bar("Asking", "questions") as progress:
        for system in systems:
            system.ready()
        for system in systems:
            built[system.name], _ = system.do(build=passages)
        for number, (question, relevant) in enumerate(asked):
            progress(number, len(asked))
            for system in systems:
                seconds, found = system.do(ask=question)
                took[system.name].append(seconds)
                hits[system.name] += bool(relevant & {*found[:1]})
    rows: list[Row] = []
    for system in systems:
        times = sorted(took[system.name][_WARM_UP:])
        rows.append(
            {
                "system": system.name,
                "load s": system.loaded,
                "build passages/s": len(passages) / built[system.name],
                "question p50 ms": 1000 * statistics.median(times),
                "p95 ms": 1000 * times[int(0.95 * len(times))],
                "hit@1": hits[system.name] / len(asked),
                "peak MB": system.peak,
            }
        )
    return rows


def _versions(pythons: Mapping[str, Path]) -> str:
    return " ".join(one for name in pythons if name != OURS for one in PEERS[name])


if __name__ == "__main__":
    typer.run(main)
