"""The fitted weights say how they came about."""

import json
import re

from qa.weights import CONFIDENCE, FILE, RANKING

FITTED = json.loads(FILE.read_text(encoding="utf-8"))


def test_each_part_names_its_command_its_day_and_its_questions() -> None:
    for part in FITTED.values():
        how = part["how"]
        assert re.fullmatch(r"python -m benchmarks\.\w+ BENCH --keep", how["command"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", how["date"])
        assert min(how["questions"].values()) > 100


def test_more_likeness_ranks_higher_and_makes_an_answer_likelier() -> None:
    assert min(RANKING.meaning, RANKING.focus, RANKING.lexical, RANKING.wording) > 0
    assert CONFIDENCE.similarity > 0 < CONFIDENCE.coverage
    assert CONFIDENCE.unsupported < 0
