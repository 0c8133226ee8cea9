import re
from xml.etree import ElementTree

import pytest

from qa.evaluation.report import bars, charts
from qa.evaluation.report.svg import Chart, Plot, element
from tests.evaluation.report import sample

POINTS = [
    {"coverage": 0.25, "risk": 0.0, "confidence": 0.9},
    {"coverage": 0.5, "risk": 0.0, "confidence": 0.7},
    {"coverage": 0.8, "risk": 0.04, "confidence": 0.5},
    {"coverage": 1.0, "risk": 0.25, "confidence": 0.1},
]
BINS = [
    {"low": 0.4, "high": 0.5, "confidence": 0.45, "right": 0.3, "n": 20},
    {"low": 0.9, "high": 1.0, "confidence": 0.95, "right": 0.97, "n": 60},
    {"low": 0.8, "high": 0.9, "confidence": 0.0, "right": 0.0, "n": 0},
]
TIMES = {"n": 100, "p50": 19.1, "p90": 24.0, "p95": 27.46, "p99": 40.2}
OUTCOMES = {"right": 120, "rightly silent": 40, "silent": 20, "wrong": 12, "wrongly answered": 8}


def drawn(chart: Chart) -> ElementTree.Element:
    """The drawing as XML, which ids and quotes have to be right for."""
    return ElementTree.fromstring(str(chart.svg))


def texts(chart: Chart) -> list[str]:
    return [node.text or "" for node in drawn(chart).iter("text")]


@pytest.mark.parametrize(
    "chart",
    [
        charts.risk_coverage(POINTS, 0.5),
        charts.reliability(BINS),
        bars.stacked(OUTCOMES),
        bars.latency(TIMES),
    ],
    ids=lambda chart: chart.key,
)
def test_every_chart_says_its_finding_in_words(chart: Chart) -> None:
    svg = drawn(chart)
    title, finding = svg.find("title"), svg.find("desc")

    assert title is not None
    assert finding is not None
    assert (svg.get("role"), finding.text) == ("img", chart.sentence)
    assert svg.get("aria-labelledby") == f"{title.get('id')} {finding.get('id')}"
    assert chart.rows
    assert {len(row) for row in chart.rows} == {len(chart.columns)}


def test_the_risk_is_told_at_four_fifths_and_at_the_line() -> None:
    chart = charts.risk_coverage(POINTS, 0.6)

    assert chart.sentence == (
        "At 80% answered, 4.0% of answers are wrong. The line now in use, 0.60, answers 50%, of "
        "which 0.0% are wrong."
    )
    assert {"line 0.60", "50% answered, 0.0% wrong"} <= set(texts(chart))


def test_the_operating_point_stands_where_the_line_leads() -> None:
    (dot,) = drawn(charts.risk_coverage(POINTS, 0.5)).iter("circle")

    # From 40 to 322 across; hairlines of 10% up to 40%, over 152 units above 188.
    assert (dot.get("cx"), dot.get("cy")) == ("265.6", "172.8")


def test_what_was_measured_goes_before_what_the_points_say() -> None:
    chart = charts.risk_coverage(POINTS, 0.5, measured=(0.79, 0.041), before=(0.9, 0.1))

    assert "answers 79%, of which 4.1% are wrong. The hollow dot" in chart.sentence
    assert [node.get("class") for node in drawn(chart).iter("circle")] == ["earlier", "now"]


def test_a_line_that_lets_nothing_through_is_said_and_not_drawn() -> None:
    chart = charts.risk_coverage(POINTS, 0.99)

    assert chart.sentence.endswith("The line now in use, 0.990, lets no answer through.")
    assert list(drawn(chart).iter("circle")) == []


def test_a_limit_is_drawn_with_its_number() -> None:
    assert "at most 5% wrong" in texts(charts.risk_coverage(POINTS, 0.5, allowed=1 - 0.95))


def test_the_curve_as_a_table_has_every_tenth_once() -> None:
    assert charts.risk_coverage(POINTS, 0.5).rows == (
        ("25%", "0.0%", "0.90"),
        ("50%", "0.0%", "0.70"),
        ("80%", "4.0%", "0.50"),
        ("100%", "25.0%", "0.10"),
    )


def test_one_early_mistake_does_not_flatten_the_curve() -> None:
    early = {"coverage": 0.01, "risk": 1.0, "confidence": 0.99}

    assert "40%" in texts(charts.risk_coverage([early, *POINTS], 0.5))
    assert "100%" in texts(charts.risk_coverage([early, *POINTS], 0.5))  # of the other axis
    assert texts(charts.risk_coverage([early, *POINTS], 0.5)).count("100%") == 1


def test_points_that_are_no_numbers_are_left_out() -> None:
    broken = {"coverage": float("nan"), "risk": 0.1, "confidence": 0.3}

    assert "nan" not in charts.risk_coverage([*POINTS, broken], 0.5).svg
    assert charts.risk_coverage([], 0.5).sentence == "No answer could be scored."


def test_confidence_is_held_against_what_came_true() -> None:
    chart = charts.reliability(BINS)

    assert chart.sentence.startswith(
        "Of the 60 answers that it was 95% sure of, given or withheld, 97% are right. It is "
        "furthest off where it was 45% sure: there 30% of 20 are right."
    )
    assert chart.rows == (
        ("0.4 to 0.5", "45.0%", "30.0%", "20"),
        ("0.9 to 1.0", "95.0%", "97.0%", "60"),
    )
    assert {"20", "60"} <= set(texts(chart))


def test_a_bin_is_as_large_as_its_number_of_questions() -> None:
    small, large = (
        float(node.get("r", 0)) for node in drawn(charts.reliability(BINS)).iter("circle")
    )

    assert (large / small) ** 2 == pytest.approx(60 / 20, rel=0.01)


def test_the_bar_is_cut_in_the_shares_of_the_outcomes() -> None:
    rects = [node for node in drawn(bars.stacked(OUTCOMES)).iter("rect") if node.get("x")]

    assert [(node.get("x"), node.get("width")) for node in rects] == [
        ("0.000%", "60.000%"), ("60.000%", "20.000%"), ("80.000%", "10.000%"),
        ("90.000%", "6.000%"), ("96.000%", "4.000%"),
    ]  # fmt: skip
    assert bars.stacked(OUTCOMES).rows[3:] == (
        ("Wrong", "12", "6%"),
        ("Wrongly answered", "8", "4%"),
    )


def test_each_outcome_has_a_fill_that_is_there_and_no_colour_alone() -> None:
    svg = bars.stacked(OUTCOMES, "bar-a").svg

    fills = re.findall(r'fill="url\(#([^)]+)\)"', svg)
    assert sorted(fills) == sorted(re.findall(r'<pattern id="([^"]+)"', svg))
    striped = {name for name in fills if _stripes(svg, name) == 2}
    assert striped == {"bar-a-rightly-silent", "bar-a-wrongly-answered"}


def _stripes(svg: str, name: str) -> int:
    pattern = svg[svg.index(f'id="{name}"') :]
    return pattern[: pattern.index("</pattern>")].count("<rect")


def test_nothing_scored_is_an_empty_bar() -> None:
    chart = bars.stacked({"unscored": 7})

    assert chart.sentence == "Nothing could be scored."
    assert 'class="segment"' not in chart.svg


def test_times_are_told_in_milliseconds() -> None:
    chart = bars.latency(TIMES)

    assert chart.sentence == (
        "Half of 100 questions took no longer than 19.1 ms, and 95 of 100 no longer than 27.5 ms."
    )
    assert chart.rows[3] == ("99%", "40.2 ms")


def test_a_difference_is_a_dot_on_a_scale_around_zero() -> None:
    svg = bars.interval(-0.05, -0.1, 0.0, 0.1, "d1")

    assert "−0.050, 95% interval −0.100 to 0.000" in svg
    assert 'cx="26.50%"' in svg
    assert "unclear" in svg
    assert "unclear" not in bars.interval(0.05, 0.01, 0.1, 0.1, "d1")


def test_a_point_beyond_the_frame_stands_at_its_edge() -> None:
    plot = Plot(0.5, 230)

    assert plot.at(2, 9) == plot.at(1, 0.5) == (322, 36)


def test_text_in_a_drawing_is_escaped() -> None:
    assert element("text", "<b>&\x00", x=1.0) == '<text x="1">&lt;b&gt;&amp;\\x00</text>'


def test_charts_of_a_page_do_not_share_ids() -> None:
    both = (
        bars.stacked(OUTCOMES, "a").svg + bars.stacked(sample.library(10)[0]["outcomes"], "b").svg
    )

    ids = re.findall(r'id="([^"]+)"', both)
    assert len(ids) == len(set(ids))
