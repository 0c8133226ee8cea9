import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from qa import Answer, Answerer
from qa.journal import Journal
from qa.web.api import create_app, examples, models
from qa.web.problems import KINDS, MEDIA_TYPE
from tests.conftest import Citewell

from .fakes import FakeEngine, faq
from .harbour import FERRY, GULL, NINE, harbour

SITE = "https://site.example"
SEED_QUESTIONS = ("How long is the DMZ?", "What does a ticket cost?", "Thanks!")


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Journal:
    return Journal(tmp_path_factory.mktemp("journal") / "journal.sqlite3")


@pytest.fixture(scope="module")
def client(journal: Journal) -> Iterator[TestClient]:
    with TestClient(create_app(harbour(), journal, origins=[SITE])) as client:
        yield client


def test_an_answer_is_the_engines_own(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": FERRY}).json()
    own = json.loads(json.dumps(harbour().answer(FERRY).to_dict()))

    for wire in (answer, own):
        del wire["id"], wire["took_ms"]
    assert answer == own
    assert answer["quotes"][0]["text"] == NINE


@pytest.mark.model
@pytest.mark.parametrize(
    "question", ["How long is the DMZ?", "What does a ticket cost?", "Thanks!"]
)
def test_the_seeds_are_answered_byte_for_byte_as_on_the_command_line(
    citewell: Citewell, seeds_kb: Path, seeds_answerer: Answerer, tmp_path: Path, question: str
) -> None:
    client = TestClient(create_app(seeds_answerer, Journal(tmp_path / "journal.sqlite3")))

    printed = citewell("ask", question, "--kb", seeds_kb, "--json").out
    sent = client.post("/api/ask", json={"question": question}).content.decode()

    assert lasting(sent) == lasting(printed)


def lasting(text: str) -> str:
    """The text of an answer but for its name and how long it took."""
    wire = json.loads(text)
    for name in ("id", "took_ms"):
        line = f'"{name}": {json.dumps(wire[name])}'
        assert text.count(line) == 1
        text = text.replace(line, f'"{name}": ...')
    return text


def test_a_follow_up_is_completed_from_the_turns(client: TestClient) -> None:
    turns = [{"role": "user", "content": FERRY}, {"role": "assistant", "content": NINE}]

    answer = client.post(
        "/api/ask", json={"question": "When does it leave?", "history": turns}
    ).json()

    assert (answer["question"], answer["answering"]) == (
        "When does it leave?",
        "When does the ferry leave?",
    )


def test_filters_and_k_reach_the_engine(client: TestClient) -> None:
    def quotes(**fields: object) -> list[str]:
        answer = client.post("/api/ask", json={"question": FERRY} | fields).json()
        return [quote["text"] for quote in answer["quotes"]]

    assert quotes() == [NINE, "The ferry leaves at eight."]
    assert quotes(k=1) == [NINE]
    assert quotes(filters={"kind": ["article"]}) == ["The ferry leaves at eight."]
    assert quotes(filters={"kind": ["article"], "tags": ["nature"]}) == []


def test_every_field_that_goes_in_or_out_is_explained(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    parts = [(n, f, p) for n, schema in schemas.items() for f, p in schema["properties"].items()]

    assert len(parts) > 70
    assert [(name, field) for name, field, part in parts if not part.get("description")] == []


def test_a_question_is_completed_from_the_faq(client: TestClient) -> None:
    found = client.get("/api/suggest", params={"q": "wen does the fery"}).json()

    assert found == {"suggestions": [{"text": FERRY, "passage": "faq:ferry"}]}
    assert client.get("/api/suggest?q=w&limit=1").json()["suggestions"] == [
        {"text": GULL, "passage": "faq:gull"}
    ]
    assert client.get("/api/suggest?q=").json() == {"suggestions": []}


@pytest.mark.parametrize(
    "query", ["", "q=w&limit=0", "q=w&limit=9", "q=w&page=2", f"q={501 * 'x'}"]
)
def test_what_cannot_be_completed_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/suggest?{query}").status_code == 422


def test_feedback_is_kept_with_what_the_answer_rested_on(
    client: TestClient, journal: Journal
) -> None:
    answer = client.post("/api/ask", json={"question": FERRY}).json()
    told = {"answer": answer["id"], "verdict": "wrong-source", "comment": "Eight, not nine."}

    first = client.post("/api/feedback", json=told)
    again = client.post("/api/feedback", json=told)
    forged = client.post(
        "/api/feedback", json={**told, "verdict": "no", "question": "Other?", "passages": ["x"]}
    )

    assert (first.status_code, again.status_code, forged.status_code) == (204, 204, 204)
    assert first.content == b""
    (entry,) = [e for e in journal.feedback() if e.answer_id == answer["id"]]
    assert (entry.question, entry.verdict, entry.comment) == (FERRY, "no", "Eight, not nine.")
    assert entry.passages == ("faq:ferry", "old:p1")


@pytest.mark.parametrize("verdict", ["yes", "no", "wrong-source", "none-of-these"])
def test_each_verdict_is_taken(client: TestClient, verdict: str) -> None:
    answer = client.post("/api/ask", json={"question": FERRY}).json()

    told = client.post("/api/feedback", json={"answer": answer["id"], "verdict": verdict})

    assert told.status_code == 204


def test_a_comment_has_a_thousand_characters_at_most(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": FERRY}).json()

    def comment(length: int) -> int:
        told = {"answer": answer["id"], "verdict": "no", "comment": "é" * length}
        return client.post("/api/feedback", json=told).status_code

    assert (comment(1_000), comment(1_001)) == (204, 422)


def test_a_source_is_read_with_its_sentences(client: TestClient) -> None:
    source = client.get("/api/sources/tides:p1").json()

    assert [source["text"][s["start"] : s["end"]] for s in source["sentences"]] == [
        "The tide turns at noon.",
        "The fog lifts by ten.",
    ]
    assert source["link"].startswith("https://example.org/tides#:~:text=The%20tide")
    assert source["document"] == {
        "id": "tides",
        "kind": "article",
        "title": "Tides",
        "publisher": "The Review",
        "date": "",
        "url": "https://example.org/tides",
        "language": "en",
        "tags": ["nature"],
        "source": "tides.md",
    }


def test_a_passages_name_may_hold_anything(tmp_path: Path) -> None:
    name = "a/b?c#d e"
    engine = FakeEngine([faq(name, "Why?", "So.")])
    client = TestClient(create_app(engine, Journal(tmp_path / "journal.sqlite3")))

    source = client.get(f"/api/sources/{quote(name, safe='')}")

    assert source.json()["passage"] == name


def test_every_response_has_a_name_of_its_own_or_the_clients(client: TestClient) -> None:
    names = [client.get("/healthz").headers["x-request-id"] for _ in range(2)]

    assert [len(name) for name in names] == [32, 32]
    assert names[0] != names[1]
    for given in ("my-trace.7/a:b", "x" * 64):
        answer = client.get("/api/nothing", headers={"X-Request-Id": given})
        assert answer.headers["x-request-id"] == answer.json()["request_id"] == given


@pytest.mark.parametrize("given", [b"", b"x" * 65, b"a b", b'"><script>', "café".encode()])
def test_a_name_that_is_none_is_replaced(client: TestClient, given: bytes) -> None:
    answer = client.get("/api/nothing", headers={b"X-Request-Id": given})

    assert len(answer.json()["request_id"]) == 32


def test_nothing_sets_a_cookie_and_no_answer_is_stored(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": FERRY})

    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_only_what_is_long_is_packed(client: TestClient) -> None:
    packed = client.post("/api/ask", json={"question": FERRY})
    short = client.get("/healthz")
    plain = client.post(
        "/api/ask", json={"question": FERRY}, headers={"Accept-Encoding": "identity"}
    )

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(packed.content) / 2
    assert "content-encoding" not in short.headers
    assert "content-encoding" not in plain.headers


def test_ready_is_who_can_answer(client: TestClient, tmp_path: Path) -> None:
    class Unloaded(FakeEngine):
        def answer(self, *_: Any, **__: Any) -> Answer:
            raise OSError("no weights")

    unready = TestClient(create_app(Unloaded(), Journal(tmp_path / "j.sqlite3"))).get("/readyz")

    assert client.get("/readyz").json() == {
        "status": "ok",
        "generation": "",
        "built": "",
        "degraded": False,
        "reason": "",
    }
    assert unready.status_code == 503
    assert unready.json()["type"] == "/api#not-ready"
    assert "weights" not in unready.text
    assert unready.headers["retry-after"] == "5"


def test_a_sign_of_life_may_be_asked_for_without_its_body(client: TestClient) -> None:
    head = client.head("/healthz")

    assert (head.status_code, head.content) == (200, b"")


def test_the_description_shows_an_example_of_everything(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    assert list(paths) == [
        "/api/ask",
        "/api/feedback",
        "/api/suggest",
        "/api/sources/{passage}",
        "/healthz",
        "/readyz",
    ]
    for operation in (o for methods in paths.values() for o in methods.values()):
        for status, response in operation["responses"].items():
            (media, content), *_ = response.get("content", {"": None}).items()
            if status == "204":
                continue
            assert media == ("application/json" if status == "200" else MEDIA_TYPE)
            assert content.get("example") or content.get("examples")


def test_an_example_lacks_nothing(client: TestClient) -> None:
    answered = client.get("/openapi.json").json()["paths"]["/api/ask"]["post"]["responses"]["200"]
    shown = answered["content"]["application/json"]["examples"]

    assert shown["answered"]["value"] == examples.ANSWER
    assert shown["abstained"]["value"] == examples.ABSTENTION


def test_the_examples_are_what_the_api_takes_and_gives() -> None:
    models.AskRequest.model_validate(examples.ASK)
    models.FeedbackRequest.model_validate(examples.FEEDBACK)
    for answer in (examples.ANSWER, examples.ABSTENTION):
        models.AnswerReply.model_validate(answer)
        assert list(answer) == list(harbour().answer(FERRY).to_dict())
    models.SourceReply.model_validate(examples.SOURCE)


def test_every_field_of_an_answer_is_described() -> None:
    wire = harbour().answer(FERRY).to_dict()

    assert list(models.AnswerReply.model_fields) == list(wire)


def test_every_problem_has_a_row_that_its_type_leads_to(client: TestClient) -> None:
    page = client.get("/api")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'"
    )
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert [kind.name for kind in KINDS if f'id="{kind.name}"' not in page.text] == []
