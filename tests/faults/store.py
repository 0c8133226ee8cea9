"""A small knowledge base of several generations, whose answers tell which one gave them."""

import json
from pathlib import Path
from typing import Any

from index.build import build
from index.knowledge import Knowledge
from qa.answerer import Answerer
from tests.keyword_encoder import KeywordEncoder

TOPICS = ("ferry", "tide", "fog", "gull", "pier", "rope", "anchor", "lamp")
QUESTIONS = ("When does the ferry leave?", "When is the fog there?", "Tell me of the gull?")


def encoder() -> KeywordEncoder:
    """Knows the topics."""
    return KeywordEncoder(*TOPICS)


def sources(folder: Path, number: int, entries: int = len(TOPICS)) -> Path:
    """An FAQ and an article whose every value says `number`."""
    folder.mkdir(parents=True, exist_ok=True)
    faq = [
        f"## When does the {TOPICS[i % len(TOPICS)]} leave from quay {i}?\n\n"
        f"The {TOPICS[i % len(TOPICS)]} leaves quay {i} at {number} o'clock.\n"
        for i in range(entries)
    ]
    (folder / "faq.md").write_text("# Harbour\n\n" + "\n".join(faq), "utf-8")
    article = f"# Mornings\n\nThe fog comes at {number}. The gull sleeps until {number}.\n"
    (folder / "mornings.md").write_text(article, "utf-8")
    return folder


def built(
    folder: Path,
    generations: int = 1,
    entries: int = len(TOPICS),
    with_encoder: KeywordEncoder | None = None,
) -> Path:
    """`kb` in this folder, of so many generations; gen-7 says 7."""
    for number in range(1, generations + 1):
        written = sources(folder / "sources", number, entries)
        build(written, folder / "kb", with_encoder or encoder())
    return folder / "kb"


def ask(kb: Path) -> dict[str, Any]:
    """What is loaded there and what it answers, without what differs between two askings."""
    return answers(Knowledge.load(kb, encoder()))


def answers(knowledge: Knowledge) -> dict[str, Any]:
    """The same of one that is loaded already."""
    answerer = Answerer(knowledge, encoder())
    given = [answerer.answer(question).to_dict() for question in QUESTIONS]
    for answer in given:
        del answer["id"], answer["took_ms"]
    said = {"generation": knowledge.generation, "degraded": knowledge.degraded, "answers": given}
    as_sent: dict[str, Any] = json.loads(json.dumps(said))
    return as_sent
