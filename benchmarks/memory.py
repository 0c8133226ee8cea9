"""What processes that serve the same knowledge base hold in memory.

python -m benchmarks.memory ../shared/bench kb [--json FILE]

Each loads it and answers questions of squad2; `resident` counts a file's mapped pages in every
process that touched them, `shared out` gives each its part, so that the sum over processes is what
they hold together. What the system caches of files besides is nobody's, and given back at need.
"""

import multiprocessing
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.machine import memory
from benchmarks.sets import load
from benchmarks.told import conditions, tell
from index import generation
from index.backends.choice import open_encoder
from index.knowledge import Knowledge
from qa.answerer import Answerer

QUESTIONS = 100


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    kb: Annotated[Path, typer.Argument(help="The knowledge base.")],
    processes: Annotated[str, typer.Option(help="How many at once, comma-separated.")] = "1,3",
    report: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Print a row for each number of processes."""
    questions = [q.text for q in load(bench, "squad2").answerable][:QUESTIONS]
    counts = generation.read_manifest(kb).counts
    open_encoder(prepare=True)  # once, not in each process
    rows = [_row(together(kb, questions, count), count) for count in map(int, processes.split(","))]
    where = conditions(questions=len(questions), **counts)
    values = {f"{row['processes']} together": float(row["all together, MB"]) for row in rows}
    bars = [{"title": "Memory of processes that share", "unit": "MB", "values": values}]
    tell("Memory", rows, report, where, bars=bars)


def together(kb: Path, questions: list[str], count: int) -> dict[str, Any]:
    """What so many processes hold once each has answered, while all are there."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as held:
        pipes = []
        for _ in range(count):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, kb, questions))
            process.start()
            held.callback(process.join)
            held.callback(here.send, None)
            pipes.append((here, process.pid))
        encoders = [here.recv() for here, _ in pipes]
        for here, _ in pipes:
            here.recv()  # it has answered
        each = [memory(str(pid)) for _, pid in pipes]
    return {
        "each": each,
        "encoder alone": encoders,
        "all together": round(sum(one["shared out"] for one in each), 1),
    }


def _serve(told: Connection, kb: Path, questions: list[str]) -> None:
    encoder = open_encoder()
    encoder.encode_queries(questions[:1])
    told.send(memory())
    answerer = Answerer(Knowledge.load(kb, encoder), encoder)
    for question in questions:
        answerer.answer(question)
    told.send(None)
    told.recv()  # until all have been looked at


def _row(found: dict[str, Any], count: int) -> dict[str, str | float]:
    most = max(found["each"], key=lambda one: float(one["resident"]))
    return {
        "processes": str(count),
        "resident, each, MB": most["resident"],
        "its own": most["own"],
        "mapped": most["mapped"],
        "its share of all": most["shared out"],
        "all together, MB": found["all together"],
        "the encoder alone": max(one["resident"] for one in found["encoder alone"]),
    }


if __name__ == "__main__":
    typer.run(main)
