"""Fields: names by any spelling, days, addresses."""

import pytest

from index.readers.draft import visible
from index.readers.fields import by_field, field_name, iso_date, web_address
from index.readers.harvest import name_as_title


@pytest.mark.parametrize(
    ("spelling", "name"),
    [(" Question ", "question"), ("Also_Asked-As", "alternates"), ("LANG", "language"), ("x", "")],
)
def test_a_field_goes_by_many_spellings(spelling: str, name: str) -> None:
    assert field_name(spelling) == name


def test_of_two_spellings_the_preferred_that_holds_a_value_counts() -> None:
    record = {"author": "Ann", "source": "Weekly", "publisher": ""}
    assert by_field(record) == {"publisher": "Weekly"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-10-19", "2025-10-19"),
        ("2025/1/9", "2025-01-09"),
        ("2025-10-19T23:59:00+02:00", "2025-10-19"),
        ("2025-10-19 08:00", "2025-10-19"),
        ("12.03.2025", "2025-03-12"),
        ("9.1.2025", "2025-01-09"),
        ("2025", "2025"),
        ("2025-10", "2025-10"),
        ("", ""),
    ],
)
def test_days_are_written_one_way(text: str, day: str) -> None:
    assert iso_date(text, pytest.fail) == day


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "30.02.2025",
        "03.13.2025",
        "3.5.25",
        "03/05/2025",
        "3 May 2025",
        "yesterday",
        "2025-13",
    ],
)
def test_other_days_are_reported(text: str) -> None:
    said: list[str] = []
    assert iso_date(text, said.append) == ""
    assert said == [f"date is not a day like 2025-10-19: {text}; write it so"]


@pytest.mark.parametrize("text", ["https://a.example/b?c#d", "http://a.example", ""])
def test_web_addresses_stay(text: str) -> None:
    assert web_address(text, pytest.fail) == text


@pytest.mark.parametrize(
    "text", ["data:text/html,x", "https://a b", "https://", "//a.example", "http://[x"]
)
def test_other_addresses_are_reported(text: str) -> None:
    said: list[str] = []
    assert web_address(text, said.append) == ""
    assert said == [f"url is not http or https: {text}; write it in full, from https:// on"]


def test_what_is_not_seen_goes_and_joiners_stay() -> None:
    assert visible("a\xadb\u200bc\xa0d\x07\u200de\ud800") == "abc d\u200de\ufffd"


@pytest.mark.parametrize(
    ("name", "title"), [("a/return-policy_2.md", "Return policy 2"), ("_.txt", "_")]
)
def test_a_file_name_makes_a_title(name: str, title: str) -> None:
    assert name_as_title(name) == title
