from pathlib import Path

import pytest

from qa.journal import Journal
from qa.web.conversation import Conversation
from qa.web.page import create_page

from .fakes import FakeEngine


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
        page = create_page(FakeEngine(), journal)
        judges = [event.fn for event in page.fns.values() if event.name == "judge" and event.fn]

        assert judges[number](conversation) == said
        assert [entry.verdict for entry in journal.feedback()] == kept[number : number + 1]
