"""A real Chromium, and servers in a thread for it to visit."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from qa.journal import Journal
from qa.web.api import create_app
from qa.web.engine import Engine

INSTALLER = Path(__file__).parents[1] / "install_chromium.sh"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A served application: where it is, and the journal that it writes."""

    url: str
    journal: Journal


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of `app`, served from a thread on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Engine], Site]]:
    """A function that serves an engine with a journal of its own until the module ends."""
    with ExitStack() as open_sites:

        def serve_engine(engine: Engine) -> Site:
            journal = Journal(tmp_path_factory.mktemp("site") / "journal.sqlite3")
            url = open_sites.enter_context(serving(create_app(engine, journal)))
            return Site(url, journal)

        yield serve_engine


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, in CI it fails, as it does on a wrong CHROMIUM."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


def _chromium() -> str:
    asked = subprocess.run(["sh", INSTALLER, "--find"], capture_output=True, text=True)
    if asked.returncode == 0:
        return asked.stdout.strip()
    if asked.stderr:
        pytest.fail(asked.stderr.strip())
    reason = "no Chromium here; install one or name it in the environment variable CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Visit:
    """A page in the browser, and whatever it did that it should not."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.console: list[str] = []
        self.abroad: list[str] = []
        self.dialogs: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self._leaves(request.url))

    def _leaves(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:", "blob:")):
            self.abroad.append(url)

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, path: str = "/") -> "Visit":
        """Go there and wait for the question box. Gradio's network is never idle."""
        self.page.goto(self.site.url + path)
        self.page.get_by_label("Your question").wait_for()
        return self

    def ask(self, question: str) -> None:
        """Type a question, press Ask, wait for the answer to show."""
        answers = self.page.locator(".cw-answer")
        before = answers.count()
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        answers.nth(before).wait_for()

    @property
    def violations(self) -> list[str]:
        """What the console says of broken policies and errors."""
        signs = ("Content Security Policy", "Refused to", "Error", "violates")
        return [line for line in self.console if any(sign in line for sign in signs)]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A function that opens a fresh browser context on a site."""
    contexts = []

    def start(site: Site, **options: object) -> Visit:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        expect.set_options(timeout=15_000)  # on a busy machine the page itself takes some seconds
        contexts.append(context)
        return Visit(context.new_page(), site)

    yield start
    for context in contexts:
        context.close()
