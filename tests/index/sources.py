"""A small folder of sources: three FAQ entries and an article."""

from pathlib import Path

from tests.keyword_encoder import KeywordEncoder

FAQ = """# Zone

## How long is it?
Also asked as: What is its length?

It runs 248 km.

## How wide is it?

Four km.

## Who guards it?

Two armies.
"""

ARTICLE = """---
title: A walk
url: https://example.org/walk
---

## The way

A dog went along. A cat came too.
"""


def sources(folder: Path, faq: str = FAQ, article: str = ARTICLE) -> Path:
    """Write the files into `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "faq.md").write_text(faq, "utf-8")
    (folder / "walk.md").write_text(article, "utf-8")
    return folder


def encoder(name: str = "keywords") -> KeywordEncoder:
    """Knows four words of these sources."""
    return KeywordEncoder("dog", "cat", "km", "armies", name=name)


# All texts with a vector: passages, sentences, questions.
ENCODED = [
    "How long is it?\nIt runs 248 km.",
    "How wide is it?\nFour km.",
    "Who guards it?\nTwo armies.",
    "A walk\nThe way\nA dog went along. A cat came too.",
    "It runs 248 km.",
    "Four km.",
    "Two armies.",
    "A dog went along.",
    "A cat came too.",
    "How long is it?",
    "What is its length?",
    "How wide is it?",
    "Who guards it?",
]
