import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from qa.answer import Answer
from qa.journal import Journal
from qa.web.api import create_app
from qa.web.limits import CLIENTS, Buckets, Desk, Limits, Rate, client_name
from qa.web.problems import Problem
from qa.web.security import PAGE_EVENTS

from .fakes import FakeEngine
from .harbour import harbour

ASK = {"question": "How wide is the zone?"}


class Clock:
    """Stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_taken_then_so_many_a_second() -> None:
    clock = Clock()
    buckets = Buckets(Rate(per_second=2, burst=3), clock)

    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    clock.now += 0.25
    assert buckets.take("a") == 0.25
    clock.now += 0.25
    assert [buckets.take("a") for _ in range(2)] == [0, 0.5]


def test_a_rest_refills_no_more_than_the_burst() -> None:
    clock = Clock()
    buckets = Buckets(Rate(per_second=2, burst=3), clock)
    buckets.take("a")
    clock.now += 1_000

    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_so_many_clients_are_remembered_and_the_longest_silent_forgotten() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1), Clock())
    for n in range(CLIENTS):
        buckets.take(f"client {n}")
    assert buckets.take("client 0") == 1  # and is now the last to be forgotten
    buckets.take("one more")

    assert buckets.take("client 0") == 1
    assert buckets.take("client 1") == 0


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, name: str) -> None:
    assert client_name(address) == name


def test_row_62_whoever_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    limits = Limits(ask=Rate(per_second=0.01, burst=2))
    client = TestClient(create_app(FakeEngine(), Journal(tmp_path / "j.sqlite3"), limits=limits))

    answers = [client.post("/api/ask", json=ASK) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["type"] == "/api#too-many"
    assert int(answers[2].headers["retry-after"]) in (99, 100)
    assert client.get("/api/suggest?q=how").status_code == 200  # which has a rate of its own
    assert client.get("/healthz").status_code == 200  # which has none


async def never() -> None:
    """A client that stays."""
    await asyncio.Event().wait()


async def at_once() -> None:
    """A client that has left."""


def test_a_desk_has_so_many_places_and_no_more() -> None:
    desk, open_up = Desk(workers=1, waiting=1), threading.Event()

    async def story() -> list[object]:
        working = asyncio.create_task(desk.run(lambda: open_up.wait(10), never))
        waiting = asyncio.create_task(desk.run(lambda: "second", never))
        await asyncio.sleep(0)
        assert desk.full
        with pytest.raises(Problem, match="too many questions are waiting") as refused:
            await desk.run(lambda: "third", never)
        assert refused.value.headers == {"Retry-After": "1"}
        open_up.set()
        served: list[object] = [await working, await waiting]
        assert not desk.full
        return [*served, await desk.run(lambda: "fourth", never)]

    assert asyncio.run(story()) == [True, "second", "fourth"]


def test_row_64_what_nobody_waits_for_is_dropped_before_it_begins() -> None:
    desk, open_up, begun = Desk(workers=1, waiting=1), threading.Event(), list[str]()

    async def story() -> None:
        working = asyncio.create_task(desk.run(lambda: open_up.wait(10), never))
        await asyncio.sleep(0)
        with pytest.raises(ClientDisconnect, match=r"^$"):
            await desk.run(lambda: begun.append("dropped"), at_once)
        open_up.set()
        assert await working
        await desk.run(lambda: begun.append("kept"), never)

    asyncio.run(story())

    assert begun == ["kept"]


def test_what_a_worker_raises_is_raised_and_its_place_is_free_again() -> None:
    desk = Desk(workers=1, waiting=0)

    async def story() -> int:
        with pytest.raises(ZeroDivisionError, match="division or modulo by zero"):
            await desk.run(lambda: 1 // 0, never)
        return await desk.run(lambda: 7, never)

    assert asyncio.run(story()) == 7


def test_row_63_a_full_queue_is_told_and_the_event_loop_stays_free(tmp_path: Path) -> None:
    arrived, open_up = threading.Event(), threading.Event()

    class Slow(FakeEngine):
        def answer(
            self, question: str, history: Sequence[Mapping[str, str]] = (), /, **more: Any
        ) -> Answer:
            arrived.set()
            assert open_up.wait(10)
            return super().answer(question, history, **more)

    app = create_app(Slow(), Journal(tmp_path / "j.sqlite3"), limits=Limits(workers=1, waiting=0))
    with TestClient(app) as client:
        first: list[int] = []
        asking = threading.Thread(
            target=lambda: first.append(client.post("/api/ask", json=ASK).status_code)
        )
        asking.start()
        assert arrived.wait(10)
        second, alive, ready = (
            client.post("/api/ask", json=ASK),
            client.get("/healthz"),
            client.get("/readyz"),
        )
        open_up.set()
        asking.join(10)

    assert (second.status_code, second.headers["retry-after"]) == (503, "1")
    assert second.json()["type"] == "/api#busy"
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert first == [200]


def test_an_address_of_the_old_kind_is_the_same_in_the_new() -> None:
    assert client_name("::ffff:192.0.2.1") == client_name("192.0.2.1")
    assert client_name("::ffff:192.0.2.1") != client_name("::ffff:192.0.2.9")


def test_the_page_and_the_source_view_keep_to_a_rate_too() -> None:
    few = Limits(ask=Rate(0.01, 1), sources=Rate(0.01, 1))
    app = create_app(harbour(), Journal(Path("unused.sqlite3")), limits=few)
    client = TestClient(app, raise_server_exceptions=False)

    joined = [
        client.post("/gradio_api/queue/join", json={"data": []}).status_code
        for _ in range(PAGE_EVENTS + 1)
    ]
    read = [client.get("/source/tides:p1").status_code for _ in range(2)]

    assert 429 not in joined[:-1]
    assert joined[-1] == 429
    assert read == [200, 429]


def test_half_a_character_sent_to_the_page_is_no_fault_of_the_server() -> None:
    app = create_app(harbour(), Journal(Path("unused.sqlite3")))
    client = TestClient(app, raise_server_exceptions=False)
    headers = {"Content-Type": "application/json"}

    given = client.post("/gradio_api/queue/join", content=b'{"data":"\\ud800"}', headers=headers)

    assert given.status_code == 422
