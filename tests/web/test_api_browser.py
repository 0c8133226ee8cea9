"""The API's page in a real browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Site, Visit
from .harbour import harbour

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(serve: Callable[..., Site]) -> Site:
    return serve(harbour())


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 375, "height": 800}}],
    ids=["light", "dark", "phone"],
)
def test_the_page_can_be_read_by_all(
    site: Site, visit: Callable[..., Visit], options: dict[str, Any]
) -> None:
    reader = visit(site, **options)
    reader.page.goto(f"{site.url}/api")
    for summary in reader.page.locator("summary").all():
        summary.click()

    found = Axe().run(reader.page)

    assert found.violations_count == 0, json.dumps(found.response["violations"], indent=1)
    assert reader.violations == []
    assert reader.abroad == []
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_problems_type_leads_to_its_row(site: Site, visit: Callable[..., Visit]) -> None:
    reader = visit(site)
    problem = reader.page.request.post(f"{site.url}/api/ask", data={"question": ""}).json()

    reader.page.goto(site.url + problem["type"])

    row = reader.page.locator("tr:target")
    assert row.inner_text().split("\t")[:2] == ["invalid", "422"]
