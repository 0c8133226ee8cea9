"""Damage to a knowledge base, seeded: which file, what is done to it, and what came of it."""

import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from index.publish import roll_back
from tests.faults.forks import Ended, forked_each
from tests.faults.store import ask

Rng = random.Random
_PAGE = 512  # bytes; a sector
_BATCH = 15  # cases a child, if none kills it


@dataclass(frozen=True, slots=True)
class Result:
    """What was damaged, `kind:path` each, and how a child ended that loaded it and asked."""

    done: tuple[str, ...]
    ended: Ended

    @property
    def paths(self) -> list[str]:
        """What was damaged, relative to the knowledge base."""
        return [one.split(":", 1)[1] for one in self.done]


def _bit(data: bytearray, rng: Rng) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _bytes(data: bytearray, rng: Rng) -> None:
    at = rng.randrange(len(data))
    data[at : at + 8] = rng.randbytes(min(8, len(data) - at))


def _page(data: bytearray, rng: Rng) -> None:
    at = rng.randrange(0, len(data), _PAGE)
    data[at : at + _PAGE] = bytes(min(_PAGE, len(data) - at))


def _cut(data: bytearray, rng: Rng) -> None:
    del data[rng.randrange(len(data)) :]


def _last(data: bytearray, rng: Rng) -> None:  # noqa: ARG001 (the place is given)
    del data[-1:]


def _more(data: bytearray, rng: Rng) -> None:
    data += rng.randbytes(rng.randrange(1, _PAGE))


def _empty(data: bytearray, rng: Rng) -> None:  # noqa: ARG001 (the place is given)
    data.clear()


BYTES: dict[str, Callable[[bytearray, Rng], None]] = {
    "bit": _bit,
    "bytes": _bytes,
    "page": _page,
    "cut": _cut,
    "last": _last,
    "more": _more,
    "empty": _empty,
}
PLACES: dict[str, Callable[[Path], None]] = {
    "gone": lambda path: None,  # noqa: ARG005 (nothing takes its place)
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to zeros": lambda path: path.symlink_to("/dev/zero"),
}
WHOLE = ("folder gone", "folder a file", "folders swapped")
OTHERS = ("of another",)
KINDS = (*BYTES, *PLACES, *OTHERS, *WHOLE)


def copied(kb: Path, to: Path) -> Path:
    """A copy whose files are the same ones: damage takes a file away and puts another there."""
    shutil.copytree(kb, to, copy_function=os.link)
    return to


def damaged(kb: Path, rng: Rng) -> tuple[str, ...]:
    """Damage to one, two or three generations, or to `CURRENT`; what was done."""
    generations = sorted(path.name for path in kb.glob("gen-*"))
    hit = rng.sample([*generations, "CURRENT"], rng.choice((1, 1, 1, 2, 3)))
    # Most of it where it matters: in what serves.
    hit[0] = rng.choice((hit[0], generations[-1])) if generations[-1] not in hit else hit[0]
    return tuple(_damage(kb, place, rng) for place in hit)


def _damage(kb: Path, place: str, rng: Rng) -> str:
    target = kb / place
    if place.startswith("gen-") and rng.random() < 0.05:
        return _whole(kb, place, rng)
    if place.startswith("gen-") and target.is_dir():
        files = sorted(path for path in target.rglob("*") if not path.is_dir())
        target = rng.choice(files) if files else target
    name = target.relative_to(kb).as_posix()
    if target.is_symlink() or not target.is_file():
        return f"already:{name}"
    kind = rng.choice((*BYTES, *PLACES, *OTHERS))
    before = target.read_bytes()
    if kind in PLACES:
        target.unlink()
        PLACES[kind](target)
        return f"{kind}:{name}"
    data = _other(kb, target, before, rng) if kind in OTHERS else _changed(kind, before, rng)
    if data == before:
        kind, data = "bit", _changed("bit", before, rng)
    target.unlink()
    target.write_bytes(data)
    return f"{kind}:{name}"


def _changed(kind: str, before: bytes, rng: Rng) -> bytes:
    data = bytearray(before)
    BYTES[kind](data, rng)
    return bytes(data)


def _other(kb: Path, target: Path, before: bytes, rng: Rng) -> bytes:
    """What the file of the same name holds in another generation."""
    inside = Path(*target.relative_to(kb).parts[1:])
    found = [path / inside for path in sorted(kb.glob("gen-*")) if path / inside != target]
    found = [path for path in found if not path.is_symlink() and path.is_file()]
    return rng.choice(found).read_bytes() if inside.parts and found else before


def _whole(kb: Path, place: str, rng: Rng) -> str:
    kind = rng.choice(WHOLE)
    others = [path.name for path in sorted(kb.glob("gen-*")) if path.name != place]
    if kind == "folders swapped":
        other = rng.choice(others)
        (kb / place).rename(kb / "aside")
        (kb / other).rename(kb / place)
        (kb / "aside").rename(kb / other)
        return f"{kind}:{max(place, other)}"
    if (kb / place).is_dir():
        shutil.rmtree(kb / place)
    else:
        (kb / place).unlink()
    if kind == "folder a file":
        (kb / place).write_bytes(rng.randbytes(99))
    return f"{kind}:{place}"


def run(kb: Path, seeds: Sequence[int]) -> list[Result]:
    """Damage a copy for each seed, and load and ask it in a child."""
    with tempfile.TemporaryDirectory(dir=kb.parent) as folder:
        copies = [copied(kb, Path(folder) / f"{seed}") for seed in seeds]
        done = [damaged(copy, Rng(seed)) for copy, seed in zip(copies, seeds, strict=True)]
        ended = forked_each([partial(ask, copy) for copy in copies])
        return [*map(Result, done, ended)]


def run_all(kb: Path, seeds: range, pool: ProcessPoolExecutor) -> list[tuple[Result, str]]:
    """Each case with its verdict; `kb` is of three generations, and stays as it is."""
    expected = {}
    with tempfile.TemporaryDirectory(dir=kb.parent) as folder:
        for name in ("gen-1", "gen-2", "gen-3"):
            whole = copied(kb, Path(folder) / name)
            roll_back(whole, name)
            expected[name] = ask(whole)
    batches = [seeds[start : start + _BATCH] for start in range(0, len(seeds), _BATCH)]
    results = chain.from_iterable(pool.map(run, repeat(kb), batches))
    return [(result, verdict(result, expected)) for result in results]


def verdict(result: Result, expected: dict[str, Any]) -> str:
    """`refused`, `earlier`, `current`; or `WRONG`, `CRASHED`, `HUNG`, with what is wrong.

    `expected` maps a generation to what it answers; the last one serves where nothing is damaged.
    """
    said, serving = result.ended.said, [*expected][-1]
    if result.ended.code == -signal.SIGKILL:
        return "HUNG"
    if result.ended.code < 0:
        return f"CRASHED: signal {-result.ended.code}"
    hit = [path for path in result.paths if path.startswith((serving, "CURRENT"))]
    if isinstance(said, str):
        refused = said.startswith("KnowledgeBaseDamaged: ") and any(path in said for path in hit)
        return "refused" if refused else f"WRONG: {said}"
    if said["answers"] != expected[said["generation"]]["answers"]:
        return f"WRONG: answers of none, as {said['generation']}"
    if not said["degraded"]:
        fine = said["generation"] == serving and not hit
        return "current" if fine else f"WRONG: {said['generation']} with no word of {hit}"
    named = any(path in said["degraded"] for path in hit)
    return "earlier" if named else f"WRONG: degraded says {said['degraded']}"
