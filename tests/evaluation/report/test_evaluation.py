import re
from typing import Any

import pytest

from qa.evaluation.report import evaluation
from qa.evaluation.report.page import MAX_SHOWN
from tests.evaluation.report import sample
from tests.evaluation.report.reading import HOSTILE, assert_is_alone, attributes, ids, parse, words
from tests.web import shape
from tests.web.fakes import XSS


def report(rows: list[Any], **changes: Any) -> str:
    """The report of these rows."""
    return evaluation(sample.summary(rows, **changes), rows)


def part(html: str, begin: str, end: str) -> str:
    """What is shown from one text up to another."""
    text = words(html)
    start = text.index(begin)
    return text[start : text.index(end, start + len(begin))]


@pytest.mark.parametrize("n", [0, 1, 60])
def test_the_page_is_html_to_the_letter_and_needs_nothing_else(n: int) -> None:
    html = evaluation(*sample.library(n)) if n else report([])

    parse(html)
    assert_is_alone(html)
    assert len(ids(html)) == len(set(ids(html)))


def test_the_policy_forbids_scripts_and_all_that_is_fetched() -> None:
    html = report(sample.rows(1))

    assert (
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        'style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">'
    ) in html


def test_the_first_screen_has_three_numbers_and_a_sentence() -> None:
    html = evaluation(*sample.library())

    sentence = (
        "Of 60 questions, 42 got what they should: 30 a right answer and 12 silence where the "
        "sources hold no answer. 6 met silence though the sources hold an answer, 6 got a wrong "
        "answer and 6 got an answer though the sources hold none."
    )
    assert part(html, "Good", "Questions to fix") == (
        "Good 42 70% a right answer, or silence where there is none "
        "Silent 6 10% though the sources hold an answer "
        "Wrong 12 20% a wrong answer, or one where there is none "
        f"Outcomes{sentence} Right 30 Rightly silent 12 Silent 6 Wrong 6 Wrongly answered 6 "
        f"{sentence} "
        "No clear difference from last time. Of 60 questions asked both times, 6 came right and 2 "
        "went wrong (p = 0.289). Last time: report/before, 18 Nov 2026, 10:00 UTC. "
        "1 of 2 gates passed. passed mrr@10 is 0.913, needed at least 0.85 "
        "failed ece is 0.083, needed at most 0.05 "
    )


@pytest.mark.parametrize(
    ("verdict", "said"), [("better", "Better than last time."), ("worse", "Worse than last time.")]
)
def test_the_verdict_on_the_last_time_is_said_in_words(verdict: str, said: str) -> None:
    rows = sample.rows(10)

    assert said in words(report(rows, since={**sample.SINCE, "verdict": verdict}))
    assert "last time" not in words(report(rows))


def test_the_header_names_what_was_asked_and_of_what() -> None:
    assert part(evaluation(*sample.library()), "Evaluation", "Good") == (
        "Evaluation questions.csv 25 Nov 2026, 09:12 UTC knowledge base kb, gen-7 9 documents "
        "12 passages 60 questions asked "
    )


def test_an_interrupted_run_says_so_first() -> None:
    html = report(sample.rows(512), of=1000)

    assert "Interrupted: 512 of 1,000 questions were asked." in words(html)
    assert "Interrupted" not in words(report(sample.rows(5)))


def test_quotes_that_are_not_in_their_source_are_a_banner_and_listed() -> None:
    failure = {"id": "q7", "quote": "It never <said>", "reason": "faq.md does not say so"}
    html = report(sample.rows(10), grounding={"quotes": 310, "verified": 309, "failed": [failure]})

    assert "Grounding failed: 1 of 310 quotes does not stand in the source that is cited." in words(
        html
    )
    assert "q7: It never <said> faq.md does not say so" in words(html)


def test_where_nothing_is_labelled_it_says_what_can_be_said() -> None:
    why = "neither an expected source nor answer, nor whether there is one"
    unlabelled = {"outcome": "unscored", "why": why, "right": None}
    answered = sample.row(0, "Open?", **sample.from_faq(3), **unlabelled)
    silent = sample.row(1, "Who?", **unlabelled, status="abstained", confidence=0.2)
    rows = [answered, answered, silent]

    html = report(rows, unscored={why: 3}, metrics={}, curve=[], reliability=[], latency=None,
                  questions_per_second=None)  # fmt: skip

    parse(html)
    assert "Answered 2 67% with a quote Silent 1 33% no answer given" in words(html)
    assert "Of 3 questions, 2 got an answer and 1 met silence. Nothing is labelled" in words(html)
    assert "Questions to fix" not in words(html)
    assert f"Silent; not scored: {why}: confidence 0.20 is below the line, 0.50." in words(html)
    assert "Nothing was measured." in words(html)


def test_some_that_could_not_be_scored_are_told_with_the_reason() -> None:
    rows = sample.rows(10)
    outcomes = {**sample.summary(rows)["outcomes"], "unscored": 5}

    html = report(rows, outcomes=outcomes, unscored={"nothing is labelled": 5})

    assert "5 more could not be scored: nothing is labelled." in words(html)


def test_no_question_is_a_page_too() -> None:
    html = report([])

    assert "No question was asked." in words(html)
    assert "Every question" not in words(html)


def test_the_worst_come_first_and_lead_to_their_details() -> None:
    html = evaluation(*sample.library())

    section = html[html.index('<h2 id="fix">') : html.index('<h2 id="lacking">')]
    leads = [value for name, value in attributes(section) if name == "href"]
    assert len(leads) == 10
    assert "The 10 worst of 18. Wrong answers come first, the surest on top" in words(section)
    told = re.findall(r"confidence (0\.\d\d)", words(section))
    assert told == sorted(told, reverse=True)
    assert set(leads) <= {f"#{id_}" for id_ in ids(html)}


def test_every_question_opens_to_all_that_is_known_of_it() -> None:
    html = evaluation(*sample.library())

    assert part(html, "q5 line 6", "Found").startswith(
        "q5 line 6 kind typo tag money Answered with confidence 0.85, rightly. "
        f"“{sample.FLOOD}”1 1 A short history of the harbour library › The flood "
        "Harbour Gazette 19 Oct 2025 Read in source ↗ "
    )
    assert f'<a href="{sample.URL}#:~:text=A%20flood" rel="noopener noreferrer">' in html
    assert f"from the next town. <mark>{sample.FLOOD}</mark> Readers from forty" in html


def test_a_source_without_an_address_is_named_by_its_file() -> None:
    html = report([sample.row(0, "Open?", **sample.from_faq(3))])

    assert "Harbour Library 1 Mar 2026 faq.md" in words(html)
    assert "/source/" not in html


def test_an_abstention_shows_what_it_withheld_and_whether_that_was_right() -> None:
    html = evaluation(*sample.library())

    assert part(html, "q6 line 7", "Found") == (
        "q6 line 7 kind keywords tag opening Silent, though the sources hold an answer: confidence "
        "0.39 is below the line, 0.50. Withheld “Each week costs fifty cents a book. After eight "
        "weeks the book is charged at its price.” This would have been right. Closest Can children "
        "borrow films? Expected faq:6 came 2nd Scores hit@1 0.000 · mrr@10 0.500 "
    )


def test_a_confidence_just_below_the_line_is_told_apart_from_it() -> None:
    row = sample.row(0, "Open?", status="abstained", confidence=0.4993, outcome="silent")

    assert "confidence 0.499 is below the line, 0.500." in words(report([row]))


def test_the_ranking_marks_what_was_expected() -> None:
    html = evaluation(*sample.library(10))

    wrong = html[html.index('id="q-10"') :]
    assert words(wrong[: wrong.index("</details>")]).endswith(
        "Found faq:7 0.840 faq:2 0.830 expected faq:1 0.820 faq:3 0.810 faq:4 0.800 faq:5 0.790 "
        "faq:6 0.780 faq:8 0.770"
    )


def test_outcomes_stand_in_the_order_of_their_need() -> None:
    html = evaluation(*sample.library())

    headings = re.findall(r"<h3>([^<]+) \((\d+)\)</h3>", html)
    assert [(heading.split(":")[0], n) for heading, n in headings] == [
        ("Wrong", "6"), ("Wrongly answered", "6"), ("Silent", "6"), ("Right", "30"),
        ("Rightly silent", "12"),
    ]  # fmt: skip


def test_above_two_thousand_only_those_in_need_are_shown() -> None:
    rows = sample.rows(2_050)

    html = report(rows)

    assert html.count('<details class="one">') == MAX_SHOWN == 2_000
    assert (
        "The 2,000 of 2,050 questions most in need of attention. The other 50 stand in "
        "results.jsonl." in words(html)
    )
    shown = set(ids(html))
    needed = {f"q-{p + 1}" for p, row in enumerate(rows) if row["outcome"] in ("wrong", "silent")}
    assert needed <= shown
    leads = {value[1:] for name, value in attributes(html) if name == "href" and value[0] == "#"}
    assert leads <= shown


def test_every_metric_is_told_as_measured() -> None:
    text = words(evaluation(*sample.library()))

    assert "mrr@10 0.913 0.838 to 0.972 42 one over the rank of the first expected source" in text
    assert "f1 0.412 – 6 words in common with the nearest gold answer" in text
    assert "p95 27.5 ms – 60 19 of 20 take no longer" in text
    assert "questions per second 143.2 – 60" in text
    for group in ("Finding hit@1", "Quoting exact_match", "Citing citation_", "Deciding precision",
                  "Speed p50"):  # fmt: skip
        assert group in text


def test_a_metric_of_another_name_is_shown_too() -> None:
    assert "Other brevity 0.500 – 7" in words(
        report(sample.rows(2), metrics={"brevity": sample.metric(0.5, 7)})
    )


def test_what_gave_no_score_is_told_with_the_reason() -> None:
    ineligible = {"finding": {"no expected source": 20}, "quoting": {"no expected source": 20},
                  "mrr@10": {"not answerable": 47}}  # fmt: skip

    text = words(report(sample.rows(2), ineligible=ineligible))

    assert "Finding, Quoting no expected source 20 mrr@10 not answerable 47" in text


def test_kinds_and_tags_have_their_tables() -> None:
    text = words(evaluation(*sample.library()))

    assert "By kind Kind Questions Good Silent Wrong Share good hit@1 mrr@10" in text
    assert "lending 20 14 2 4 70% 0.861 0.913" in text
    assert "same_answer" not in text
    groups = {"kind": [{"name": "typo", "n": 6, "outcomes": {"right": 6}, "metrics": {
        "same_answer": sample.metric(1.0, 6)}}], "tag": []}  # fmt: skip
    other = words(report(sample.rows(1), groups=groups))
    assert "Share good same_answer typo 6 6 0 0 100% 1.000" in other
    assert "By tag" not in other


def test_the_settings_are_all_there() -> None:
    text = words(report(sample.rows(1)))

    assert "calibration.answer_from 0.5" in text
    assert "counts.passages 12" in text
    assert "ab" * 32 in text


def test_many_notes_unfold() -> None:
    notes = [f"columns not read: column-{n}" for n in range(8)]

    html = report(sample.rows(1), notes=notes)

    assert "5 more notes" in words(html)
    assert all(note in words(html) for note in notes)


@pytest.mark.parametrize("payload", XSS)
def test_no_text_of_others_becomes_markup(payload: str) -> None:
    html, harmless = hostile_report(payload), hostile_report("harmless")

    assert [name for name, _ in shape.tags(html)] == [name for name, _ in shape.tags(harmless)]
    shown = " ".join(payload.split())
    assert words(html).count(shown) == words(harmless).count("harmless") > 30
    assert_is_alone(html)
    parse(html)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_bytes_come_the_page_is_html_in_utf_8(text: str) -> None:
    html = hostile_report(text)

    html.encode("utf-8")
    parse(html)
    assert_is_alone(html)


def hostile_report(text: str) -> str:
    """A report with `text` wherever others write."""
    cited = sample.quoted(
        f"{text} it said", f"Before. {text} it said, and after.", title=text, publisher=text,
        date=text, source=text, headings=[text, text], document=text, passage=text,
    )  # fmt: skip
    labelled = sample.case(
        text, sources={text: 1}, answers=[text], tags=[text], kind=text, like=text
    )
    silence = {"status": "abstained", "withheld": [{"text": text, "passage": text}],
               "nearest": [{"text": text, "passage": text}]}  # fmt: skip
    rows = [
        sample.row(0, text, **cited, case=labelled, ranking=[[text, 0.9]], answering=text),
        sample.row(1, text, **cited, case=labelled, outcome="wrong", right=False),
        sample.row(2, text, **silence, case=labelled, outcome="silent", right=True),
        sample.row(3, text, **silence, case=sample.case(text, answerable=False),
                   outcome="rightly silent"),
        sample.row(4, text, **silence, case=labelled, outcome="unscored", why=text),
    ]  # fmt: skip
    pair = {"first": text, "second": f"{text}!", "first_question": text, "second_question": text,
            "closeness": 0.9, "same_answer": True, "stolen": [
                {"id": text, "question": text, "expected": text, "got": text}]}  # fmt: skip
    settings = {**sample.SETTINGS, "knowledge_base": text, "generation": text, "encoder": text}
    group = [{"name": text, "n": 1, "outcomes": {"right": 1}, "metrics": {}}]
    return report(
        rows, name=text, made=text, notes=[text], collisions=[pair], settings=settings,
        since={**sample.SINCE, "name": text, "made": text}, unscored={text: 1},
        groups={"kind": group, "tag": group},
        grounding={"quotes": 9, "verified": 8, "failed": [
            {"id": text, "quote": text, "reason": text}]},
    )  # fmt: skip


@pytest.mark.parametrize(
    "link", ["javascript:window.__xss=1", "/source/p1#quote", "data:text/html,x", "file:///x"]
)
def test_only_the_web_is_linked(link: str) -> None:
    cited = sample.quoted("Yes.", "Yes.", url=link, link=link)

    html = report([sample.row(0, "Open?", **cited)])

    assert all(value.startswith("#") for name, value in attributes(html) if name == "href")


def test_a_quote_that_does_not_stand_in_its_context_is_not_marked() -> None:
    cited = sample.quoted("Yes.", "Yes. Every day.")
    cited["quotes"][0]["start"], cited["quotes"][0]["end"] = 3, 7

    html = report([sample.row(0, "Open?", **cited)])

    assert "<mark>" not in html
    assert "Yes. Every day." in words(html)


def test_a_long_passage_is_cut_around_its_quote() -> None:
    context = "Before it. " * 100 + "Here it is." + " After it." * 100

    html = report([sample.row(0, "Open?", **sample.quoted("Here it is.", context))])

    around = re.search(r'<p class="around text" dir="auto">(.*)</p>', html)
    assert around is not None
    assert re.fullmatch(r"…\s?(Before|it\.).*<mark>Here it is\.</mark>.*…", around[1])
    assert len(around[1]) < 540


def test_two_cases_with_one_id_have_places_of_their_own() -> None:
    twice = [sample.row(0, "Open?", case=sample.case("same id")) for _ in range(2)]

    assert [id_ for id_ in ids(report(twice)) if id_.startswith("q-")] == ["q-1", "q-2"]
