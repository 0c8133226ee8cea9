"""Files that mean harm, or that nobody meant: each is a problem with its line, or does no harm."""

import os
from pathlib import Path

import pytest

from index.passages import split
from index.readers import MAX_BYTES, read_folder
from index.repeats import repeats
from tests.index.texts import article, faq
from tests.readers.shape import entries, problems, read


def test_the_same_text_twice_is_told_with_both_places() -> None:
    documents = [
        faq("When?", "At nine.", source="a.md", line=3),
        faq("when", "At nine.", source="b.md"),
        faq("How often?", "At nine.", source="c.md"),
        article(("paragraph", "At nine."), source="d\n.md"),
        article(("paragraph", "At nine."), source="e.md"),
    ]

    assert repeats(documents) == (
        "b.md:1: says the same as a.md:3; remove one of them",
        "e.md:1: says the same as d\\n.md:1; remove one of them",
    )


def test_a_paragraph_of_ten_megabytes_is_split() -> None:
    sentence = "The ferry leaves at nine in the morning and comes back at six in the evening. "
    (document,) = read("a.md", sentence * 128_000).documents
    passages = split(document)

    assert len(document.text) == 128_000 * len(sentence) - 1
    assert max(len(passage.text) for passage in passages) <= 2_000
    assert sum(passage.text.count("ferry") for passage in passages) == 128_000


def test_a_table_of_a_hundred_thousand_columns_is_a_problem() -> None:
    reading = read("a.csv", "q,a" + ",x" * 99_998 + "\nOpen?,Yes.")

    assert (problems(reading), reading.documents) == (
        ["a.csv:1: 100,000 columns; keep to 1,000"],
        (),
    )


def test_aliases_that_multiply_are_not_followed() -> None:
    bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"

    assert problems(read("a.md", f"---\n{bomb}---\nText.")) == [
        "a.md:1: front matter has an alias (`*name`); write the value out or quote it"
    ]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system"])
def test_a_tag_that_would_run_something_runs_nothing(tag: str, tmp_path: Path) -> None:
    head = f"title: {tag} ['touch {tmp_path}/ran']"

    reading = read("a.md", f"---\n{head}\n---\nText.")

    assert [document.text for document in reading.documents] == ["Text."]
    assert problems(reading) == ["a.md:2: title is a list, not text; write it as text"]
    assert list(tmp_path.iterdir()) == []


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


def test_entities_that_a_page_declares_are_not_expanded() -> None:
    (document,) = read("a.html", f"{BOMB}<p>Text &b; &f;</p>").documents

    assert document.text.endswith("Text &b; &f;")
    assert "haha" not in document.text


def test_xml_is_not_read_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(BOMB)

    assert read_folder(tmp_path).ignored == ("a.xml (no reader)",)


def test_a_device_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "zero.md").symlink_to("/dev/zero")

    assert problems(read_folder(tmp_path)) == [
        "zero.md: this link leads out of the folder; copy the file into it"
    ]
    assert problems(read_folder(Path("/dev/zero"))) == [
        "zero: not a regular file; remove it from the folder"
    ]


def test_a_file_that_grows_while_it_is_read_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.txt"
    path.write_text("Small.")
    measure = os.fstat

    def measured_and_grown(place: int) -> os.stat_result:
        size = measure(place)
        os.truncate(path, MAX_BYTES + 1)
        return size

    monkeypatch.setattr(os, "fstat", measured_and_grown)

    assert problems(read_folder(tmp_path)) == [
        "log.txt: larger than 20,000,000 bytes; split it into several files"
    ]


def test_an_address_that_is_a_script_is_left_out() -> None:
    reading = read("a.md", "---\nurl: javascript:alert(1)\n---\n# Open?\n\nYes.")

    assert problems(reading) == [
        "a.md:2: url is not http or https: javascript:alert(1); write it in full, from https:// on"
    ]
    assert [document.url for document in reading.documents] == [""]


def test_a_formula_stays_text() -> None:
    assert entries(read("a.csv", "q,a\nOpen?,=cmd|' /C calc'!A0\n")) == [
        ("a.csv:q1", "Open?", "=cmd|' /C calc'!A0")
    ]
