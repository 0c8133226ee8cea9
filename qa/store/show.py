"""A knowledge base's condition as text for a terminal."""

from collections.abc import Iterator
from pathlib import Path

from index.errors import printable
from index.manifest import Manifest
from index.tracking import Status
from qa.calibration import CalibrationRecord
from qa.confidence import SHIPPED
from qa.store.condition import Condition
from qa.store.going_back import GoneBack
from qa.store.verification import Checked, Verification
from qa.terminal import count

FEW = 20  # sources, up to which the fresh ones are named too
_ORDER = ("failed", "changed", "gone", "new", "fresh")


def text(found: Condition) -> str:
    """What it is, how it decides to answer, and how its sources stand."""
    made = found.manifest
    counts = ", ".join(f"{number:,} {name}" for name, number in made.counts.items())
    damaged = [f"DAMAGED: {found.degraded}"] if found.degraded else []
    lines = [
        *damaged,
        f"{found.folder}: {made.generation}, built {made.built} from {_near(made.sources)}",
        *_held(found),
        counts,
        f"model: {made.encoder} ({made.fingerprint[:12]})",
        *_calibration(made, found.calibration),
        *_sources(found),
    ]
    return "\n".join(map(printable, lines))


def verification(folder: Path, found: Verification) -> str:
    """A line for each generation, and what to do where one is damaged."""
    lines = [f"DAMAGED: {found.damage}"] if found.damage else []
    lines += [_checked(one, found) for one in found.generations]
    spoilt = [one.generation for one in found.generations if one.damage]
    if not found.sound:
        line = f"Build it again with: citewell build DIR --out {folder}"
        if whole := [one.generation for one in found.generations if not one.damage]:
            line += (
                f"; or go back to one that is whole: citewell rollback {whole[-1]} --kb {folder}"
            )
        lines.append(line)
    elif spoilt:
        names = ", ".join(str(folder / name) for name in spoilt)
        lines.append(f"What serves is whole. There is no going back to {names}: remove it at will.")
    return "\n".join(map(printable, lines))


def rollback(folder: Path, done: GoneBack) -> str:
    """What serves, how to go forth again, and until when it stays so."""
    now, before, near = done.manifest.generation, done.before, _near(done.sources)
    again = "already" if before == now else "again"
    lines = [f"{folder}: {now} serves {again}, built {done.manifest.built}"]
    if before and before != now and not done.damaged:
        lines.append(f"{before} is kept: citewell rollback {before} --kb {folder}")
    if done.damaged:
        lines.append(f"{before} is damaged, and no going back to: remove {folder / before} at will")
    until = f"until {near} changes or you run: citewell build {near} --out {folder}"
    gone = f"{near} is not here: serve --watch builds anew once its sources are there"
    if not done.newest:
        lines.append(f"It stays so {until}" if done.held else gone)
    return "\n".join(map(printable, lines))


def _held(found: Condition) -> Iterator[str]:
    if found.held and found.looked_in:
        near = _near(found.looked_in)
        build = f"citewell build {near} --out {found.folder}"
        yield f"rolled back: it stays so until {near} changes or you run: {build}"


def _checked(one: Checked, found: Verification) -> str:
    named = " (current)" if one.generation == found.current != found.serving else ""
    name = one.generation + (" (serves)" if one.generation == found.serving else named)
    if one.damage:
        return f"{name}: DAMAGED: {one.damage}"
    files = count(one.files, "file", "files")
    return f"{name}: whole, {files}, {one.size:,} bytes, built {one.built}"


def _sources(found: Condition) -> Iterator[str]:
    if found.looked_in is None:
        yield (
            f"sources: {_near(found.manifest.sources)} is not here to compare with; "
            "name the folder with --sources"
        )
        return
    counts = found.counts
    told = ", ".join(f"{counts[state]:,} {state}" for state in _ORDER if counts.get(state))
    yield f"sources: {told or 'none'}"
    for state in _ORDER:
        named = [source for source in found.sources if source.state == state]
        if state != "fresh" or len(found.sources) <= FEW:
            for source in named:
                yield from _source(source)
    if set(counts) & {"changed", "gone", "new"}:
        yield (f"To take that in: citewell build {_near(found.looked_in)} --out {found.folder}")


def _near(place: str | Path) -> str:
    """A path as one would type it here: from the working directory where it lies below that."""
    here = Path.cwd()
    return str(Path(place).relative_to(here) if Path(place).is_relative_to(here) else place)


def _source(source: Status) -> Iterator[str]:
    held = count(source.documents, "document", "documents") if source.documents else "no document"
    yield (
        f"  {source.state:8} {source.name} ({held})"
        if source.state != "new"
        else (f"  {source.state:8} {source.name}")
    )
    for problem in source.why:
        yield f"           {problem}"


def _calibration(manifest: Manifest, own: CalibrationRecord | None) -> list[str]:
    if own is None:
        return [f"calibration: none of its own; answers from {SHIPPED.answer_from:.2f}"]
    line = own.calibration.answer_from
    lines = [
        f"calibration: of {own.made}, {own.questions:,} questions of {own.name}; "
        f"answers from {line:.2f}",
        f"promise: {own.promised}; {own.seen}",
    ]
    if changes := own.changes(manifest):
        used = "" if own.fingerprint == manifest.fingerprint else "is not used and "
        lines.append(
            f"OUTDATED: {'; '.join(changes)}; the calibration {used}may not keep its promise: "
            "run citewell calibrate again"
        )
    return lines
