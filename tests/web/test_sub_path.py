"""Served under a path of a site: every address still leads where it should."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Response as Answered
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.journal import Journal
from qa.web.api import create_app

from .conftest import Site, Visit, serving
from .harbour import FERRY, harbour

ROOT = "/faq"
AT = f"http://testserver{ROOT}/"


class Proxy:
    """Passes on what is asked below `/faq/`, that path taken off or not; the rest is another's."""

    def __init__(self, app: ASGIApp, strips: bool) -> None:
        self._app = app
        self._strips = strips
        self.others: list[str] = []  # what was asked of the rest of the site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not scope["path"].startswith(f"{ROOT}/"):
                self.others.append(scope["path"])
                await Response(status_code=404)(scope, receive, send)
                return
            if self._strips:
                scope = {**scope, "path": scope["path"].removeprefix(ROOT)}
        await self._app(scope, receive, send)


@pytest.fixture(params=[True, False], ids=["stripped", "kept"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> TestClient:
    journal = Journal(tmp_path / "journal.sqlite3")
    return TestClient(Proxy(create_app(harbour(), journal, root_path=ROOT), request.param))


def addresses(html: str) -> list[str]:
    """Where the links, styles and scripts of a page lead."""
    found = re.findall(r'(?:href|src)="([^"#][^"]*)"', html)
    return [address for address in found if not address.startswith(("data:", "https://"))]


@pytest.mark.parametrize("path", ["api", "demo", "widget/frame", "source/tide:p1", "source/none"])
def test_all_that_a_page_of_ours_names_is_there(client: TestClient, path: str) -> None:
    page = client.get(AT + path)
    named = addresses(page.text)

    assert len(named) > 1
    statuses = {name: client.get(urljoin(AT + path, name)).status_code for name in named}
    assert statuses == dict.fromkeys(named, 200)


def test_an_answers_source_is_found_below_the_apis_base(client: TestClient) -> None:
    answer = client.post(f"{AT}api/ask", json={"question": FERRY}).json()
    link = answer["citations"][0]["link"]

    assert link.startswith("/source/")  # the same wire form wherever it is served
    assert "<mark" in client.get(AT + link.removeprefix("/")).text


def test_a_problem_and_the_description_name_addresses_that_are_there(client: TestClient) -> None:
    problem = client.post(f"{AT}api/ask", json={}).json()
    described = client.get(f"{AT}openapi.json").json()

    assert problem["type"] == "/faq/api#invalid"
    assert described["servers"] == [{"url": "/faq"}]


def test_the_demo_shows_the_line_for_this_place(client: TestClient) -> None:
    assert f"{AT}widget.js" in client.get(f"{AT}demo").text


def test_without_the_slash_it_leads_on_with_the_question(tmp_path: Path) -> None:
    app = create_app(harbour(), Journal(tmp_path / "journal.sqlite3"), root_path=ROOT)

    response = TestClient(app).get("/faq?q=When", follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (308, "/faq/?q=When")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_what_is_not_open_stays_shut_below_the_path(client: TestClient) -> None:
    for path in ("config", "gradio_api/upload", "gradio_api/info"):
        assert client.get(AT + path).status_code == 404


def _note(response: Answered, missing: list[str]) -> None:
    if response.status >= 400 and not response.url.endswith("/favicon.ico"):
        missing.append(response.url)


@pytest.mark.browser
@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
def test_a_reader_asks_reads_the_source_and_judges(
    visit: Callable[..., Visit], tmp_path: Path, strips: bool
) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    app = Proxy(create_app(harbour(), journal, root_path=ROOT), strips)
    with serving(app) as url:  # type: ignore[arg-type]
        reader = visit(Site(f"{url}{ROOT}", journal))
        missing: list[str] = []
        reader.page.on("response", lambda r: _note(r, missing))
        reader.open("/")
        reader.ask(FERRY)
        source = reader.page.locator(".cw-answer a[href*='source/']").first
        link = source.evaluate("a => a.href")
        reader.page.get_by_role("button", name="Yes", exact=True).click()
        reader.page.get_by_text("Noted. Thank you.").wait_for()
        reader.page.goto(link)

        assert link.startswith(f"{url}{ROOT}/source/")
        assert "ferry" in reader.page.locator("mark").inner_text()
        assert missing == []
        assert set(app.others) <= {"/favicon.ico"}  # Chromium asks every site for that
        assert (reader.abroad, reader.violations) == ([], [])


@pytest.mark.browser
def test_the_widget_asks_beside_its_script(visit: Callable[..., Visit], tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    app = Proxy(create_app(harbour(), journal, root_path=ROOT), strips=True)
    with serving(app) as url:  # type: ignore[arg-type]
        page = visit(Site(f"{url}{ROOT}", journal)).page
        page.goto(f"{url}{ROOT}/widget/frame")
        page.get_by_role("combobox").fill(FERRY)
        page.keyboard.press("Enter")
        link = page.locator("a[href*='/source/']").first
        link.wait_for()

        assert link.evaluate("a => a.href").startswith(f"{url}{ROOT}/source/")
