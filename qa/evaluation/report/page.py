"""The pages: what was measured, laid out by the templates in `assets`, in one file each."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.evaluation.report import calibrating, comparing, editing, overview, tables
from qa.evaluation.report.bars import latency, stacked, swatch
from qa.evaluation.report.charts import reliability, risk_coverage
from qa.evaluation.report.entry import Entry, entry
from qa.evaluation.report.outcome import HEADINGS, SCORED, Row, Tally, by_need
from qa.evaluation.report.svg import Chart, Point
from qa.evaluation.report.words import clipped, count, counted, moment, shown, threshold

ASSETS = Path(__file__).with_name("assets")
# No script and nothing from elsewhere: the file is opened from mails and shared folders.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MAX_SHOWN = 2_000  # questions with their details; a browser opens some 4 MB without delay
QUOTE_CHARS = 280  # of a quote in the list of what to fix; it is whole where it is opened
NOTES_ON_TOP = 3  # of what was not read; the others unfold

Figures = Mapping[str, Any]


def evaluation(summary: Figures, rows: Sequence[Row]) -> str:
    """The report of `citewell eval` as HTML, from what summary.json and results.jsonl hold."""
    line = _line(summary["settings"])
    places = by_need(rows)[:MAX_SHOWN]
    tally = Tally.of(summary["outcomes"])
    return _rendered(
        "report.html",
        name=summary["name"],
        made=moment(summary["made"]),
        origin=_knowledge_base(summary["settings"]),
        asked=counted(summary["asked"], "question"),
        banners=overview.banners(summary),
        tally=tally,
        figures=overview.figures(tally, rows),
        sentence=overview.sentence(tally, rows, summary["unscored"]),
        since=overview.since(summary["since"]),
        gates=overview.gates(summary["gates"]),
        outcomes=stacked(summary["outcomes"]),
        fixes=editing.fixes(rows, summary["collisions"], line),
        failed=len(editing.failed(rows)),
        lacking=editing.lacking(rows, places),
        listed=editing.LISTED,
        collisions=editing.colliding(summary["collisions"], rows, places),
        groups=[(name, *_grouped(summary["groups"].get(name, ()))) for name in ("kind", "tag")],
        charts=_charts(summary, line),
        measures=tables.measures(summary),
        without_score=tables.without_score(summary["ineligible"]),
        ungrounded=summary["grounding"]["failed"],
        notes=summary["notes"],
        notes_on_top=NOTES_ON_TOP,
        settings=tables.settings(summary["settings"]),
        line=threshold(line),
        entries=_by_outcome([entry(rows[place], place, line) for place in places]),
        shown=len(places),
        of=len(rows),
    )


def comparison(compared: Figures, flips: Sequence[Mapping[str, Any]]) -> str:
    """The page of `citewell compare` as HTML."""
    a, b = comparing.sides(compared)
    shown_flips = sorted(flips, key=lambda flip: bool(flip["better"]))[:MAX_SHOWN]
    worse, better = comparing.turned(shown_flips)
    return _rendered(
        "compare.html",
        a=a,
        b=b,
        verdict=compared["verdict"],
        headline=comparing.headline(compared["verdict"], a, b),
        sentence=compared["sentence"],
        compared=compared,
        changed=comparing.changed(compared["changed"]),
        bars=[
            (
                side,
                stacked(compared["outcomes"][key], f"outcomes-{key}", f"Outcomes of {side.letter}"),
            )
            for side, key in ((a, "a"), (b, "b"))
        ],
        differences=comparing.differences(compared["metrics"]),
        worse=worse,
        better=better,
        shown=len(shown_flips),
        of=len(flips),
    )


def calibration(record: Figures) -> str:
    """The page of `citewell calibrate` as HTML."""
    return _rendered(
        "calibration.html",
        promise=calibrating.promise(record),
        explained=calibrating.explained(record),
        made=moment(record["made"]),
        record=record,
        lines=calibrating.lines(record),
        curve=risk_coverage(
            record["curve"],
            record["answer_from"],
            measured=(record["coverage"], 1 - record["precision"]),
            before=(record["before"]["coverage"], 1 - record["before"]["precision"]),
            allowed=1 - record["promise"],
        ),
        diagrams=[
            ("Before", reliability(record["reliability_before"], "reliability-before")),
            ("Now", reliability(record["reliability"], "reliability-now")),
        ],
    )


def _rendered(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    # autoescape=True and no choice by file name: every template here is HTML. What reaches one as
    # plain text is made fit for HTML on the way out, so that no place can forget to.
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: shown(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (ASSETS / "report.css").read_text("utf-8")
    environment.globals.update(
        style=Markup(style),  # noqa: S704 - ours
        policy=POLICY,
        swatch=swatch,
        scored=SCORED,
        headings=HEADINGS,
    )
    environment.filters.update(
        count=count, counted=counted, clipped=partial(clipped, limit=QUOTE_CHARS)
    )
    return environment


def _grouped(groups: Sequence[Figures]) -> tuple[tuple[str, ...], tuple[tables.Grouped, ...]]:
    return tables.group_columns(groups), tables.grouped(groups)


def _line(settings: Figures) -> float:
    """The confidence from which answers were given."""
    return float(settings["calibration"]["answer_from"])


def _knowledge_base(settings: Figures) -> list[str]:
    """Where the answers come from, a few words each."""
    counts = settings.get("counts") or {}
    return [
        f"knowledge base {settings['knowledge_base']}, {settings['generation']}",
        *(
            counted(counts[things], things[:-1])
            for things in ("documents", "passages")
            if things in counts
        ),
    ]


def _charts(summary: Figures, line: float) -> list[Chart]:
    """The curves, those that there are numbers for."""
    charts = []
    if summary["curve"]:
        charts.append(risk_coverage(summary["curve"], line, measured=_now(summary["metrics"])))
    if summary["reliability"]:
        charts.append(reliability(summary["reliability"]))
    if summary["latency"]:
        charts.append(latency(summary["latency"]))
    return charts


def _now(metrics: Figures) -> Point | None:
    """Coverage and risk of the answers given."""
    if "coverage" not in metrics or "precision" not in metrics:
        return None
    return metrics["coverage"]["value"], 1 - metrics["precision"]["value"]


def _by_outcome(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries under the heading of their outcome, what needs attention first."""
    return [
        (heading, there)
        for name, heading in HEADINGS.items()
        if (there := [one for one in entries if one.outcome == name])
    ]
