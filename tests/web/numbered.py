"""Knowledge bases on disk whose every text carries the number of its generation."""

import re
from pathlib import Path
from typing import Any

from index.build import publish
from index.generation import current
from index.readers import read_folder
from qa.answerer import Answerer
from qa.follow import Follower, mark
from qa.live import Live
from qa.opening import opened
from tests.keyword_encoder import KeywordEncoder

WHEN = "When does the ferry leave?"
WHO = "Who feeds the gull?"


def encoder() -> KeywordEncoder:
    return KeywordEncoder("ferry", "gull", "tide")


def write(sources: Path, number: int) -> Path:
    """Sources of two entries and an article; the article's passage is only in odd numbers."""
    sources.mkdir(exist_ok=True)
    said = f"The ferry leaves at pier {number}."
    (sources / "faq.md").write_text(
        f"---\nkind: faq\n---\n\n## {WHEN}\n{'Look. ' * ((number - 1) % 3)}{said}\n\n"
        f"## {WHO}\nNumber {number} feeds the gull.\n"
    )
    tides = sources / "tides.md"
    tides.unlink(missing_ok=True)
    if number % 2:
        tides.write_text(f"# Tides\n\nThe tide of day {number} turns at noon.\n")
    return sources


def published(home: Path, number: int) -> str:
    """Generation `number` of `home / "kb"`."""
    documents = read_folder(write(home / "src", number)).documents  # no process apart for each
    publish(documents, home / "kb", encoder(), sources=str(home / "src"))
    return current(home / "kb")


def serving_from(home: Path) -> tuple[Live[Answerer], Follower]:
    """What serves the generation that is there, and what makes it go on to later ones."""
    kb = home / "kb"
    served = mark(kb)
    live = Live(opened(kb, encoder()))
    return live, Follower(kb, live, served)


def numbers(text: str) -> set[int]:
    """The generations that these words are from."""
    return {int(number) for number in re.findall(r"(?:pier|Number|day|gen-) ?(\d+)", text)}


def mixed(answer: dict[str, Any]) -> bool:
    """Whether an answer has words or links of another generation than it names."""
    said = [quote["text"] for quote in answer["quotes"]]
    said += [citation["context"] + citation["link"] for citation in answer["citations"]]
    return numbers(" ".join(said)) != numbers(answer["generation"])
