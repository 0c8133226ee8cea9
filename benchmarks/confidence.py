"""Fit the confidence and choose the line between answering and abstaining.

python -m benchmarks.confidence ../shared/bench

Prints the numbers that stand in qa/confidence.py, and how they do out of fold. The model is fitted
on each question's first hit, positive when that is relevant; it is scored as it is used, by the
greatest confidence among the first hits. Each set and each outcome weighs the same, since how often
the sources lack the answer differs from site to site.
"""

from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from benchmarks.retrieval import auroc
from benchmarks.sets import Question, QuestionSet, load
from benchmarks.vectors import RememberingEncoder
from index.build import assemble
from index.encoder import Encoder, SentenceTransformerEncoder
from qa.confidence import PASSAGES_READ, Signals, signals
from qa.retriever import Retriever

SETS = ("squad2", "clapnq", "hint3-curekart", "mtrag")
LINES = np.arange(0.30, 0.71, 0.05)
FOLDS = 5
# Between lines that do as well as each other the higher wins: a wrong answer costs more than a
# silence.
NEAR = 0.005

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cases:
    """One row a question: the signals of its first hits, shape (n, PASSAGES_READ, 4).

    `right` says whether the first hit is relevant, `answerable` whether any document is.
    """

    group: NDArray[np.str_]
    seen: Array
    right: Mask
    answerable: Mask


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print the fit, the table of lines and the one that is best."""
    encoder = RememberingEncoder(SentenceTransformerEncoder())
    cases = _joined([_cases(load(bench, name), encoder) for name in SETS])
    weights = _balanced(cases)
    fitted = _fit(cases, weights, np.ones(len(cases.right), bool))
    weights_text = ", ".join(
        f"{field.name}={weight:.2f}"
        for field, weight in zip(fields(Signals), fitted.coef_[0], strict=True)
    )
    print(f"INTERCEPT = {fitted.intercept_[0]:.2f}")
    print(f"WEIGHTS = Signals({weights_text})\n")
    _print_lines(cases, _out_of_fold(cases, weights))


def _cases(questions: QuestionSet, encoder: Encoder) -> Cases:
    knowledge, _ = assemble(questions.documents, encoder)
    retriever = Retriever(knowledge, encoder)

    def case(question: Question) -> tuple[list[tuple[float, ...]], bool]:
        hits = retriever.retrieve(question.text, PASSAGES_READ)
        seen = [astuple(signals(hit)) for hit in hits]
        return seen, hits[0].passage.document_id in question.relevant

    asked = [*questions.answerable, *questions.unanswerable]
    seen, right = zip(*map(case, asked), strict=True)
    answerable = np.arange(len(asked)) < len(questions.answerable)
    group = np.full(len(asked), questions.name)
    return Cases(group, np.array(seen), np.array(right) & answerable, answerable)


def _joined(parts: list[Cases]) -> Cases:
    return Cases(
        np.concatenate([part.group for part in parts]),
        np.concatenate([part.seen for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.answerable for part in parts]),
    )


def _balanced(cases: Cases) -> Array:
    weights = np.zeros(len(cases.right))
    for name in SETS:
        for outcome in (True, False):
            chosen = (cases.group == name) & (cases.right == outcome)
            weights[chosen] = 1 / chosen.sum()
    balanced: Array = weights * len(weights) / weights.sum()
    return balanced


def _fit(cases: Cases, weights: Array, chosen: Mask) -> LogisticRegression:
    model = LogisticRegression(C=10)
    return model.fit(cases.seen[chosen, 0], cases.right[chosen], sample_weight=weights[chosen])


def _out_of_fold(cases: Cases, weights: Array) -> Array:
    probability = np.zeros(len(cases.right))
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(cases.seen):
        chosen = np.isin(np.arange(len(probability)), train)
        model = _fit(cases, weights, chosen)
        each = [model.predict_proba(cases.seen[test, rank])[:, 1] for rank in range(PASSAGES_READ)]
        probability[test] = np.max(each, axis=0)
    return probability


def _print_lines(cases: Cases, probability: Array) -> None:
    """For each line: the share answered of the answerable and of the unanswerable, by set."""
    for name in SETS:
        mine = cases.group == name
        high = probability[mine & cases.answerable].tolist()
        print(f"{name}: AUROC {auroc(high, probability[mine & ~cases.answerable].tolist()):.3f}")
    print("\nline   " + "   ".join(f"{name:>22}" for name in SETS) + "   mean difference")
    means = {line: float(np.mean(_differences(cases, probability, line))) for line in LINES}
    best = max(line for line, mean in means.items() if mean >= max(means.values()) - NEAR)
    for line in LINES:
        cells = [f"{a:.2f} / {b:.2f}" for a, b in _shares(cases, probability, line)]
        print(
            f"{line:.2f}   " + "   ".join(f"{cell:>22}" for cell in cells) + f"   {means[line]:.3f}"
        )
    print(f"\nANSWER_FROM = {best:.2f}  # highest within {NEAR} of the greatest")


def _shares(cases: Cases, probability: Array, line: float) -> list[tuple[float, float]]:
    answered = probability >= line
    return [
        (
            float(answered[(cases.group == name) & cases.answerable].mean()),
            float(answered[(cases.group == name) & ~cases.answerable].mean()),
        )
        for name in SETS
    ]


def _differences(cases: Cases, probability: Array, line: float) -> list[float]:
    return [high - low for high, low in _shares(cases, probability, line)]


if __name__ == "__main__":
    typer.run(main)
