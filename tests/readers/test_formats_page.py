"""docs/formats.md says what is read: of every ending, and something below every heading."""

from pathlib import Path

from index.readers import READERS

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")


def test_every_ending_has_its_place_in_the_table() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `.")]
    endings = [ending.strip(" `") for row in rows for ending in row.split(",")]

    assert sorted(endings) == sorted(READERS)


def test_no_section_is_empty() -> None:
    sections = [section.partition("\n") for section in PAGE.split("\n## ")]

    assert [heading for heading, _, text in sections if not text.strip()] == []
