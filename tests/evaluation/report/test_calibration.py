import pytest

from qa.evaluation.report import calibration
from tests.evaluation.report import sample
from tests.evaluation.report.reading import HOSTILE, assert_is_alone, ids, parse, words
from tests.web.fakes import XSS


def test_the_page_is_html_to_the_letter_and_needs_nothing_else() -> None:
    html = calibration(sample.record())

    parse(html)
    assert_is_alone(html)
    assert len(ids(html)) == len(set(ids(html)))


def test_the_promise_is_the_headline_and_what_it_rests_on_the_first_sentence() -> None:
    text = words(calibration(sample.record()))

    assert (
        "Calibration 95% of answers right; covers 83% of questions questions.csv 400 questions "
        "25 Nov 2026, 09:12 UTC gen-7 Answering from confidence 0.62 on, 95.7% of the answers to "
        "these 400 questions are right (95% interval 92.9% to 97.4%). Of questions that the line "
        "was not fitted to, expect 81.5% to be answered and 94.8% of the answers to be right, "
        "under the promise."
    ) in text


def test_a_promise_kept_out_of_fold_and_a_missing_interval() -> None:
    record = sample.record(
        low=None, high=None, out_of_fold={"precision": 0.96, "coverage": 0.8}, promise=0.995
    )

    text = words(calibration(record))

    assert "99.5% of answers right; covers 83%" in text
    assert "questions are right. Of questions" in text
    kept = sample.record(out_of_fold={"precision": 0.96, "coverage": 0.8})
    assert "to be right, which keeps the promise." in words(calibration(kept))


def test_before_and_now_stand_below_each_other() -> None:
    text = words(calibration(sample.record()))

    assert "Before 0.50 92.1% 94.0% 0.112 Now 0.62 95.7% 83.0% 0.031" in text
    assert "Questions not fitted to – 94.8% 81.5% –" in text


def test_the_curve_has_the_line_the_promise_and_where_it_stood() -> None:
    html = calibration(sample.record())

    assert "83% answered, 4.3% wrong" in words(html)
    assert "at most 5% wrong" in words(html)
    assert "The line now in use, 0.62, answers 83%, of which 4.3% are wrong. The hollow dot" in (
        words(html)
    )
    assert 'id="reliability-before-title"' in html
    assert 'id="reliability-now-title"' in html


@pytest.mark.parametrize("text", [*XSS, *HOSTILE])
def test_no_text_of_others_becomes_markup(text: str) -> None:
    html = calibration(
        sample.record(name=text, made=text, generation=text, encoder=text, corpus=text)
    )

    parse(html)
    assert_is_alone(html)
    if text in XSS:
        assert words(html).count(" ".join(text.split())) == 7
