"""A run and a comparison as plain text for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import printable
from qa.evaluation.calibration_job import Calibrated
from qa.evaluation.compare import Comparison
from qa.evaluation.scoring import GOOD
from qa.evaluation.summary import Group, Summary
from qa.terminal import count

_SHOWN = 10  # of flips and collisions; all of them stand in the HTML
_TEXT = 60  # characters of a question or a name


def summed_up(told: Summary) -> str:
    """The outcomes, the metrics, the groups, the gates."""
    notes = [f"note: {printable(note)}" for note in told.notes]
    lines = [_head(told), *notes, "", *_outcomes(told), "", *_metrics(told)]
    for what, groups in told.groups.items():
        if groups:
            lines += ["", *_groups(what, groups)]
    lines += ["", *_speed(told)]
    lines += _collisions(told.collisions)
    lines += [f"NOT IN ITS SOURCE: {printable(str(q))}" for q in told.grounding["failed"]]
    lines += [_gate(gate) for gate in told.gates]
    if told.since:
        lines.append(_since(told.since))
    return "\n".join(lines)


def compared(found: Comparison) -> str:
    """The verdict, what changed in between, the metrics, the first flips."""
    lines = [found.sentence, ""]
    for side, one in (("first", found.a), ("second", found.b)):
        if one["asked"] < one["of"]:
            lines.append(f"the {side} run was interrupted: {one['asked']:,} of {one['of']:,} asked")
    changed = (f"changed: {c['what']}: {c['a'][:_TEXT]} → {c['b'][:_TEXT]}" for c in found.changed)
    lines += map(printable, changed)
    lines += ["nothing else changed in between" if not found.changed else "", _ROW_HEAD]
    for m in found.metrics:
        interval = f"{m.low:+.3f} … {m.high:+.3f}"
        lines.append(
            f"{m.name:20}  {m.a:6.3f}  {m.b:6.3f}  {m.difference:+7.3f}  {interval:>17}  "
            f"{m.p:6.3f}  {m.n:6,}"
        )
    lines += ["", *(_flip(flip) for flip in found.flips[:_SHOWN])]
    if len(found.flips) > _SHOWN:
        lines.append(f"… and {len(found.flips) - _SHOWN:,} more")
    for side, ids in (("first", found.only_a), ("second", found.only_b)):
        if ids:
            lines.append(f"{count(len(ids), 'question', 'questions')} only in the {side} run")
    return "\n".join(lines)


def calibrated(found: Calibrated) -> str:
    """The promise, what to expect of other questions, and what it was before."""
    record, before = found.record, found.page["before"]
    return "\n".join(
        [
            f"{record.promised} ({record.questions:,} questions of {printable(record.name)!r})",
            f"{record.seen} (out of fold)",
            f"before: {before['precision']:.1%} right, {before['coverage']:.0%} covered",
            f"answers from {record.calibration.answer_from:.3f}; ECE {before['ece']:.3f} before, "
            f"{found.page['after']['ece']:.3f} now",
        ]
    )


_ROW_HEAD = (
    f"{'':20}  {'first':>6}  {'second':>6}  {'differs':>7}  {'95% interval':>17}  "
    f"{'p':>6}  {'n':>6}"
)


def _head(told: Summary) -> str:
    asked = count(told.asked, "question", "questions")
    part = "" if told.asked == told.of else f" of {told.of:,} (interrupted)"
    place = f"{told.settings['knowledge_base']} ({told.settings['generation']})"
    return f"{printable(told.name)}: {asked}{part} asked of {printable(place)}"


def _outcomes(told: Summary) -> Iterator[str]:
    for outcome, number in told.outcomes.items():
        if number:
            yield f"{outcome:20}  {number:6,}"
    scored = told.asked - told.outcomes["unscored"]
    if scored:
        good = sum(told.outcomes[outcome] for outcome in GOOD)
        yield f"{'as they should be':20}  {good:6,}  ({good / scored:.1%} of {scored:,} scored)"
    for why, number in told.unscored.items():
        yield f"{'no outcome':20}  {number:6,}  ({why})"


def _metrics(told: Summary) -> Iterator[str]:
    yield f"{'':20}  {'value':>6}  {'95% interval':>15}  {'n':>6}"
    for name, m in told.metrics.items():
        sure = "" if m.low is None or m.high is None else f"{m.low:.3f} … {m.high:.3f}"
        yield f"{name:20}  {m.value:6.3f}  {sure:>15}  {m.n:6,}"


def _groups(what: str, groups: Sequence[Group]) -> Iterator[str]:
    names = dict.fromkeys(name for group in groups for name in group.metrics)
    heads = "  ".join(f"{name:>11}" for name in names)
    yield f"{what:20}  {'n':>6}  {'good':>6}  {'silent':>6}  {'wrong':>6}  {heads}"
    for group in groups:
        found = (group.metrics.get(name) for name in names)
        cells = "  ".join(f"{m.value:11.3f}" if m else f"{'':11}" for m in found)
        o = group.outcomes
        wrong = o["wrong"] + o["wrongly answered"]
        good = sum(o[outcome] for outcome in GOOD)
        name = printable(group.name)[:20]
        yield f"{name:20}  {group.n:6,}  {good:6,}  {o['silent']:6,}  {wrong:6,}  {cells}"


def _collisions(found: Sequence[Any]) -> Iterator[str]:
    for one in found[:_SHOWN]:
        taken = count(len(one["stolen"]), "question taken", "questions taken")
        pair = " | ".join(printable(one[f"{which}_question"]) for which in ("first", "second"))
        yield f"collide ({taken}, cosine {one['closeness']:.2f}): {pair}"
    if len(found) > _SHOWN:
        yield f"… and {len(found) - _SHOWN:,} more pairs"


def _speed(told: Summary) -> Iterator[str]:
    if told.questions_per_second:
        yield f"{told.questions_per_second:,.0f} questions a second in batches"
    if told.latency:
        shown = ", ".join(f"{k} {v:.1f} ms" for k, v in told.latency.items() if k != "n")
        yield f"one at a time ({told.latency['n']} questions): {shown}"


def _gate(gate: Any) -> str:
    verdict = "passed" if gate["passed"] else "FAILED"
    return f"{verdict}: {gate['metric']} {gate['way']} {gate['needed']}, is {gate['value']:.4f}"


def _since(since: Any) -> str:
    cases = count(since["cases"], "question", "questions")
    made = printable(str(since["made"]))
    return (
        f"since {made}: {since['gained']:,} mended and {since['lost']:,} lost of "
        f"{cases}: {since['verdict']} (p = {since['p']:.3g})"
    )


def _flip(flip: Any) -> str:
    return f"{flip.a} → {flip.b}: {printable(flip.question)[:_TEXT]}"
