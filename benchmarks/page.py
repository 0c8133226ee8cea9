"""What the chat page costs a browser, beside a bare gr.ChatInterface over the same engine.

python -m benchmarks.page [KB]

Real Chromium, an empty cache for every visit, both pages served from this process on this machine,
visits in turn. Usable: a question can be typed and the button pressed. Answered: from pressing the
button until the answer stands there. Name a Chromium in CHROMIUM where none is found.
"""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from playwright.sync_api import Browser, CDPSession, sync_playwright

import qa
from benchmarks.serving import site
from qa.answerer import Answerer
from qa.journal import Journal

VISITS = 7
QUESTION = "How long is the DMZ?"
_INSTALLER = Path(__file__).parents[1] / "tests" / "install_chromium.sh"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WAIT = 20_000  # milliseconds


@dataclass
class Seen:
    """One visit: times in milliseconds, `received` in bytes as they came over the wire."""

    usable: float = 0.0
    answered: float = 0.0
    requests: int = 0
    received: int = 0
    hosts: set[str] = field(default_factory=set)
    broken: int = 0


def main(kb: Annotated[Path, typer.Argument(help="A knowledge base.")] = Path("kb")) -> None:
    """Print both as a table."""
    answerer = qa.load(kb)
    answerer.answer(QUESTION)  # the model is read at the first question
    with site(_ours(answerer)) as ours, site(_bare(answerer)) as bare, _chromium() as browser:
        ways = {
            "Citewell": (ours, ".cw-answer"),
            "bare gr.ChatInterface": (bare, ".bot.message:not(.pending)"),
        }
        seen: dict[str, list[Seen]] = {name: [] for name in ways}
        for url, answer in ways.values():
            _visit(browser, url, answer)  # the server's own caches
        for _ in range(VISITS):
            for name, (url, answer) in ways.items():
                seen[name].append(_visit(browser, url, answer))
        _print_table(seen, browser.version)


def _ours(answerer: Answerer) -> Any:
    from qa.web.api import create_app

    return create_app(answerer, Journal(Path(tempfile.mkdtemp()) / "journal.sqlite3"))


def _bare(answerer: Answerer) -> Any:
    """As Gradio's guide has it: a function from a message to its reply."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    from fastapi import FastAPI

    def reply(message: str, _history: list[Any]) -> str:
        return answerer.answer(message).text or "The sources don't say."

    return gr.mount_gradio_app(FastAPI(), gr.ChatInterface(reply), path="")


@contextmanager
def _chromium() -> Iterator[Browser]:
    found = subprocess.run(
        ["sh", _INSTALLER, "--find"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


def _visit(browser: Browser, url: str, answer: str) -> Seen:
    """A visit with nothing remembered: open the page, ask, wait for the answer."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(_WAIT)
    seen, network = Seen(), context.new_cdp_session(page)
    _count(network, seen)
    page.on("console", lambda line: _judge(line.text, seen))
    started = time.perf_counter()
    page.goto(f"{url}/", wait_until="commit")
    box = page.locator("textarea")
    box.wait_for()
    page.locator("button:visible").last.wait_for()
    seen.usable = 1000 * (time.perf_counter() - started)
    page.wait_for_timeout(1_000)  # what it loads after that counts as well
    requests, received = seen.requests, seen.received
    box.fill(QUESTION)
    asked = time.perf_counter()
    box.press("Enter")
    page.locator(answer).first.wait_for()
    seen.answered = 1000 * (time.perf_counter() - asked)
    seen.requests, seen.received = requests, received  # of opening alone
    context.close()
    return seen


def _count(network: CDPSession, seen: Seen) -> None:
    def sent(event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if address.startswith("http"):
            seen.requests += 1
            seen.hosts.add(str(urlsplit(address).hostname))

    def came(event: dict[str, Any]) -> None:
        seen.received += int(event["encodedDataLength"])

    network.send("Network.enable")
    network.on("Network.requestWillBeSent", sent)
    network.on("Network.loadingFinished", came)


def _judge(line: str, seen: Seen) -> None:
    seen.broken += "Content Security Policy" in line or "Refused to" in line


def _print_table(seen: dict[str, list[Seen]], version: str) -> None:
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Chromium {version}, {VISITS} visits each, "
        f"medians\n"
    )
    print(f"{'':22} requests        KB  usable ms  answered ms  other hosts  policy broken")
    for name, visits in seen.items():
        requests = statistics.median(one.requests for one in visits)
        received = statistics.median(one.received for one in visits) / 1000
        usable = statistics.median(one.usable for one in visits)
        answered = statistics.median(one.answered for one in visits)
        abroad = {host for one in visits for host in one.hosts} - {"127.0.0.1"}
        broken = sum(one.broken for one in visits)
        print(
            f"{name:22} {requests:8.0f} {received:9.1f} {usable:10.0f} {answered:12.0f} "
            f"{len(abroad):12} {broken:14}"
        )


if __name__ == "__main__":
    typer.run(main)
