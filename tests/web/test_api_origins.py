"""Which pages may ask; rows 57 to 59 of the table of bad inputs among them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.journal import Journal
from qa.web.api import create_app

from .harbour import FERRY, harbour
from .test_api_bad_input import SITE, assert_problem, body


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    journal = Journal(tmp_path_factory.mktemp("journal") / "journal.sqlite3")
    with TestClient(create_app(harbour(), journal, origins=[SITE])) as client:
        yield client


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://evil.invalid", id="row 57: another"),
        pytest.param("null", id="row 58: null"),
        pytest.param("http://site.example", id="another scheme"),
        pytest.param("https://site.example.evil.invalid", id="a longer name"),
        pytest.param("https://site.example:8443", id="another port"),
        pytest.param("HTTPS://SITE.EXAMPLE", id="as no browser writes it"),
    ],
)
def test_another_origin_is_refused_before_anything_runs(client: TestClient, origin: str) -> None:
    headers = {"Origin": origin}
    answers = [
        client.post("/api/ask", json={"question": FERRY}, headers=headers),
        client.post("/api/ask", content=body(), headers=headers | {"Content-Type": "text/plain"}),
        client.get("/api/suggest?q=when", headers=headers),
        client.options("/api/ask", headers=headers | {"Access-Control-Request-Method": "POST"}),
        client.post("/gradio_api/queue/join", json={}, headers=headers),
    ]

    for answer in answers:
        assert_problem(answer, 403)
        assert "access-control-allow-origin" not in answer.headers


def test_row_59_a_preflight_for_an_odd_header(client: TestClient) -> None:
    asking = {"Origin": SITE, "Access-Control-Request-Method": "POST"}

    odd = client.options("/api/ask", headers=asking | {"Access-Control-Request-Headers": "x-odd"})
    method = client.options("/api/ask", headers=asking | {"Access-Control-Request-Method": "PUT"})

    assert_problem(odd, 400)
    assert_problem(method, 400)


def test_a_listed_site_may_ask_and_read(client: TestClient) -> None:
    headers = {"Origin": SITE}
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    preflight = client.options("/api/ask", headers=headers | asking)
    answer = client.post("/api/ask", json={"question": FERRY}, headers=headers)
    refused = client.post("/api/ask", json={}, headers=headers)

    assert (preflight.status_code, answer.status_code, refused.status_code) == (204, 200, 422)
    for each in (preflight, answer, refused):
        assert each.headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in each.headers
        assert "Origin" in each.headers["vary"]
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


def test_a_listed_site_may_use_the_api_alone(client: TestClient) -> None:
    page = client.get("/", headers={"Origin": SITE})
    event = client.post("/gradio_api/queue/join", json={}, headers={"Origin": SITE})

    assert "access-control-allow-origin" not in page.headers
    assert event.status_code == 403


OURS = "http://testserver"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": OURS}, 200),
        ({"Origin": "https://testserver", "Host": "testserver"}, 200),
        ({"Origin": "https://testserver", "Host": "testserver:443"}, 200),
        ({"Origin": "https://testserver:8443", "Host": "testserver"}, 403),
        ({"Origin": "https://proxy.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ],
)
def test_who_may_read_is_told_by_the_browser(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/api/suggest?q=when", headers=headers).status_code == status


def test_two_origins_at_once_must_both_be_listed(client: TestClient) -> None:
    headers = [("Origin", SITE), ("Origin", "https://evil.invalid")]

    assert client.get("/api/suggest?q=when", headers=headers).status_code == 403


def test_the_owner_is_told_once_of_each_origin_that_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = create_app(harbour(), Journal(Path("unused.sqlite3")))
    client = TestClient(app)

    for _ in range(3):
        client.get("/api/suggest?q=how", headers={"Origin": "https://shop.example"})

    told = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert told == [
        "refused questions from https://shop.example; if it is yours, serve with --allow-origin "
        "https://shop.example"
    ]
