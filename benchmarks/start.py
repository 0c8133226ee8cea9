"""How long until Citewell is ready, beside importing and loading plain sentence-transformers.

python -m benchmarks.start

A fresh process each time, the kinds in turn, so that what else the machine does falls on all
alike, and the first of each does not count: `citewell --help`; `ask` alone, and where a server
runs; `serve` until it answers; and a process that imports sentence-transformers and loads the
default model. The knowledge base has passages that a generator writes, with vectors made of their
words' digests, so that building it takes no model; the files and their checking are what they are
with real ones. It is kept in `--folder`, if one is named.
"""

import hashlib
import math
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from benchmarks.told import Row, conditions, tell
from index.build import publish
from index.documents import Block, Document
from index.encoder import Embedded, Encoder, Role, SentenceTransformerEncoder, Vectors, unit
from index.generation import read_manifest
from qa.terminal import progress_bar

# Times of plain sentence-transformers, and seconds for the help.
PROMISED = {"serve, until ready": 1.5}
PROMISED_HELP = 0.3
QUESTION = "When does ferry 7 leave?"
_WAIT = 300  # seconds for a server
_PLAIN = """
from sentence_transformers import SentenceTransformer
SentenceTransformer({!r}, device="cpu")
"""
_WORDS = 5_000


class Taken(NamedTuple):
    """Seconds by the clock, and of processors: those hold on a busy machine too."""

    seconds: float
    cpu: float


class DigestEncoder:
    """Vectors of words' digests, under the name and fingerprint of the real model."""

    def __init__(self, real: Encoder, dim: int = 384) -> None:
        self.name, self.fingerprint = real.name, real.fingerprint
        self._dim = dim
        self._known: dict[str, Vectors] = {}

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self.encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        rows = [self._words(text).mean(axis=0) for text in passages]
        found = np.array(rows, np.float32).reshape(-1, self._dim)
        return unit(found)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`."""
        del role
        vectors = self.encode_passages(texts)
        return [
            Embedded(vector, self._words(text), np.array([m.span() for m in _words(text)]))
            for text, vector in zip(texts, vectors, strict=True)
        ]

    def _words(self, text: str) -> Vectors:
        return np.stack([self._word(match.group().lower()) for match in _words(text)])

    def _word(self, word: str) -> Vectors:
        if word not in self._known:
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
            row = np.random.default_rng(seed).standard_normal(self._dim).astype(np.float32)
            self._known[word] = row / np.linalg.norm(row)
        return self._known[word]


def _words(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\w+", text))


def main(
    passages: Annotated[int, typer.Option(help="How many the knowledge base has.")] = 20_000,
    rounds: Annotated[int, typer.Option(help="Fresh processes of each kind.")] = 3,
    folder: Annotated[Path | None, typer.Option(help="Where to keep what is made.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="A file to write to.")] = None,
) -> None:
    """Print what each takes, and its share of the plain library."""
    encoder = SentenceTransformerEncoder()
    with tempfile.TemporaryDirectory() as own:
        kb = _made(Path(folder or own), passages, encoder)
        took = _measured(kb, encoder.folder, rounds)
        size = sum(path.stat().st_size for path in kb.rglob("*") if path.is_file())
    plain = took["sentence-transformers, loaded"]
    rows = [_row(what, taken, plain) for what, taken in took.items()]
    values = {str(row["what"]): row["CPU s"] for row in rows}
    bars = {"title": "Until ready", "unit": "processor seconds", "values": values}
    where = conditions(passages=passages, megabytes=size // 10**6, rounds=rounds)
    tell("Starting", rows, to, where, bars=[bars])


def _row(what: str, taken: Sequence[Taken], plain: Sequence[Taken]) -> Row:
    both = list(zip(taken, plain, strict=True))
    return {
        "what": what,
        "s": statistics.median(one.seconds for one in taken),
        "over plain": statistics.median(a.seconds / b.seconds for a, b in both),
        "CPU s": statistics.median(one.cpu for one in taken),
        "CPU over plain": statistics.median(a.cpu / b.cpu for a, b in both),
        "promised": _promised(what),
    }


def _promised(what: str) -> str:
    if what == "citewell --help":
        return f"{PROMISED_HELP} s"
    return f"{PROMISED[what]} times" if what in PROMISED else ""


def _measured(kb: Path, model: Path, rounds: int) -> dict[str, list[Taken]]:
    """What was taken of each kind, round by round."""
    ask = ["ask", QUESTION, "--kb", str(kb)]
    kinds: dict[str, Callable[[], Taken]] = {
        "sentence-transformers, loaded": partial(_run, ["-c", _PLAIN.format(str(model))]),
        "citewell --help": partial(_run, ["-m", "qa.cli", "--help"]),
        "ask, alone": partial(_run, ["-m", "qa.cli", *ask, "--no-server"]),
    }
    took: dict[str, list[Taken]] = {
        kind: [] for kind in (*kinds, "serve, until ready", "ask, by a server")
    }
    with progress_bar("Measuring", "rounds") as progress:
        for number in range(rounds + 1):
            progress(number, rounds + 1)
            for kind, work in kinds.items():
                took[kind].append(work())
            with _server(kb) as taken:
                took["serve, until ready"].append(taken)
                took["ask, by a server"].append(_run(["-m", "qa.cli", *ask]))
    # The first has read it all from disk; with no other, it has to do.
    return {kind: times[1:] or times for kind, times in took.items()}


def _run(arguments: Sequence[str]) -> Taken:
    started, before = time.perf_counter(), _of_children()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, capture_output=True, env=_environment())
    return Taken(time.perf_counter() - started, _of_children() - before)


def _of_children() -> float:
    """Processor seconds of those that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _of(process: int) -> float:
    """Those of one that runs; Linux tells them in its table of processes."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    """Modules are compiled once, as where they are installed."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def _server(kb: Path) -> Iterator[Taken]:
    """A server; what it took until it said its address, which it does once it has answered."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "qa.cli", "serve", "--kb", str(kb), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    )
    try:
        assert process.stdout
        if not process.stdout.readline():
            raise SystemExit("the server ended before it was ready")
        yield Taken(time.perf_counter() - started, _of(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_WAIT)


def _made(folder: Path, number: int, real: Encoder) -> Path:
    """The knowledge base of so many passages, made unless it is there."""
    kb = folder / f"kb-{number}"
    if not (kb / "CURRENT").exists() or read_manifest(kb).fingerprint != real.fingerprint:
        with progress_bar("Making the knowledge base") as progress:
            encoder = DigestEncoder(real)
            publish(_documents(number), kb, encoder, sources="generated", progress=progress)
    return kb


def _documents(number: int) -> list[Document]:
    """Articles of one passage, each of five sentences of some words: as long as squad2's."""
    chosen = np.random.default_rng(0)
    documents = []
    for n in range(number):
        sentences = (
            f"The {' '.join(f'word{w}' for w in words)} of {n} is number {n + k}."
            for k, words in enumerate(chosen.zipf(1.3, (5, 16)) % _WORDS)
        )
        text = " ".join(sentences)
        blocks = (Block("paragraph", 0, len(text)),)
        documents.append(Document(f"d{n}", "article", f"Ferry {n}", text, "generated", blocks))
    return documents


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    typer.run(main)
