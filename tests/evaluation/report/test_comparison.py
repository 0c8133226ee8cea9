from typing import Any

import pytest

from qa.evaluation.report import comparison
from qa.evaluation.report.page import MAX_SHOWN
from tests.evaluation.report import sample
from tests.evaluation.report.reading import HOSTILE, assert_is_alone, ids, parse, words
from tests.web import shape
from tests.web.fakes import XSS


def page(**changes: Any) -> str:
    return comparison(sample.comparison(**changes), sample.flips())


def test_the_page_is_html_to_the_letter_and_needs_nothing_else() -> None:
    parse(page())
    assert_is_alone(page())
    assert len(ids(page())) == len(set(ids(page())))
    parse(comparison(sample.comparison(metrics=[], changed=[], only_a=[]), []))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("worse", "bge-small is worse than minilm"),
        ("better", "bge-small is better than minilm"),
        ("no clear difference", "No clear difference between minilm and bge-small"),
    ],
)
def test_the_verdict_is_the_headline(verdict: str, said: str) -> None:
    assert f"Comparison {said} A: minilm" in words(page(verdict=verdict))


def test_runs_of_one_name_are_told_apart() -> None:
    same = {"name": "q", "made": "2026-11-18T10:00:00+00:00", "settings": {}}

    assert "q (after) is worse than q (before)" in words(page(a=same, b=same))


def test_what_was_mended_and_lost_and_what_changed_come_first() -> None:
    text = words(page())

    assert "Mended 12 now as they should be" in text
    assert "Lost 30 were as they should be" in text
    assert "encoder all-MiniLM-L6-v2 bge-small-en-v1.5" in text
    assert "2 questions in A alone, left out of all that follows: q201, q202." in text
    assert "Nothing in the settings." in words(page(changed=[]))


def test_long_numbers_are_cut_where_that_still_tells_them_apart() -> None:
    changed = [
        {"what": "slope", "a": "1.0", "b": "1.161459945903173"},
        {"what": "line", "a": "0.5000000001", "b": "0.5"},
    ]

    text = words(page(changed=changed))

    assert "slope 1 1.16146" in text
    assert "line 0.5000000001 0.5" in text


def test_many_questions_of_one_run_are_counted() -> None:
    text = words(page(only_b=[f"q{n}" for n in range(1, 1_203)]))

    assert "1,202 questions in B alone" in text
    assert "q20 and 1,182 more." in text


def test_the_numbers_stand_side_by_side_with_their_intervals() -> None:
    text = words(page())

    assert "−0.024, 95% interval −0.047 to −0.003" in text
    assert "−0.047 to −0.003 0.021 148" in text
    assert "precision 0.857 0.761 −0.096" in text
    assert "−0.151 to −0.043 < 0.001 142" in text
    assert "Right 120 Rightly silent 40 Silent 20 Wrong 12 Wrongly answered 8" in text
    assert "Right 108 Rightly silent 34 Silent 24 Wrong 20 Wrongly answered 14" in text


def test_questions_that_turned_come_worse_first() -> None:
    text = words(page())

    assert text.index("Worse (30)") < text.index("Better (12)")
    assert "right → silent" in text[: text.index("Better (12)")]
    assert "right → silent" not in text[text.index("Better (12)") :]
    assert "minilm right “Each week costs fifty cents" in text
    assert "bge-small silent Silence." in text
    assert "Questions that turned None." in words(comparison(sample.comparison(), []))


def test_above_two_thousand_the_first_are_shown() -> None:
    html = comparison(sample.comparison(), sample.flips(worse=20, better=2_000))

    assert html.count('<details class="one">') == MAX_SHOWN
    assert "The first 2,000 of 2,020" in words(html)
    assert "Worse (20)" in words(html)


@pytest.mark.parametrize("text", [*XSS, *HOSTILE])
def test_no_text_of_others_becomes_markup(text: str) -> None:
    def filled(text: str) -> str:
        side = {"name": text, "made": text, "settings": {}}
        flip = {"id": text, "question": text, "a": "right", "b": text, "better": False,
                "a_text": text, "b_text": "x"}  # fmt: skip
        return comparison(
            sample.comparison(a=side, b={**side, "name": f"{text}!"}, only_a=[text], sentence=text,
                              changed=[{"what": text, "a": text, "b": text}]),
            [flip],
        )  # fmt: skip

    html = filled(text)

    parse(html)
    assert_is_alone(html)
    if text in XSS:
        assert [n for n, _ in shape.tags(html)] == [n for n, _ in shape.tags(filled("harmless"))]
        assert words(html).count(" ".join(text.split())) == words(filled("harmless")).count(
            "harmless"
        )
