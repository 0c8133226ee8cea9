"""What the page keeps and says, without a browser."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.errors import JournalError
from qa.journal import Journal
from qa.live import Live
from qa.web.conversation import Conversation
from qa.web.page import I18N, create_page

from .fakes import MEANT, FakeEngine


def reader(language: str = "en") -> Any:
    """A request as Gradio hands it on."""
    return SimpleNamespace(headers={"accept-language": language}, query_params={})


def handlers(journal: Journal, name: str) -> list[Any]:
    """What the page does on events, by the function's name."""
    page = create_page(Live(FakeEngine()), journal)
    return [event.fn for event in page.fns.values() if event.name == name and event.fn]


@pytest.mark.parametrize(
    ("conversation", "said", "kept"),
    [
        (Conversation(), "Feedback could not be saved.", []),
        (
            Conversation().ask(FakeEngine(), "How wide is the zone?"),
            "Noted. Thank you.",
            ["yes", "no", "wrong-source"],
        ),
    ],
)
def test_a_verdict_is_kept_or_said_to_be_lost(
    tmp_path: Path, conversation: Conversation, said: str, kept: list[str]
) -> None:
    for number, verdict in enumerate(("yes", "no", "wrong-source")):
        journal = Journal(tmp_path / f"{verdict}.sqlite3")

        assert handlers(journal, "judge")[number](conversation, reader()) == said
        assert [entry.verdict for entry in journal.feedback()] == kept[number : number + 1]


def test_none_of_the_choices_is_kept_with_what_was_offered(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite3")
    asked_back = Conversation().ask(FakeEngine(), MEANT)
    (decline,) = handlers(journal, "decline")

    decline(asked_back, reader())

    (kept,) = journal.feedback()
    assert (kept.question, kept.verdict) == (MEANT, "none-of-these")
    assert kept.passages == ("faq:1", "faq:2")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "Notiert. Danke."),
        ("ar", "سُجّل. شكراً."),
        ("pt-BR,de;q=0.5", "Noted. Thank you."),
        ("", "Noted. Thank you."),
    ],
)
def test_what_is_noted_is_said_in_the_readers_language(
    tmp_path: Path, language: str, said: str
) -> None:
    talk = Conversation().ask(FakeEngine(), "How wide is the zone?")
    judge = handlers(Journal(tmp_path / "j.sqlite3"), "judge")[0]

    assert judge(talk, reader(language)) == said


def test_gradio_is_given_every_language() -> None:
    translations = I18N.translations_dict

    assert sorted(translations) == ["ar", "de", "en", "es", "fr"]
    assert {len(words) for words in translations.values()} == {len(translations["en"])}
    assert translations["fr"]["cw_ask"] == "Demander"


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    class Full(Journal):
        def record_feedback(self, *_: object, **__: object) -> None:
            raise JournalError("the disk is full")

    talk = Conversation().ask(FakeEngine(), "How wide is the zone?")
    judge = handlers(Full(tmp_path / "j"), "judge")[0]

    assert judge(talk, reader("fr")) == "L’avis n’a pas pu être enregistré."
