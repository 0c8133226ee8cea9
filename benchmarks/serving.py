"""How long a question takes over HTTP, beside the bare engine and Gradio's own endpoint.

python -m benchmarks.serving ../shared/bench

One process, one question at a time, each asked in every way in a shuffled order, over the
squad2 paragraphs; then type-ahead over 5,000 questions of squad2.
"""

import json
import os
import platform
import random
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from benchmarks.sets import load, records
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from qa.answer import Suggestion
from qa.answerer import Answerer
from qa.filters import Filters
from qa.journal import Journal
from qa.question import cleaned
from qa.suggestions import TypeAhead
from qa.web.limits import Limits, Rate

QUESTIONS = 200
ENTRIES = 5_000
_WARM_UP = 10
_FREE = Rate(1e6, 1_000_000)
_UNLIMITED = Limits(ask=_FREE, suggest=_FREE, feedback=_FREE, sources=_FREE)
_HALF = "half"  # a publisher of every second document


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print all of them."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    _serve(bench)
    _suggest(bench)


def _serve(bench: Path) -> None:
    answerer, texts = _answerer(bench)
    with site(_ours(answerer)) as ours, site(_gradio(answerer)) as theirs, httpx.Client() as http:
        ways: dict[str, Callable[[str], object]] = {
            "bare engine": answerer.answer,
            "POST /api/ask": partial(_ask, http, ours),
            "Gradio's endpoint": partial(_call, http, theirs),
            "bare engine, filtered": partial(answerer.answer, filters=Filters(publisher=(_HALF,))),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        order, shuffled = list(ways), random.Random(0)
        for number, text in enumerate(texts):
            shuffled.shuffle(order)  # whoever comes first finds a question's caches cold
            for name in order:
                milliseconds = _milliseconds(partial(ways[name], text))
                if number >= _WARM_UP:
                    taken[name].append(milliseconds)
    passages = len(answerer.knowledge.passages)
    print(f"{len(texts) - _WARM_UP} questions over {passages:,} passages, in a shuffled order")
    for name, times in taken.items():
        _print_row(name, times)


def _answerer(bench: Path) -> tuple[Answerer, list[str]]:
    encoder = open_encoder(prepare=True)
    questions = load(bench, "squad2")
    documents = [
        replace(document, publisher=_HALF if number % 2 else "")
        for number, document in enumerate(questions.documents)
    ]
    knowledge, _ = assemble(documents, RememberingEncoder(encoder))
    texts = [question.text for question in questions.answerable[: QUESTIONS + _WARM_UP]]
    answerer = Answerer(knowledge, encoder)
    answerer.warm_up()  # the model is read at the first question
    return answerer, texts


def _ours(answerer: Answerer) -> Any:
    from qa.web.api import create_app

    journal = Journal(Path(tempfile.mkdtemp()) / "journal.sqlite3")
    return create_app(answerer, journal, limits=_UNLIMITED)


def _gradio(answerer: Answerer) -> Any:
    """A bare gr.Interface over the same engine."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    from fastapi import FastAPI

    def answer(question: str) -> dict[str, Any]:
        return answerer.answer(question).to_dict()

    page = gr.Interface(answer, "text", "json", api_name="answer", flagging_mode="never")
    return gr.mount_gradio_app(FastAPI(), page, path="")


@contextmanager
def site(app: Any) -> Iterator[str]:
    """The address of `app`, served from a thread, without Nagle's wait as `citewell serve` does."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def _ask(http: httpx.Client, url: str, question: str) -> None:
    reply = http.post(f"{url}/api/ask", json={"question": question})
    assert reply.json()["question"] == cleaned(question), reply.text


def _call(http: httpx.Client, url: str, question: str) -> None:
    """As Gradio documents it: a call, then its result as a stream of events."""
    call = f"{url}/gradio_api/call/answer"
    event = http.post(call, json={"data": [question]}).json()["event_id"]
    with http.stream("GET", f"{call}/{event}") as reply:
        lines = [line for line in reply.iter_lines() if line.startswith("data: ")]
    assert json.loads(lines[-1].removeprefix("data: "))[0]["question"] == cleaned(question), lines


def _suggest(bench: Path) -> None:
    """Every beginning of 200 questions, each second one with a letter left out."""
    asked = [r["text"] for r in records(bench / "squad2" / "queries.jsonl")][:ENTRIES]
    type_ahead = TypeAhead(Suggestion(text, str(n)) for n, text in enumerate(asked))
    typed = [
        text[:end] if end % 2 else text[: end // 2] + text[end // 2 + 1 : end]
        for text in asked[:: ENTRIES // QUESTIONS]
        for end in range(1, len(text), 5)
    ]
    times = [_milliseconds(partial(type_ahead.suggest, text, 8)) for text in typed]
    print(f"\ntype-ahead over {len(asked):,} questions, {len(typed):,} beginnings of {QUESTIONS}")
    _print_row("suggest", times)
    print(f"{'':22} greatest {max(times):.2f} ms")


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _print_row(name: str, taken: Sequence[float]) -> None:
    high = statistics.quantiles(taken, n=20)[-1]
    print(f"{name:22} p50 {statistics.median(taken):8.2f} ms   p95 {high:8.2f} ms")


if __name__ == "__main__":
    typer.run(main)
