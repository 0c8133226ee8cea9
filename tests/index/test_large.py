"""Knowledge bases that are too large for exact search."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.build import assemble, publish
from index.documents import Document
from index.knowledge import Knowledge
from qa.retriever import Retriever
from tests.index.sources import encoder
from tests.index.texts import faq


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base of 300 passages, built as one that is far too large for exact search."""
    monkeypatch.setattr("index.encoding.EXACT", 100)
    topics = ("dog", "cat", "armies", "km")
    entries = [
        faq(f"Where is {topics[n % 4]} {n}?", f"The {topics[n % 4]} is at {n}.", id=f"e{n}")
        for n in range(300)
    ]
    publish(entries, tmp_path / "kb", encoder(), sources="made")
    return tmp_path / "kb"


def test_how_it_is_searched_stands_in_its_manifest(large: Path) -> None:
    searches = generation.read_manifest(large).searches
    assert {name: how["kind"] for name, how in searches.items()} == {
        "passages": "codes",
        "questions": "codes",
    }
    assert (searches["passages"]["rows"], searches["passages"]["asked"]) == (300, 256)
    assert searches["passages"]["recall"] >= 0.98


def test_it_answers_the_same_when_it_is_loaded_and_loaded_again(large: Path) -> None:
    loaded, again = (Knowledge.load(large, encoder()) for _ in range(2))
    for path in large.rglob("*"):
        path.unlink() if path.is_file() else None  # what is mapped stays
    rows = [Retriever(each, encoder()).retrieve("Where is the cat 41?") for each in (loaded, again)]
    assert rows[0] == rows[1]
    assert rows[0][0].passage.id == "e41"
    assert loaded.passages[41].text == "The cat is at 41."


def test_one_that_changes_a_little_is_encoded_a_little(large: Path) -> None:
    counting = encoder()
    before = Knowledge.load(large, counting)
    changed = [*before.documents[:-1], faq("Where is no dog?", "Nowhere.", id="e299")]
    publish(changed, large, counting, sources="made")
    assert sorted(counting.calls) == ["Nowhere.", "Where is no dog?", "Where is no dog?\nNowhere."]
    assert_as_built_afresh(Knowledge.load(large, encoder()), changed)


def test_one_that_becomes_small_has_its_tokens_encoded_again_and_no_sentence(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = encoder()
    before = Knowledge.load(large, counting)
    fewer = before.documents[:50]
    monkeypatch.setattr("index.encoding.EXACT", 50)

    publish(fewer, large, counting, sources="made")

    # Tokens are read in whole passages and in questions.
    whole = [f"{entry.title}\n{entry.text}" for entry in fewer]
    assert sorted(counting.calls) == sorted([*whole, *(entry.title for entry in fewer)])
    after = Knowledge.load(large, encoder())
    assert (before.sentence_tokens.is_packed, after.sentence_tokens.is_packed) == (True, False)
    assert_as_built_afresh(after, fewer)


def assert_as_built_afresh(knowledge: Knowledge, documents: Sequence[Document]) -> None:
    fresh, _ = assemble(documents, encoder())
    assert knowledge.documents == fresh.documents
    for name in ("passage_store", "question_store", "sentence_store"):
        one, other = getattr(knowledge, name), getattr(fresh, name)
        assert len(one) == len(other)
        rows = np.arange(len(one))
        np.testing.assert_array_equal(one.vectors(rows), other.vectors(rows))
    for name in ("sentence_tokens", "question_tokens"):
        one, other = getattr(knowledge, name), getattr(fresh, name)
        assert (len(one), one.is_packed) == (len(other), other.is_packed)
        for row in range(len(one)):
            np.testing.assert_array_equal(one.row(row), other.row(row))
