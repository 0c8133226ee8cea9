"""The Chromium of the web tests, opening pages as files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import browser

__all__ = ["browser", "opened"]


class Opened:
    """A page opened from a file, and what it asked for or complained of."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.console: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.goto(file.as_uri())


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """A function that writes HTML to a file and opens it in a fresh browser context."""
    contexts = []

    def start(html: str, **options: object) -> Opened:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        file = tmp_path / "page.html"
        file.write_text(html, "utf-8")
        return Opened(context.new_page(), file)

    yield start
    for context in contexts:
        context.close()
