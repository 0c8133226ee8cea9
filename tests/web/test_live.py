"""Generations that are swapped while readers ask: none fails, none sees two of them at once."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.build import build
from index.publish import building, roll_back
from qa.answer import Suggestion
from qa.answerer import Answerer
from qa.follow import Follower
from qa.journal import Journal
from qa.live import DAMAGED, KEPT, MISSING, REBUILD, UNREBUILT, UNUSED, Live, Trouble
from qa.repeat import repeating
from qa.web.api import create_app
from qa.web.api.routes import api_routes
from qa.web.conversation import Conversation, offer
from qa.web.limits import Desk, Limits, Rate
from qa.web.source import source_routes

from . import shape
from .conftest import serving
from .numbered import WHEN, WHO, encoder, mixed, numbers, published, serving_from

_FREE = Rate(1e6, 1_000_000)
UNLIMITED = Limits(ask=_FREE, suggest=_FREE, feedback=_FREE, sources=_FREE)
SWAPS = 20
PER_SECOND = 10  # visits, of five requests each


@pytest.fixture
def home(tmp_path: Path) -> Path:
    published(tmp_path, 1)
    return tmp_path


@pytest.fixture
def site(home: Path) -> Iterator[tuple[TestClient, Live[Answerer], Follower]]:
    live, follower = serving_from(home)
    app = FastAPI()  # without the page, which takes a second to make
    app.include_router(api_routes(live, Journal(home / "journal"), Desk(2, 32)))
    app.include_router(source_routes(live))
    with TestClient(app) as client:
        yield client, live, follower


Site = tuple[TestClient, Live[Answerer], Follower]


def ask(client: TestClient, question: str = WHEN) -> dict[str, object]:
    answer: dict[str, object] = client.post("/api/ask", json={"question": question}).json()
    return answer


def visit(http: httpx.Client, url: str, number: int) -> str:
    """What is wrong with one answer and with where it links to; nothing where all is well."""
    question = WHO if number % 3 else WHEN
    reply = http.post(f"{url}/api/ask", json={"question": question})
    if reply.status_code != 200 or reply.json()["status"] != "answered":
        return f"failed: {reply.text}"
    answer = reply.json()
    if mixed(answer):
        return f"mixed: {answer}"
    page = http.get(url + answer["citations"][0]["link"])
    marked = "".join(page.text.split('<mark id="quote">')[1:]).split("</mark>")[0]
    if page.status_code != 200 or marked != answer["quotes"][0]["text"]:
        return f"mixed: {answer['citations'][0]['link']} shows {marked}"
    offered = http.get(f"{url}/api/suggest?q=ferry").json()["suggestions"]
    source = http.get(f"{url}/api/sources/{offered[0]['passage']}")
    ready = http.get(f"{url}/readyz").json()
    if source.status_code != 200 or ready["degraded"]:
        return f"failed: {source.text} {ready}"
    named = numbers(source.json()["generation"])
    return "" if numbers(source.json()["text"]) == named else f"mixed: {source.text}"


def test_twenty_swaps_under_load_fail_no_request_and_mix_no_answer(home: Path) -> None:
    live, follower = serving_from(home)
    app = create_app(live, Journal(home / "journal"), limits=UNLIMITED)
    seen: set[str] = set()

    def look() -> float:
        follower.look()
        seen.add(live.current.generation)
        return 0.02

    with (
        serving(app) as url,
        httpx.Client(timeout=30, limits=httpx.Limits(max_connections=50)) as http,
        repeating(look, "test"),
        ThreadPoolExecutor(16) as readers,
    ):
        ended = threading.Event()
        builds = threading.Thread(target=_build_all, args=(home, live, ended))
        builds.start()
        visits: list[Future[str]] = []
        while not ended.is_set():
            visits.append(readers.submit(visit, http, url, len(visits)))
            time.sleep(1 / PER_SECOND)
        builds.join()
        wrong = [told for told in (one.result() for one in visits) if told]

    assert wrong == []
    assert seen == {f"gen-{number}" for number in range(1, SWAPS + 2)}
    assert len(visits) >= SWAPS


def _build_all(home: Path, live: Live[Answerer], ended: threading.Event) -> None:
    try:
        for number in range(2, SWAPS + 2):
            name = published(home, number)
            until = time.monotonic() + 20
            while live.current.generation != name and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.1)  # of being served
    finally:
        ended.set()


def test_an_old_link_shows_what_was_quoted_and_leads_to_what_is_there_now(
    home: Path, site: Site
) -> None:
    client, _, follower = site
    link = str(ask(client)["citations"][0]["link"])  # type: ignore[index]
    published(home, 2)
    follower.look()

    page = client.get(link).text

    assert '<mark id="quote">The ferry leaves at pier 1.</mark>' in page
    assert "This source has changed since the link was made. You see it as it was then." in page
    onward = [href for href in shape.hrefs(page) if href and "source" in href]
    now = client.get(str(onward[0])).text
    assert "The ferry leaves at pier 2." in now
    assert "has changed" not in now


def test_a_link_of_a_forgotten_generation_marks_no_other_words(home: Path, site: Site) -> None:
    client, live, follower = site
    link = str(ask(client)["citations"][0]["link"])  # type: ignore[index]
    for number in range(2, KEPT + 3):
        published(home, number)
        follower.look()

    page = client.get(link)

    assert live.of("gen-1") is None
    assert (page.status_code, page.text.count("<mark")) == (200, 0)
    assert "You see it as it is now; the words that were linked to are not marked." in page.text
    assert f"pier {KEPT + 2}" in page.text


def test_a_link_of_a_forgotten_generation_to_words_that_stayed_marks_them(site: Site) -> None:
    client, _, _ = site
    link = str(ask(client)["citations"][0]["link"])  # type: ignore[index]

    page = client.get(link.replace("gen-1", "gen-0")).text

    assert '<mark id="quote">The ferry leaves at pier 1.</mark>' in page
    assert "has changed" not in page
    unstamped = client.get(link.replace("gen-1", "gen-0").partition("&is=")[0]).text
    assert (unstamped.count("<mark"), "has changed" in unstamped) == (0, True)


def test_a_link_to_what_is_gone_is_shown_while_it_is_remembered(home: Path, site: Site) -> None:
    client, live, follower = site
    article = next(p for p in live.current.engine.knowledge.passages if p.id.startswith("tides"))
    published(home, 2)
    follower.look()

    remembered = client.get(f"/source/{article.id}?g=gen-1")
    gone = client.get(f"/source/{article.id}")

    assert "The tide of day 1 turns at noon." in remembered.text
    assert "See it as it is now" not in remembered.text
    assert gone.status_code == 404
    assert "They may have changed since the link was made." in gone.text


def test_a_conversation_goes_on_across_a_swap(home: Path) -> None:
    live, follower = serving_from(home)
    asked = Conversation().ask(live.current.engine, WHEN)
    tides = next(p for p in live.current.engine.knowledge.passages if p.id.startswith("tides"))
    published(home, 2)
    follower.look()
    now = live.current.engine

    after = asked.ask(now, "And who feeds the gull?")
    said = [shape.text(message["content"]) for message in after.messages(now.knowledge)]

    assert [answer.generation for answer in after.answers] == ["gen-1", "gen-2"]
    assert "The ferry leaves at pier 1." in said[1]
    assert "Number 2 feeds the gull." in said[3]
    gone = replace(
        after.answers[0],
        status="abstained",
        quotes=(),
        citations=(),
        nearest=(Suggestion("Tides", tides.id),),
    )
    lost = Conversation((gone,))
    assert offer(gone, now.knowledge).questions == ()
    assert shape.hrefs(lost.messages(now.knowledge)[1]["content"]) == [
        f"source/{tides.id.replace(':', '%3A')}?g=gen-1#quote"
    ]


def test_feedback_on_an_answer_of_before_is_kept_with_its_generation(
    home: Path, site: Site
) -> None:
    client, _, follower = site
    answer = ask(client)
    published(home, 2)
    follower.look()

    sent = client.post("/api/feedback", json={"answer": answer["id"], "verdict": "no"})

    assert sent.status_code == 204
    assert [entry.generation for entry in Journal(home / "journal").feedback()] == ["gen-1"]


def test_what_is_out_of_reach_leaves_the_memory(home: Path) -> None:
    live, follower = serving_from(home)
    first = weakref.ref(live.current.engine.knowledge)
    live.current.engine.answer(WHEN)
    gc.disable()  # it goes by itself, and not when the collector comes by
    try:
        for number in range(2, KEPT + 2):
            published(home, number)
            follower.look()
        assert first() is not None
        published(home, KEPT + 2)
        follower.look()
        assert first() is None
    finally:
        gc.enable()


def test_the_model_is_one_for_all_generations(home: Path) -> None:
    live, follower = serving_from(home)
    model = live.current.engine.encoder
    published(home, 2)

    follower.look()

    assert live.current.generation == "gen-2"
    assert live.current.engine.encoder is model


def test_a_damaged_generation_is_not_served_and_the_owner_is_told(
    home: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    client, live, follower = site
    name = published(home, 2)
    file = home / "kb" / name / "documents.jsonl"
    file.write_text(file.read_text().replace("pier 2", "pier 9"))

    for _ in range(3):
        follower.look()

    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["generation"]) == (200, "gen-1")
    assert (ready.json()["degraded"], ready.json()["reason"]) == (True, DAMAGED)
    assert live.trouble is not None
    assert "documents.jsonl: has other bytes than were built" in live.trouble.detail
    told = [record.getMessage() for record in caplog.records if record.name == "qa.follow"]
    assert [line.partition(":")[0] for line in told] == ["gen-1 goes on serving"]
    published(home, 3)
    follower.look()
    assert client.get("/readyz").json()["degraded"] is False


def test_going_back_is_followed_too(home: Path) -> None:
    published(home, 2)
    live, follower = serving_from(home)

    with building(home / "kb"):
        roll_back(home / "kb")
    follower.look()

    assert live.current.generation == "gen-1"
    assert live.of("gen-2") is not None


def test_a_start_on_an_earlier_generation_says_so(home: Path) -> None:
    live, _ = serving_from(home)
    live.current.engine.knowledge.degraded = "gen-2 is damaged"

    assert live.trouble == Trouble(DAMAGED, "gen-2 is damaged")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "qa.follow"]


def test_what_was_damaged_at_the_start_serves_once_it_is_put_back(
    home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "kb" / published(home, 2) / "documents.jsonl"
    whole = file.read_text()
    file.write_text(whole.replace("pier 2", "pier 9"))
    live, follower = serving_from(home)
    assert [line.partition(":")[0] for line in told(caplog)] == ["gen-1 goes on serving"]

    file.write_text(whole)
    follower.look()
    assert live.current.generation == "gen-1"  # its minute is not over
    later = time.monotonic() + 61
    monkeypatch.setattr("qa.follow.time.monotonic", lambda: later)
    assert (follower.look(), live.current.generation) == ("", "gen-2")


def test_a_calibration_that_cannot_be_read_is_no_damaged_generation(home: Path) -> None:
    live, follower = serving_from(home)
    file = home / "kb" / "calibration.json"
    file.write_text("{}")
    follower.look()
    assert live.trouble is not None
    assert (live.trouble.said, "is no calibration" in live.trouble.detail) == (UNUSED, True)

    file.unlink()
    follower.look()
    assert live.trouble is None


TALK = '[greeting]\nphrases = ["ahoy"]\nreply = "Ahoy there."\n'


def test_a_knowledge_base_that_was_moved_away_is_not_called_damaged(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "qa")
    live, follower = serving_from(home)
    (home / "kb").rename(home / "away")
    follower.look()
    assert (live.trouble and live.trouble.said, live.current.generation) == (MISSING, "gen-1")

    (home / "away").rename(home / "kb")
    follower.look()
    assert live.trouble is None
    assert told(caplog)[-1] == "mended: gen-1 serves, and nothing is wrong with it"


def test_where_nobody_can_tell_which_is_to_serve_the_newest_whole_one_does(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "qa")
    live, follower = serving_from(home)
    published(home, 2)
    (home / "kb" / "CURRENT").write_text("junk")
    follower.look()

    assert live.trouble is not None
    assert (live.trouble.said, live.current.generation) == (DAMAGED, "gen-2")
    swapped, warned = told(caplog)
    assert swapped == "gen-2 serves now, after gen-1"
    assert "CURRENT: names no generation: 'junk'; gen-2 serves in its place" in warned


def test_small_talk_is_taken_in_though_the_newest_generation_is_damaged(home: Path) -> None:
    (home / "kb" / published(home, 2) / "documents.jsonl").unlink()
    live, follower = serving_from(home)
    before = live.current
    (home / "kb" / "small_talk.toml").write_text(TALK)
    follower.look()

    assert live.current is not before
    assert live.current.engine.answer("ahoy").reply == "Ahoy there."


def test_another_build_mends_what_the_last_rebuild_did_not(home: Path) -> None:
    live, follower = serving_from(home)
    live.note(REBUILD, Trouble(UNREBUILT, "the disk was full"))
    published(home, 2)
    follower.look()

    assert live.trouble is None


def test_the_examples_and_completions_are_those_of_what_serves(home: Path) -> None:
    live, follower = serving_from(home)
    client = TestClient(create_app(live, Journal(home / "journal")))
    (home / "src" / "faq.md").write_text("---\nkind: faq\n---\n\n## When is the tide?\nAt noon.\n")
    build(home / "src", home / "kb", encoder())
    follower.look()

    assert "When is the tide?" in client.get("/").text
    assert WHEN not in client.get("/").text
    offered = client.get("/api/suggest?q=when").json()["suggestions"]
    assert [one["text"] for one in offered] == ["When is the tide?"]


def test_the_source_view_says_of_when_its_sources_are(home: Path) -> None:
    live, _ = serving_from(home)
    live.current.engine.knowledge.built = "2026-11-27T09:30:00+00:00"
    app = FastAPI()
    app.include_router(source_routes(live))
    passage = live.current.engine.knowledge.passages[0].id

    page = TestClient(app).get(f"/source/{passage}").text

    when = '<time datetime="2026-11-27T09:30:00+00:00">27 Nov 2026, 09:30 UTC</time>'
    assert f"Sources as of <bdi>{when}</bdi>" in page
