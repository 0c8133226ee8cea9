"""Finding the right passage: ours beside four baselines, in one run.

python -m benchmarks.retrieval ../shared/bench

Every system sees the same documents, the same questions and the same encoder; a question that has a
conversation before it (mtrag, cast21) is asked of the baselines as it stands, of ours with that. It
counts the rank of the first relevant document. The AUROC asks whether the system's best score tells
questions that the corpus answers from those it does not. Ours is the confidence, which was fitted
on these sets: `benchmarks.confidence` prints the same out of fold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.sets import Question, QuestionSet, load
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.encoder import Encoder
from index.language import corpus_language
from index.lexical import LexicalStore
from index.store.faiss import FaissStore
from qa.evaluation.metrics import decision
from qa.finder import Finder
from qa.terminal import progress_bar

SETS = ("squad2", "clapnq", "covid-faq-en", "stackfaq", "hint3-curekart", "mtrag", "cast21")
FUSED = ("dense + FAISS", "RRF", "relative score")
BASELINES = (*FUSED, "BM25")
DEPTH = 10
# Cormack, Clarke, Büttcher 2009; what the peers' hybrid search uses.
_RRF_K = 60

Scores = NDArray[np.float64]
Ranking = tuple[list[str], float]  # document ids, best first; how sure the system is of the first


System = Callable[[Question], Ranking]


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set. `auroc` is NaN where the set has no unanswerable questions."""

    hit1: float
    hit5: float
    mrr: float
    auroc: float


def main(
    bench: Annotated[Path, typer.Argument(help="The folder of question sets.")],
    sets: Annotated[str, typer.Option(help="Which, comma-separated.")] = ",".join(SETS),
) -> None:
    """Print a table a set and the macro averages."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    results: dict[str, dict[str, Row]] = {}
    for name in sets.split(","):
        questions = load(bench, name)
        results[name] = measured(questions, encoder)
        _print_set(questions, results[name])
    _print_macro(results)


def measured(questions: QuestionSet, encoder: Encoder) -> dict[str, Row]:
    """Every system on one set."""
    return {system: _measured(rank, questions) for system, rank in _systems(questions, encoder)}


def _systems(questions: QuestionSet, encoder: Encoder) -> list[tuple[str, System]]:
    baselines = Baselines(questions, encoder)
    with progress_bar(f"{questions.name}: encoding") as progress:
        knowledge, _ = assemble(questions.documents, encoder, progress=progress)
    finder = Finder(knowledge, encoder)

    def ours(question: Question) -> Ranking:
        (found,) = finder.find([question.text], [question.history])
        # Passages are ranked; a document stands where its first passage does.
        ranking = finder.retriever.scored(found.ranked, 3 * DEPTH)
        documents = list(dict.fromkeys(passage.document_id for passage, _ in ranking))
        return documents[:DEPTH], found.sure

    def alone(rank: Callable[[str], Ranking]) -> Callable[[Question], Ranking]:
        return lambda question: rank(question.text)

    return [
        ("dense + FAISS", alone(baselines.dense)),
        ("BM25", alone(baselines.bm25)),
        ("RRF", alone(baselines.rank_fusion)),
        ("relative score", alone(baselines.relative_score)),
        ("ours", ours),
    ]


class Baselines:
    """What the field does: one vector a document, BM25, and the two usual ways to join them."""

    def __init__(self, questions: QuestionSet, encoder: Encoder) -> None:
        texts = [f"{d.title}\n{d.text}".strip() for d in questions.documents]
        self._ids = [document.id for document in questions.documents]
        self._encoder = encoder
        batches = [encoder.encode_passages(texts[i : i + 64]) for i in range(0, len(texts), 64)]
        self._store = FaissStore(np.concatenate(batches))
        self._lexical = LexicalStore(texts, corpus_language(questions.documents))

    def dense(self, question: str) -> Ranking:
        """Cosine of question and document."""
        return self._ranked(self._cosines(question))

    def bm25(self, question: str) -> Ranking:
        """BM25 alone."""
        return self._ranked(self._lexical.search(question).astype(np.float64))

    def rank_fusion(self, question: str) -> Ranking:
        """Reciprocal rank fusion of the two."""
        both = (self._cosines(question), self._lexical.search(question))
        ranks = (np.argsort(np.argsort(-scores, kind="stable")) for scores in both)
        return self._ranked(np.sum([1 / (_RRF_K + 1 + rank) for rank in ranks], axis=0))

    def relative_score(self, question: str) -> Ranking:
        """Each scaled to 0..1 by its least and greatest score, then added with equal weight."""
        both = (self._cosines(question), self._lexical.search(question))
        return self._ranked(np.sum([scaled(scores) for scores in both], axis=0))

    def _cosines(self, question: str) -> Scores:
        scores, rows = self._store.search(self._encoder.encode_queries([question]), len(self._ids))
        by_row = np.empty(len(self._ids))
        by_row[rows[0]] = scores[0]
        return by_row

    def _ranked(self, scores: Scores) -> Ranking:
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [self._ids[row] for row in best], float(scores[best[0]])


def scaled(scores: NDArray[np.floating]) -> Scores:
    """The scores moved and stretched to run from 0 to 1; all 0 where they are equal."""
    spread = float(scores.max() - scores.min())
    return np.asarray((scores - scores.min()) / (spread or 1.0), np.float64)


def _measured(rank: System, questions: QuestionSet) -> Row:
    ranked = [*map(rank, questions.answerable)]
    silent = [rank(question)[1] for question in questions.unanswerable]
    places = [first_relevant(r[0], q) for r, q in zip(ranked, questions.answerable, strict=True)]
    return Row(
        hit1=float(np.mean([place == 1 for place in places])),
        hit5=float(np.mean([0 < place <= 5 for place in places])),
        mrr=float(np.mean([1 / place if place else 0.0 for place in places])),
        auroc=auroc([sure for _, sure in ranked], silent),
    )


def first_relevant(ranking: Sequence[str], question: Question) -> int:
    """The rank, from 1, of the first relevant document; 0 where none is in the ranking."""
    return next((i for i, d in enumerate(ranking, 1) if d in question.relevant), 0)


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """The chance that an answerable question scores above an unanswerable one; NaN without both."""
    if not answerable or not unanswerable:
        return float("nan")
    return decision.auroc(np.array(answerable), np.array(unanswerable))


def _print_set(questions: QuestionSet, rows: dict[str, Row]) -> None:
    print(
        f"\n{questions.name}: {len(questions.documents)} documents, {len(questions.answerable)} "
        f"answerable and {len(questions.unanswerable)} unanswerable questions"
    )
    print(f"{'':16}  hit@1  hit@5  mrr@10  AUROC")
    for system, row in rows.items():
        line = f"{system:16}  {row.hit1:.3f}  {row.hit5:.3f}  {row.mrr:.3f}   {row.auroc:.3f}"
        print(line.replace("nan", "–"))


def _print_macro(results: dict[str, dict[str, Row]]) -> None:
    print(f"\nmacro mrr@10 over {len(results)} sets")
    systems = list(next(iter(results.values())))
    macro = {s: float(np.mean([rows[s].mrr for rows in results.values()])) for s in systems}
    for system, value in macro.items():
        print(f"{system:16}  {value:.3f}")
    best = max(macro[system] for system in FUSED)
    print(f"ours - best of {', '.join(FUSED)}: {macro['ours'] - best:+.3f}")
    above = [n for n, r in results.items() if r["ours"].mrr >= max(r[s].mrr for s in BASELINES)]
    print(f"ours at or above the best baseline of the set: {len(above)} of {len(results)}")


if __name__ == "__main__":
    typer.run(main)
