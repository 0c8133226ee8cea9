"""Fit the confidence, choose the line between answering and abstaining, and show what they do.

python -m benchmarks.confidence ../shared/bench [--keep]

A logistic regression with an intercept for each set, so that it learns what tells questions of one
site apart and not the sites; the shipped intercept balances answerable and unanswerable questions
of each set. Every answerable question serves twice: as it is, and with its documents taken away,
which makes one that is on topic and not answered. Sets and outcomes weigh the same. All figures but
the weights are out of fold; --keep writes the weights fitted on all to qa/fitted.json.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.fitting import FOLDS, folds, keep
from benchmarks.sets import QuestionSet, load
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from qa.confidence import PASSAGES_READ, Signals, signals
from qa.evaluation.metrics import decision
from qa.finder import Finder
from qa.hit import Hit

SETS = ("squad2", "clapnq", "hint3-curekart", "mtrag")
LINES = np.arange(0.30, 0.71, 0.05)
# Between lines this near, which is less than the standard error, the higher wins: a wrong answer
# costs more than a silence.
NEAR = 0.01
COVERAGE = 0.8  # of the answerable questions that are answered where wrong answers are counted
_APART = 10.0  # so that a set's intercept is hardly held back by the penalty

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
WEIGHTS = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Cases:
    """One row a question: the signals of its first hits, shape (n, PASSAGES_READ, signals).

    `answerable` says whether any document is relevant; `natural` is False for a question whose
    documents were taken away. `dense` is the greatest cosine of question and passage.
    """

    group: NDArray[np.str_]
    fold: NDArray[np.int64]
    seen: Array
    answerable: Mask
    natural: Mask
    dense: Array


@dataclass(frozen=True, slots=True)
class Decided:
    """What is known of the decision on one set, out of fold; see `print_decided`."""

    auroc: float
    answered: float
    ece: float
    ece_site: float
    dense_auroc: float
    dense_answered: float


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    write: Annotated[bool, typer.Option("--keep", help="Write qa/fitted.json.")] = False,
) -> None:
    """Print the fit, how it does, what each signal brings, and the line that is best."""
    cases = gathered(bench, RememberingEncoder(open_encoder(prepare=True)))
    everything = np.ones(len(cases.group), bool)
    weights, intercept = fitted(cases, everything)
    probability = out_of_fold(cases)
    results = decided(cases, probability)
    print_decided(results)
    for name in WEIGHTS:
        others = [place for place, other in enumerate(WEIGHTS) if other != name]
        rows = decided(cases, out_of_fold(cases, others))
        print(f"AUROC without {name:12}", *(f"{rows[one].auroc:.3f}" for one in SETS))
    line = _print_lines(cases, probability)
    shipped = {"intercept": round(intercept, 2)}
    shipped |= dict(zip(WEIGHTS, weights.round(2).tolist(), strict=True)) | {"answer_from": line}
    print(shipped)
    if write:
        how = {
            "fitted": "logistic regression, an intercept for each set",
            "questions": {name: int((cases.group == name).sum()) for name in SETS},
            "AUROC out of fold": {name: round(results[name].auroc, 3) for name in SETS},
        }
        keep("confidence", shipped, "python -m benchmarks.confidence BENCH --keep", how)


def gathered(bench: Path, encoder: Encoder) -> Cases:
    """The cases of all sets."""
    sets = [_cases(load(bench, name), encoder) for name in SETS]
    columns = zip(
        *((s.group, s.fold, s.seen, s.answerable, s.natural, s.dense) for s in sets), strict=True
    )
    return Cases(*map(np.concatenate, columns))


def _cases(questions: QuestionSet, encoder: Encoder) -> Cases:
    knowledge, _ = assemble(questions.documents, encoder)
    finder = Finder(knowledge, encoder)
    asked = [*questions.answerable, *questions.unanswerable]
    found = finder.find([q.text for q in asked], [q.history for q in asked])
    rows = []
    for question, one in zip(asked, found, strict=True):
        rows.append((question.text, _seen(one.asked.text, one.hits), bool(question.relevant), True))
        without = [h for h in one.hits if h.passage.document_id not in question.relevant]
        if question.relevant and without:
            rows.append((question.text, _seen(one.asked.text, without), False, False))
    texts, seen, answerable, natural = zip(*rows, strict=True)
    group = np.full(len(rows), questions.name)
    return Cases(
        group,
        folds(group, np.array(texts)),
        np.array([row for row, _ in seen]),
        np.array(answerable),
        np.array(natural),
        np.array([dense for _, dense in seen]),
    )


def _seen(question: str, hits: Sequence[Hit]) -> tuple[list[tuple[float, ...]], float]:
    """The signals of PASSAGES_READ hits, the last several times where there are fewer; the cosine.

    That is the greatest of question and passage.
    """
    seen = [astuple(signals(question, hit)) for hit in hits[:PASSAGES_READ]]
    return seen + seen[-1:] * (PASSAGES_READ - len(seen)), max(hit.dense for hit in hits)


def fitted(cases: Cases, chosen: Mask, columns: Sequence[int] | None = None) -> tuple[Array, float]:
    """The weights of these columns of the signals, and the intercept, from the chosen rows."""
    columns = [*range(len(WEIGHTS))] if columns is None else columns
    sites = np.stack([cases.group == name for name in SETS], axis=1) * _APART
    seen = np.hstack([cases.seen[:, 0, columns], sites])
    weighing = _balanced(cases, chosen)
    model = LogisticRegression(C=10, max_iter=5000)
    model.fit(seen[chosen], cases.answerable[chosen], sample_weight=weighing[chosen])
    weights = model.coef_[0, : len(columns)]
    natural = chosen & cases.natural
    scored = (cases.seen[natural][:, :, columns] @ weights).max(axis=1)
    # One intercept for all, at which the questions that were really asked are balanced.
    offset = LogisticRegression(C=1e6).fit(
        scored[:, None], cases.answerable[natural], sample_weight=_balanced(cases, natural)[natural]
    )
    slope = float(offset.coef_[0, 0])
    return weights * slope, float(offset.intercept_[0])


def _balanced(cases: Cases, chosen: Mask) -> Array:
    """A weight for each row: sets count the same, and so do both outcomes of a set.

    Among the unanswerable, questions really asked and those whose documents are gone count alike.
    """
    weights = np.zeros(len(cases.group))
    for name in SETS:
        of_set = chosen & (cases.group == name)
        kinds = [
            of_set & ~cases.answerable & (cases.natural == natural) for natural in (True, False)
        ]
        unanswerable = [kind for kind in kinds if kind.any()]
        for kind in unanswerable:
            weights[kind] = 1 / kind.sum() / len(unanswerable)
        answerable = of_set & cases.answerable
        weights[answerable] = 1 / answerable.sum()
    balanced: Array = weights * chosen.sum() / weights.sum()
    return balanced


def out_of_fold(cases: Cases, columns: Sequence[int] | None = None) -> Array:
    """Each row's confidence by the fit on the other folds: the greatest among its first hits."""
    columns = [*range(len(WEIGHTS))] if columns is None else columns
    probability = np.zeros(len(cases.group))
    for number in range(FOLDS):
        held = cases.fold == number
        weights, intercept = fitted(cases, ~held, columns)
        odds = (cases.seen[held][:, :, columns] @ weights).max(axis=1) + intercept
        probability[held] = 1 / (1 + np.exp(-odds))
    return probability


def decided(cases: Cases, probability: Array) -> dict[str, Decided]:
    """How each set fares by these probabilities, and by the greatest cosine alone."""
    site = _calibrated(cases, probability)
    results = {}
    for name in SETS:
        chosen = (cases.group == name) & cases.natural
        right, sure, dense = (
            values[chosen] for values in (cases.answerable, probability, cases.dense)
        )
        results[name] = Decided(
            decision.auroc(sure[right], sure[~right]),
            answered_at(COVERAGE, sure, right),
            decision.ece(sure, right),
            decision.ece(site[chosen], right),
            decision.auroc(dense[right], dense[~right]),
            answered_at(COVERAGE, dense, right),
        )
    return results


def _calibrated(cases: Cases, probability: Array) -> Array:
    """Platt's scale for each set from its own training folds, much as `citewell calibrate` does."""
    odds = np.log(probability / (1 - probability))[:, None]
    scaled = np.zeros(len(probability))
    for name in SETS:
        for number in range(FOLDS):
            of_set = (cases.group == name) & cases.natural
            train, held = of_set & (cases.fold != number), of_set & (cases.fold == number)
            model = LogisticRegression(C=1e6).fit(odds[train], cases.answerable[train])
            scaled[held] = model.predict_proba(odds[held])[:, 1]
    return scaled


def answered_at(coverage: float, sure: Array, answerable: Mask) -> float:
    """The share of the unanswerable above the line that answers `coverage` of the answerable."""
    line = np.quantile(sure[answerable], 1 - coverage)
    return float((sure[~answerable] >= line).mean())


def print_decided(results: dict[str, Decided]) -> None:
    """A table: AUROC; unanswerable answered at 80% coverage; ECE as shipped and calibrated."""
    print(f"{'':28}", *(name.rjust(14) for name in SETS))
    rows: dict[str, Callable[[Decided], str]] = {
        "AUROC, greatest cosine": lambda one: f"{one.dense_auroc:.3f}",
        "AUROC": lambda one: f"{one.auroc:.3f}",
        "answered at 80%, cosine": lambda one: f"{one.dense_answered:.0%}",
        "answered at 80%": lambda one: f"{one.answered:.0%}",
        "ECE as shipped": lambda one: f"{one.ece:.3f}",
        "ECE calibrated on the site": lambda one: f"{one.ece_site:.3f}",
    }
    for label, cell in rows.items():
        print(f"{label:28}", *(cell(results[name]).rjust(14) for name in SETS))


def _print_lines(cases: Cases, probability: Array) -> float:
    """Print the share answered, answerable / unanswerable, by line and set; the best line."""
    print("\nline   " + "   ".join(f"{name:>14}" for name in SETS) + "   mean difference")
    means = {}
    for line in LINES:
        shares = [_shares(cases, probability, name, line) for name in SETS]
        means[float(line)] = float(np.mean([high - low for high, low in shares]))
        cells = [f"{high:.2f} / {low:.2f}".rjust(14) for high, low in shares]
        print(f"{line:.2f}   " + "   ".join(cells) + f"   {means[float(line)]:.3f}")
    return round(max(line for line, mean in means.items() if mean >= max(means.values()) - NEAR), 2)


def _shares(cases: Cases, probability: Array, name: str, line: float) -> tuple[float, float]:
    chosen = (cases.group == name) & cases.natural
    answered = probability >= line
    return (
        float(answered[chosen & cases.answerable].mean()),
        float(answered[chosen & ~cases.answerable].mean()),
    )


if __name__ == "__main__":
    typer.run(main)
