"""Two runs of the same questions: what is better, what is worse, and is it more than chance?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from index.errors import EvaluationError
from qa.evaluation.measure import METRICS, Floats, tally
from qa.evaluation.metrics.resampling import mcnemar, paired_bootstrap
from qa.evaluation.row import Row
from qa.evaluation.run import Run
from qa.evaluation.scoring import ANSWERED, GOOD

Verdict = Literal["better", "worse", "no clear difference"]

# Two tests are looked at, the outcomes and the ranks: each has half of the usual 5% (Bonferroni).
SIGNIFICANT = 0.025
RANKS = "mrr@10"
GOOD_SHARE = "as it should be"  # right, or rightly silent
# What a setting is called where its own name would be misread.
_CALLED = {
    "corpus": "sources",
    "counts.questions": "FAQ wordings",
    "fingerprint": "model files",
    "questions": "question set",
}
_DIGEST = re.compile("[0-9a-f]{64}")
# What may differ between two runs without a word: where they stand and when they were made.
_UNTOLD = ("made", "name", "knowledge_base", "workers", "of")


@dataclass(frozen=True, slots=True)
class Flip:
    """A question whose outcome changed; `better` where it is now what it should be."""

    id: str
    question: str
    a: str
    b: str
    better: bool
    a_text: str
    b_text: str


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A metric in both runs over the `n` cases that have it in both; `difference` is b - a.

    `low` and `high` are the 95% interval of the difference and `p` its two-sided significance, both
    by paired bootstrap.
    """

    name: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `b` held against run `a`, question by question.

    Of the `cases` in both, `scored` have an outcome in both. `gained` and `lost` count those of
    them that are now as they should be and were not, and the reverse; `p` is McNemar's of the two.
    `only_a` and `only_b` are questions of one run alone.
    """

    a: Mapping[str, Any]
    b: Mapping[str, Any]
    cases: int
    scored: int
    only_a: Sequence[str]
    only_b: Sequence[str]
    changed: Sequence[Mapping[str, str]]
    outcomes: Mapping[str, Mapping[str, int]]
    gained: int
    lost: int
    p: float
    metrics: Sequence[MetricDifference]
    verdict: Verdict
    flips: Sequence[Flip]

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        said = {
            "better": "The second run is better, by more than chance.",
            "worse": "The second run is worse, by more than chance.",
            "no clear difference": "No difference beyond chance.",
        }
        moved = f"Of {self.scored:,} scored questions {self.gained:,} mended, {self.lost:,} lost"
        return f"{said[self.verdict]} {moved} (McNemar p = {self.p:.3g})."

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the flips."""
        fields = asdict(self)
        del fields["flips"]
        return {**fields, "sentence": self.sentence}


def compare(a: Run, b: Run) -> Comparison:
    """Hold `b` against `a`. Raises EvaluationError where they share no question."""
    pairs, only_a, only_b = _paired(a, b)
    if not pairs:
        raise EvaluationError(
            f"{a.folder} and {b.folder} share no question; compare two runs of one question set"
        )
    scored = _scored(pairs)
    flips = sorted(_flips(scored), key=lambda flip: flip.better)
    gained = sum(_good(y) and not _good(x) for x, y in scored)
    lost = sum(_good(x) and not _good(y) for x, y in scored)
    p = mcnemar(gained, lost)
    metrics = tuple(_differences(pairs))
    return Comparison(
        a=_described(a),
        b=_described(b),
        cases=len(pairs),
        scored=len(scored),
        only_a=only_a,
        only_b=only_b,
        changed=tuple(_changed(a.settings, b.settings)),
        outcomes={"a": tally(x for x, _ in pairs), "b": tally(y for _, y in pairs)},
        gained=gained,
        lost=lost,
        p=p,
        metrics=metrics,
        verdict=_verdict(gained - lost, p, metrics),
        flips=tuple(flips),
    )


def _paired(a: Run, b: Run) -> tuple[list[tuple[Row, Row]], list[str], list[str]]:
    """The questions that both have, and the ids of those that one has alone."""
    before, after = _by_words(a), _by_words(b)
    pairs = [(row, after[key]) for key, row in before.items() if key in after]
    only_a = [row["case"]["id"] for key, row in before.items() if key not in after]
    only_b = [row["case"]["id"] for key, row in after.items() if key not in before]
    return pairs, only_a, only_b


def _by_words(run: Run) -> dict[tuple[str, int], Row]:
    """Each row by its question's words, the n-th time they are asked; ids may be row numbers."""
    times: Counter[str] = Counter()
    found: dict[tuple[str, int], Row] = {}
    for row in run.rows:
        times[row["question"]] += 1
        found[row["question"], times[row["question"]]] = row
    return found


def _described(run: Run) -> dict[str, Any]:
    return {
        "folder": str(run.folder),
        "name": run.settings["name"],
        "made": run.settings["made"],
        "asked": len(run.rows),
        "of": run.settings["of"],
        "settings": run.settings,
    }


def _scored(pairs: Sequence[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    return [(x, y) for x, y in pairs if "unscored" not in (x["outcome"], y["outcome"])]


def _good(row: Row) -> bool:
    return row["outcome"] in GOOD


def _flips(pairs: Sequence[tuple[Row, Row]]) -> Iterator[Flip]:
    for x, y in pairs:
        if x["outcome"] != y["outcome"] and _good(x) != _good(y):
            yield Flip(
                id=x["case"]["id"],
                question=x["question"],
                a=x["outcome"],
                b=y["outcome"],
                better=_good(y),
                a_text=x["text"],
                b_text=y["text"],
            )


def _differences(pairs: Sequence[tuple[Row, Row]]) -> Iterator[MetricDifference]:
    """Of every metric that some question has in both runs."""
    told = [(_values(x), _values(y)) for x, y in pairs]
    for name in (GOOD_SHARE, *METRICS):
        both = [(x[name], y[name]) for x, y in told if name in x and name in y]
        if both:
            before, after = np.array(both, np.float64).T
            yield _difference(name, before, after, float(before.mean()), float(after.mean()))
    scored = _scored(pairs)
    answered = _flags(scored, ANSWERED)
    if answered.any(axis=0).all():
        yield _precision(answered, _flags(scored, ("right",)))


def _flags(pairs: Sequence[tuple[Row, Row]], outcomes: Sequence[str]) -> Floats:
    """1 where a question has one of these outcomes, shape (questions, 2): before and after."""
    told = [(x["outcome"] in outcomes, y["outcome"] in outcomes) for x, y in pairs]
    return np.array(told, np.float64).reshape(-1, 2)


def _values(row: Row) -> dict[str, float]:
    """What a mean over questions is taken of."""
    if row["outcome"] == "unscored":
        return dict(row["scores"])
    decided = {GOOD_SHARE: float(_good(row)), "coverage": float(row["outcome"] in ANSWERED)}
    return {**row["scores"], **decided}


def _precision(answered: Floats, right: Floats) -> MetricDifference:
    """Right among the answered, a ratio: each question counts by its part in it (delta method)."""
    share = right.sum(axis=0) / answered.sum(axis=0)
    part = (right - share * answered) / answered.mean(axis=0) + share
    return _difference("precision", part[:, 0], part[:, 1], float(share[0]), float(share[1]))


def _difference(name: str, before: Floats, after: Floats, a: float, b: float) -> MetricDifference:
    found = paired_bootstrap(before, after)
    return MetricDifference(
        name=name,
        a=a,
        b=b,
        difference=found.value,
        low=found.low,
        high=found.high,
        p=found.p,
        n=len(before),
    )


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Each setting that differs, by its dotted name."""
    before, after = dict(_flat(a)), dict(_flat(b))
    for name in dict.fromkeys([*before, *after]):
        x, y = before.get(name, "–"), after.get(name, "–")
        if name.split(".")[0] not in _UNTOLD and x != y:
            yield {"what": _CALLED.get(name, name), "a": _short(x), "b": _short(y)}


def _short(value: str) -> str:
    """A digest by its first digits."""
    return value[:12] if _DIGEST.fullmatch(value) else value


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _verdict(net: int, p: float, metrics: Sequence[MetricDifference]) -> Verdict:
    """Worse if either test says so; better if one does and the other does not disagree."""
    signs = [np.sign(net)] if p < SIGNIFICANT else []
    signs += [np.sign(m.difference) for m in metrics if m.name == RANKS and m.p < SIGNIFICANT]
    if any(sign < 0 for sign in signs):
        return "worse"
    return "better" if signs else "no clear difference"
