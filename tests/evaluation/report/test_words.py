import pytest

from qa.evaluation.report import words
from tests.evaluation.report.reading import HOSTILE, parse


def test_what_html_forbids_is_shown_as_an_escape() -> None:
    assert words.shown("a\x00b\x1b[0m\x85\ud800\ufffe") == r"a\x00b\x1b[0m\x85\ud800\ufffe"
    assert words.shown("\u202eevil") == r"\u202eevil"
    assert words.shown("one\r\ntwo\tthree") == "one\ntwo\tthree"


def test_what_scripts_need_stays() -> None:
    text = "می\u200cخواهم \u200fשלום\u200e 👩\u200d🚀 naïve\u00a0–"
    assert words.shown(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_shown_can_stand_in_html_and_be_written(text: str) -> None:
    shown = words.shown(text)

    assert shown.encode("utf-8").decode("utf-8") == shown
    parse(f"<!doctype html><html><head><title>t</title></head><body><p>{shown}</p></body></html>")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("four words of all", "four words of all"),
        ("  on \n one\tline ", "on one line"),
        ("a sentence that is longer than it may", "a sentence that is…"),
        ("x" * 40, "x" * 19 + "…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, cut: str) -> None:
    assert words.clipped(text, 20) == cut


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0%"), (1.0, "100%"), (0.825, "82%"), (0.0004, "under 1%"), (0.9996, "over 99%"),
        (None, "–"), (float("nan"), "–"),
    ],
)  # fmt: skip
def test_only_none_is_no_percent_and_only_all_is_a_hundred(
    share: float | None, written: str
) -> None:
    assert words.percent(share) == written


def test_percentages_of_a_tenth() -> None:
    assert words.percent(0.957, 1) == "95.7%"
    assert words.percent(0.0004, 1) == "under 0.1%"


def test_numbers() -> None:
    assert (words.count(1000), words.counted(1, "gate"), words.counted(2, "gate")) == (
        "1,000",
        "1 gate",
        "2 gates",
    )
    assert (words.decimal(0.9), words.decimal(None)) == ("0.900", "–")
    assert [words.signed(x) for x in (0.0131, -0.02, -0.0001)] == ["+0.013", "−0.020", "0.000"]
    assert (words.chance(0.0004), words.chance(0.29)) == ("p < 0.001", "p = 0.290")
    assert words.between(0.88, 0.94) == "0.880 to 0.940"
    assert words.between(None, None) == "–"
    assert [words.ordinal(rank) for rank in (1, 2, 3, 4, 10)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "10th",
    ]
    assert [words.threshold(line) for line in (0.5, 0.0371, 0.954)] == ["0.50", "0.037", "0.954"]
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("setting", "told"),
    [("0.037111049623240425", "0.037111"), ("1.0", "1"), ("0.1.0", "0.1.0"), ("7", "7")],
)
def test_a_long_number_among_the_settings_is_shortened(setting: str, told: str) -> None:
    assert words.short_number(setting) == told


def test_a_moment_is_told_in_utc() -> None:
    assert words.moment("2026-11-25T10:12:03+01:00") == (
        '<time datetime="2026-11-25T09:12:03+00:00">25 Nov 2026, 09:12 UTC</time>'
    )
    assert words.moment("last <week>\x00") == "last &lt;week&gt;\\x00"


def test_a_day_is_told_as_exactly_as_it_is_known() -> None:
    assert words.day("2025-10-09") == '<time datetime="2025-10-09">9 Oct 2025</time>'
    assert words.day("2025") == '<time datetime="2025">2025</time>'
    assert words.day("<autumn>\x00") == "&lt;autumn&gt;\\x00"


@pytest.mark.parametrize("url", ["javascript:1", "/source/p1", "data:text/html,x", "//x.org", ""])
def test_only_the_web_is_linked(url: str) -> None:
    assert words.web_link(url) is None
    assert words.web_link('https://example.org/"><b>') == "https://example.org/%22%3E%3Cb%3E"


def test_text_within_a_sentence_is_isolated_and_escaped() -> None:
    assert words.isolated("<b>\x00") == "<bdi>&lt;b&gt;\\x00</bdi>"
