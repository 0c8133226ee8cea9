"""A page that stays open while what it asks is replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.journal import Journal
from qa.web.api import create_app

from .conftest import Site, Visit, serving
from .numbered import WHEN, WHO, published, serving_from

pytestmark = pytest.mark.browser


def test_an_open_page_goes_on_and_its_old_links_show_what_was_quoted(
    tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    published(tmp_path, 1)
    live, follower = serving_from(tmp_path)
    journal = Journal(tmp_path / "journal")
    with serving(create_app(live, journal)) as url:
        reader = visit(Site(url, journal)).open()
        reader.ask(WHEN)
        published(tmp_path, 2)
        follower.look()

        reader.ask(WHO)

        answers = reader.page.locator(".cw-answer")
        assert "pier 1" in answers.nth(0).inner_text()
        assert "Number 2 feeds" in answers.nth(1).inner_text()
        assert answers.locator(".cw-as-of").count() == 2
        link = answers.nth(0).locator("sup a").first.evaluate("a => a.href")
        reader.page.goto(link)
        assert "pier 1" in reader.page.locator("mark").first.inner_text()
        assert "has changed since" in reader.page.locator(".notice").inner_text()
        reader.page.get_by_role("link", name="See it as it is now").click()
        assert "pier 2" in reader.page.locator("main").inner_text()
    assert (reader.violations, reader.abroad) == ([], [])
