"""All that is promised of answers, measured in one run.

python -m benchmarks.quality ../shared/bench

Each line says what is measured, the baseline in the same run, ours, the aim and whether it is
reached. AUROC, what is answered and ECE are out of fold; the ranking's weights were chosen on the
questions it is measured with (`benchmarks.ranking` prints it out of fold). The other commands print
the details.
"""

import operator
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks import agreement, confidence, evidence, followups, latency, retrieval, seeds
from benchmarks.sets import load
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.encoder import Encoder

AUROC = dict(zip(confidence.SETS, (0.68, 0.90, 0.92, 0.86), strict=True))
ANSWERED = dict(zip(confidence.SETS, (0.58, 0.13, 0.11, 0.30), strict=True))
ECE = 0.05
FALSE_ALARMS = 0.02


@dataclass(frozen=True, slots=True)
class Line:
    """One measure; `baseline` is None where there is none."""

    measure: str
    baseline: float | None
    ours: float
    aim: float
    least: bool = True  # whether the aim is the least that is good, or the most

    @property
    def reached(self) -> bool:
        """Whether the aim is, to the digits that are shown."""
        compare: Callable[[float, float], bool] = operator.ge if self.least else operator.le
        return compare(round(self.ours, 3), self.aim)


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print the table, a line as soon as it is known, then what becomes of the seeds' questions."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    print(f"{'measure':52} baseline   ours    aim")
    lines = []
    for part in (_found, _decided, _quoted, _followed, _compared):
        for line in part(bench, encoder):
            _print(line)
            lines.append(line)
    _print(_added(bench))
    print(f"{sum(line.reached for line in lines)} of {len(lines)} reached, time apart\n")
    seeds.print_matrix([*seeds.answered()])


def _print(line: Line) -> None:
    baseline = "–" if line.baseline is None else f"{line.baseline:.3f}"
    sign = "≥" if line.least else "≤"
    verdict = "reached" if line.reached else "not reached"
    print(
        f"{line.measure:52} {baseline:>8}  {line.ours:.3f}  {sign} {line.aim:.3f}  {verdict}",
        flush=True,
    )


def _found(bench: Path, encoder: Encoder) -> Iterator[Line]:
    """Retrieval: each set beside its best baseline, and the macro averages."""
    ours, best, fused = [], [], dict.fromkeys(retrieval.FUSED, 0.0)
    for name in retrieval.SETS:
        rows = retrieval.measured(load(bench, name), encoder)
        ours.append(rows["ours"].mrr)
        best.append(max(rows[system].mrr for system in retrieval.BASELINES))
        for system in fused:
            fused[system] += rows[system].mrr / len(retrieval.SETS)
        yield Line(
            f"mrr@10 {name}, beside the best baseline", best[-1], ours[-1], round(best[-1], 3)
        )
    macro, highest = float(np.mean(ours)), max(fused.values())
    yield Line("mrr@10, macro, beside the best of three", highest, macro, 0.90)
    yield Line("mrr@10, macro, above it by", None, macro - highest, 0.03)


def _decided(bench: Path, encoder: Encoder) -> Iterator[Line]:
    cases = confidence.gathered(bench, encoder)
    results = confidence.decided(cases, confidence.out_of_fold(cases))
    for name, one in results.items():
        yield Line(f"AUROC {name}", one.dense_auroc, one.auroc, AUROC[name])
    for name, one in results.items():
        measure = f"unanswerable answered at 80% coverage, {name}"
        yield Line(measure, one.dense_answered, one.answered, ANSWERED[name], least=False)
    for name, one in results.items():
        yield Line(f"ECE calibrated on the site, {name}", one.ece, one.ece_site, ECE, least=False)


def _quoted(bench: Path, encoder: Encoder) -> Iterator[Line]:
    usual, ours = evidence.best_sentences(bench, encoder)
    yield Line("squad2: the first sentence holds a gold answer", usual, ours, 0.76)


def _followed(bench: Path, encoder: Encoder) -> Iterator[Line]:
    """Of cast21 alone and among other sets; beside the share closed stands the last turn's."""
    asked = [*followups.conversations(bench, "cast21")]
    for label, names in (("cast21", ("cast21",)), ("cast21 among four", followups.TOGETHER)):
        documents = (d for name in names for d in followups.corpus(bench, name))
        means = followups.gap(followups.Search(documents, encoder), asked)
        yield Line(f"{label}: of the gap to people closed", 0.0, followups.closed(*means), 0.5)
    for name in followups.UNRELATED:
        alone, _, ours = followups.unrelated(load(bench, name), encoder)[1]
        yield Line(f"{name} after a stranger's question, mrr@10", alone, ours, round(alone, 3))


def _compared(bench: Path, encoder: Encoder) -> Iterator[Line]:
    precision, recall = agreement.precision_recall(agreement.ramdocs(bench, encoder))
    yield Line("ramdocs: notice that sources differ, precision", None, precision, 0.80)
    yield Line("ramdocs: the same, recall", None, recall, 0.40)
    for name in agreement.OTHERS:
        noticed = [bool(one.said) for one in agreement.others(bench, name, encoder)]
        share = float(np.mean(noticed))
        yield Line(f"{name}: notices, nearly all wrong", None, share, FALSE_ALARMS, least=False)


def _added(bench: Path) -> Line:
    alone, _, again, passages = latency.warm(bench)
    added = statistics.median(a - b for a, b in zip(again, alone, strict=True))
    measure = f"ms added to the encoder's, warm, {passages} passages"
    return Line(measure, statistics.median(alone), added, 5.0, least=False)


if __name__ == "__main__":
    typer.run(main)
