"""A run and its qrels as the field's tools read them (trec_eval, ir-measures)."""

import math
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from qa.evaluation.row import Row

_TAG = "citewell"
# trec_eval orders by score and parts equal ones by id: each score is at least this much below the
# one before it, so that every tool sees our order.
_STEP = 1e-6
_UNSAFE = re.compile(r"[\s%]")


def run_lines(rows: Iterable[Row]) -> Iterator[str]:
    """`qid Q0 docid rank score tag`, a line a ranked document."""
    for row in rows:
        below = math.inf
        for rank, (id_, score) in enumerate(row["ranking"], 1):
            score = below = min(score, below - _STEP)
            yield f"{_word(row['case']['id'])} Q0 {_word(id_)} {rank} {score:.6f} {_TAG}"


def qrels_lines(rows: Iterable[Row]) -> Iterator[str]:
    """`qid 0 docid grade`, a line an expected source of the questions that are scored by it."""
    for row in rows:
        if "mrr@10" in row["scores"]:
            for id_, grade in row["case"]["sources"].items():
                yield f"{_word(row['case']['id'])} 0 {_word(id_)} {grade}"


def _word(id_: str) -> str:
    """The format parts its columns by white space, so an id holds none: `%20` stands for it."""
    return _UNSAFE.sub(lambda found: quote(found[0]), id_)
