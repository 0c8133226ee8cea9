"""Whatever is done to its files, a knowledge base answers as one of its generations, or refuses."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.faults.damage import KINDS, run_all
from tests.faults.store import built

CASES = 300


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three generations, which say 1, 2 and 3."""
    return built(tmp_path_factory.mktemp("damaged"), 3)


def test_damage_is_refused_or_an_earlier_generation_answers(
    kb: Path, pool: ProcessPoolExecutor
) -> None:
    judged = run_all(kb, range(CASES), pool)

    good = ("refused", "earlier", "current")
    assert [(result, why) for result, why in judged if why not in good] == []
    assert {why for _, why in judged} == {*good}
    kinds = {one.split(":")[0] for result, _ in judged for one in result.done}
    assert {*KINDS} <= kinds
    files = {path for result, _ in judged for path in result.paths}
    assert {p.relative_to(kb).as_posix() for p in (kb / "gen-3").rglob("*.*")} <= files
