"""What processes that serve the same knowledge base hold in memory.

python -m benchmarks.memory ../shared/bench kb [--json FILE]

Each loads it and answers questions of squad2; `resident` counts a file's mapped pages in every
process that touched them, `shared out` gives each its part, so that the sum over processes is what
they hold together. What the system caches of files besides is nobody's, and given back at need.
"""

import json
import multiprocessing
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.machine import described, memory
from benchmarks.sets import load
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
    machine = described(f"memory KB --processes {processes}")
    print(f"{machine}\n{counts}, {len(questions)} questions each, MB\n{_HEAD}")
    open_encoder(prepare=True)  # once, not in each process
    rows = []
    for count in map(int, processes.split(",")):
        rows.append({"processes": count, **together(kb, questions, count)})
        print(_line(rows[-1]), flush=True)
    if report:
        record = {"machine": machine, "counts": counts, "rows": rows}
        report.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


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


_HEAD = (
    f"{'processes':>10}{'resident':>10}{'own':>8}{'mapped':>8}{'shared out':>12}"
    f"{'| encoder alone':>17}{'| all together':>16}"
)


def _line(row: dict[str, Any]) -> str:
    most = max(row["each"], key=lambda one: one["resident"])
    alone = max(one["resident"] for one in row["encoder alone"])
    return (
        f"{row['processes']:10}{most['resident']:10,.0f}{most['own']:8,.0f}{most['mapped']:8,.0f}"
        f"{most['shared out']:12,.0f}{alone:17,.0f}{row['all together']:16,.0f}"
    )


if __name__ == "__main__":
    typer.run(main)
