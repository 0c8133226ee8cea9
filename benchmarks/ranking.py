"""Fit the weights of the ranking.

python -m benchmarks.ranking ../shared/bench [--keep]

Coordinate ascent (Metzler and Croft 2007) on the macro mrr@10: each weight in turn is moved by the
steps below while that gains. Judged out of fold; --keep writes the
weights fitted on all questions to qa/fitted.json. What is re-ranked are the passages that the
weights in force read token by token, so run it twice after a large move.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.fitting import folds, keep
from benchmarks.sets import Question, QuestionSet, load
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from index.knowledge import Knowledge
from qa.finder import Finder
from qa.hit import SAME_QUESTION
from qa.retriever import READ, Ranked
from qa.weights import RANKING

SETS = ("squad2", "clapnq", "covid-faq-en", "stackfaq", "hint3-curekart", "mtrag", "cast21")
DEPTH = 10
STEPS = (0.0, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2.0)  # what a weight is multiplied by
LEAST_GAIN = 0.002  # less is noise: the standard error of the macro is about .007
# Where the ascent begins: by hand, in the order of RankingWeights. With a wording of 0, .5, .75, 1
# the macro of six sets is .9139, .9175, .9212, .9209.
START = (0.5, 0.5, 0.15, 0.1, 0.75)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """One row a question: the parts of READ passages, shape (n, READ, 5), and whose each is.

    `documents` numbers a passage's document within its question by its first appearance;
    `relevant` tells which passages answer. Rows with fewer passages are filled with nothing.
    """

    group: NDArray[np.str_]
    fold: NDArray[np.int64]
    parts: Array
    documents: NDArray[np.int64]
    relevant: NDArray[np.bool_]


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    write: Annotated[bool, typer.Option("--keep", help="Write qa/fitted.json.")] = False,
) -> None:
    """Print mrr@10 by set: at the start, fitted, out of fold, and without each part in turn."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    known = _joined([candidates(load(bench, name), encoder) for name in SETS])
    start = np.array(START)
    everything = np.ones(len(known.group), bool)
    fitted = ascended(known, start, everything)
    unseen = np.zeros(len(known.group))
    for number in range(int(known.fold.max()) + 1):
        held = known.fold == number
        weights = ascended(known, start, ~held)
        print(f"fold {number + 1}: {_named(weights)}")
        unseen[held] = reciprocal(known, weights)[held]
    rows = {
        "at the start": reciprocal(known, start),
        "fitted": reciprocal(known, fitted),
        "out of fold": unseen,
    }
    for place, name in enumerate(asdict(RANKING)):
        without = fitted.copy()
        without[place] = 0.0
        rows[f"without {name}"] = reciprocal(known, without)
    print(f"{'':16}", *SETS, "macro")
    for label, values in rows.items():
        cells = [f"{means(known, values)[name]:.4f}" for name in SETS]
        print(f"{label:16}", *cells, f"{macro(known, values):.4f}")
    print(_named(fitted))
    if write:
        how = {
            "fitted": f"set by hand; coordinate ascent on macro mrr@10 where it gains {LEAST_GAIN}",
            "questions": {name: int((known.group == name).sum()) for name in SETS},
            "macro mrr@10 out of fold": round(macro(known, unseen), 4),
        }
        keep("ranking", _named(fitted), "python -m benchmarks.ranking BENCH --keep", how)


def _named(weights: Array) -> dict[str, float]:
    return dict(zip(asdict(RANKING), weights.round(4).tolist(), strict=True))


def candidates(questions: QuestionSet, encoder: Encoder) -> Candidates:
    """The parts of what is found for each answerable question of a set."""
    knowledge, _ = assemble(questions.documents, encoder)
    asked = questions.answerable
    finder = Finder(knowledge, encoder)
    rows = []
    for question in asked:
        (found,) = finder.find([question.text], [question.history])
        rows.append(_row(found.ranked, knowledge, question))
    parts, documents, relevant = map(np.stack, zip(*rows, strict=True))
    group = np.full(len(asked), questions.name)
    texts = np.array([question.text for question in asked])
    return Candidates(group, folds(group, texts), parts, documents, relevant)


def _row(
    ranked: Ranked, knowledge: Knowledge, question: Question
) -> tuple[Array, NDArray[np.int64], NDArray[np.bool_]]:
    """One question's parts, documents and labels, in the corpus's order: no tie helps a weight."""
    chosen = np.sort(ranked.order[:READ])
    owners = [knowledge.passages[row].document_id for row in ranked.rows[chosen].tolist()]
    at = np.searchsorted(ranked.read, chosen)
    asked = ranked.parts.questions.best()
    seen = np.stack(
        [
            np.maximum(ranked.parts.dense, np.where(asked >= SAME_QUESTION, asked, -1.0))[chosen],
            np.maximum(ranked.parts.sentences.best(), asked)[chosen],
            ranked.parts.lexical[chosen],
            ranked.parts.coverage[chosen],
            ranked.words.best()[at],
        ],
        axis=1,
    )
    parts = np.full((READ, seen.shape[1]), -1e3)
    parts[: len(seen)] = seen
    numbers = {document: number for number, document in enumerate(dict.fromkeys(owners))}
    documents = np.full(READ, READ)
    documents[: len(owners)] = [numbers[owner] for owner in owners]
    relevant = np.zeros(READ, bool)
    relevant[: len(owners)] = [owner in question.relevant for owner in owners]
    return parts, documents, relevant


def _joined(sets: Sequence[Candidates]) -> Candidates:
    columns = zip(*((s.group, s.fold, s.parts, s.documents, s.relevant) for s in sets), strict=True)
    return Candidates(*map(np.concatenate, columns))


def reciprocal(known: Candidates, weights: Array) -> Array:
    """1 / the rank of the first relevant document for each question, 0 below DEPTH."""
    order = np.argsort(-(known.parts @ weights), axis=1, kind="stable")
    documents = np.take_along_axis(known.documents, order, axis=1)
    relevant = np.take_along_axis(known.relevant, order, axis=1)
    first = relevant.argmax(axis=1)
    found = np.zeros(len(order))
    for row in np.flatnonzero(relevant.any(axis=1)).tolist():
        place = len(set(documents[row, : first[row]].tolist())) + 1
        found[row] = 1 / place if place <= DEPTH else 0.0
    return found


def means(known: Candidates, values: Array) -> dict[str, float]:
    """The mean of each set."""
    return {str(name): float(values[known.group == name].mean()) for name in np.unique(known.group)}


def macro(known: Candidates, values: Array) -> float:
    """The mean over sets."""
    return float(np.mean([*means(known, values).values()]))


def ascended(known: Candidates, start: Array, chosen: NDArray[np.bool_]) -> Array:
    """The weights to which coordinate ascent leads on the chosen questions."""
    part = Candidates(
        known.group[chosen],
        known.fold[chosen],
        known.parts[chosen],
        known.documents[chosen],
        known.relevant[chosen],
    )
    weights, best = start.copy(), macro(part, reciprocal(part, start))
    gained = True
    while gained:
        gained = False
        for place in range(len(weights)):
            value, moved = max(_moves(part, weights, place), key=lambda pair: pair[0])
            if value >= best + LEAST_GAIN:
                weights, best, gained = moved, value, True
    return weights


def _moves(part: Candidates, weights: Array, place: int) -> list[tuple[float, Array]]:
    moves = []
    for step in STEPS:
        moved = weights.copy()
        moved[place] = weights[place] * step
        moves.append((macro(part, reciprocal(part, moved)), moved))
    return moves


if __name__ == "__main__":
    typer.run(main)
