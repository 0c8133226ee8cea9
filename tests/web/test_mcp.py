"""Programs may ask over the Model Context Protocol, where the site opens that door."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.errors import ServeError
from qa.journal import Journal
from qa.web.api import create_app

from .fakes import WIDTH, FakeEngine

INSTALLED = find_spec("mcp") is not None
needs_mcp = pytest.mark.skipif(
    not INSTALLED, reason="the extra mcp is not installed: .venv/bin/pip install '.[mcp]'"
)
ADDRESS = "/gradio_api/mcp/"
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(FakeEngine(), Journal(tmp_path / "j"), mcp=True)) as client:
        yield client


def call(client: TestClient, method: str, **params: Any) -> Any:
    """The result of one call, out of the event that carries it."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    reply = client.post(ADDRESS, json=body, headers=ACCEPT)
    assert reply.status_code == 200, reply.text
    (data,) = (line for line in reply.text.splitlines() if line.startswith("data: "))
    return json.loads(data.removeprefix("data: "))["result"]


@needs_mcp
def test_there_is_one_tool_and_it_says_what_it_does(client: TestClient) -> None:
    (tool,) = call(client, "tools/list")["tools"]

    assert tool["name"] == "ask"
    assert tool["description"].startswith("Answer a question in the words of the sources")
    assert list(tool["inputSchema"]["properties"]) == ["question"]


@needs_mcp
def test_the_tool_gives_the_answer_in_its_wire_form(client: TestClient) -> None:
    asked = {"question": "How wide is the zone?"}

    (content,) = call(client, "tools/call", name="ask", arguments=asked)["content"]

    answer = json.loads(content["text"])
    assert answer["status"] == "answered"
    assert answer["quotes"][0]["text"] == WIDTH


@needs_mcp
def test_a_question_that_is_none_is_told_to_the_program(client: TestClient) -> None:
    (content,) = call(client, "tools/call", name="ask", arguments={"question": " "})["content"]

    assert json.loads(content["text"]) == {"error": "the question is empty; type one"}


@needs_mcp
@pytest.mark.parametrize("path", ["schema", "sse", "messages/", "http"])
def test_no_other_way_in_is_open(client: TestClient, path: str) -> None:
    assert client.get(ADDRESS + path).status_code == 404


@needs_mcp
def test_a_page_of_another_site_cannot_call_it(client: TestClient) -> None:
    reply = client.post(ADDRESS, json={}, headers={**ACCEPT, "Origin": "https://evil.invalid"})

    assert reply.status_code == 403


@pytest.mark.skipif(INSTALLED, reason="the extra mcp is installed")
def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"needs the extra mcp: .venv/bin/pip install '\.\[mcp\]'"):
        create_app(FakeEngine(), Journal(tmp_path / "j"), mcp=True)


def test_the_door_is_shut_unless_it_is_opened(tmp_path: Path) -> None:
    client = TestClient(create_app(FakeEngine(), Journal(tmp_path / "j")))

    assert client.post(ADDRESS, json={}, headers=ACCEPT).status_code == 404
