"""A visitor of a host page with the widget on it, in a real Chromium."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page

from .conftest import serving
from .widget_sites import Recorded, host_app


@dataclass
class Sites:
    """Both servers: where they are, and what the API was sent."""

    api: str
    host: str
    recorded: Recorded


@contextmanager
def widget_sites() -> Iterator[Sites]:
    """An API and a host of another origin, served until the end of the block."""
    recorded = Recorded()
    with serving(recorded.app()) as api, serving(host_app(api)) as host:
        yield Sites(api, host, recorded)


class Guest:
    """A visitor of the host page, and what happened there that should not."""

    def __init__(self, page: Page, sites: Sites) -> None:
        self.page = page
        self.sites = sites
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def arrive(self, kind: str = "plain", **settings: str) -> "Guest":
        """Go to the host page and wait until the widget is there."""
        self.page.goto(f"{self.sites.host}/{kind}?{urlencode(settings)}")
        self.page.wait_for_function("window.early === 'citewell:ready'")
        return self

    def open(self, kind: str = "plain", **settings: str) -> "Guest":
        """Arrive and press the launcher."""
        self.arrive(kind, **settings)
        self.launcher.click()
        return self

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, wait for what comes back."""
        self.box.fill(question)
        self.box.press("Enter")
        turn = self.widget.locator(".turn").last
        turn.locator(".answer .say, .answer .framed").first.wait_for()
        return turn

    @property
    def widget(self) -> Locator:
        """The element; Playwright's CSS looks through its open shadow."""
        return self.page.locator("citewell-widget")

    @property
    def launcher(self) -> Locator:
        """The button in the corner."""
        return self.widget.locator(".launcher")

    @property
    def panel(self) -> Locator:
        """The dialog, or the panel in the page."""
        return self.widget.locator(".panel")

    @property
    def box(self) -> Locator:
        """Where the question is typed."""
        return self.widget.get_by_role("combobox")

    def button(self, name: str) -> Locator:
        """The button of that exact name."""
        return self.widget.get_by_role("button", name=name, exact=True)

    @property
    def focused(self) -> str:
        """What has the focus, inside of the widget if it is there."""
        text: str = self.page.evaluate(
            """() => { const outer = document.activeElement;
                       const node = outer.shadowRoot?.activeElement ?? outer;
                       return node.ariaLabel || node.textContent.trim() }"""
        )
        return text

    @property
    def heard(self) -> list[str]:
        """The events that the host's script heard."""
        names: list[str] = self.page.evaluate("heard")
        return names

    @property
    def abroad(self) -> list[str]:
        """Requests to anybody but the host and the API."""
        known = (self.sites.api, self.sites.host)
        return [url for url in self.requests if not url.startswith(known)]


@contextmanager
def guests(browser: Browser, sites: Sites) -> Iterator[Callable[..., Guest]]:
    """A function that lets a guest in, each with a browser context of their own."""
    contexts: list[BrowserContext] = []

    def enter(**options: Any) -> Guest:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Guest(context.new_page(), sites)

    yield enter
    for context in contexts:
        context.close()
