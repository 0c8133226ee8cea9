"""The measures, by numbers a reader can check."""

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import plot
from benchmarks.growth import QUESTIONS, Seen, Stub, question, watched
from benchmarks.retrieval import Baselines, auroc, first_relevant, scaled
from benchmarks.sets import Question, QuestionSet, load
from index.documents import Block, Document
from tests.keyword_encoder import KeywordEncoder


def document(id_: str, text: str) -> Document:
    return Document(id_, "article", "", text, "corpus.jsonl", (Block("paragraph", 0, len(text)),))


def test_auroc_counts_the_pairs_in_order_and_half_of_the_ties() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert math.isnan(auroc([0.9], []))


@pytest.mark.parametrize(("relevant", "place"), [({"d2"}, 2), ({"d3", "d1"}, 1), ({"d9"}, 0)])
def test_the_first_relevant_document_gives_the_place(relevant: set[str], place: int) -> None:
    question = Question("?", frozenset(relevant), answerable=True, answers=())
    assert first_relevant(["d1", "d2", "d3"], question) == place


def test_scaling_runs_from_nought_to_one() -> None:
    import numpy as np

    assert scaled(np.array([2.0, 4.0, 3.0])).tolist() == [0.0, 1.0, 0.5]
    assert scaled(np.array([7.0, 7.0])).tolist() == [0.0, 0.0]


def test_baselines_rank_by_their_formulas() -> None:
    documents = (document("d1", "fog"), document("d2", "tide tide fog"), document("d3", "gull"))
    systems = Baselines(QuestionSet("toy", documents, (), ()), KeywordEncoder("fog", "tide"))

    found = [systems.dense("fog"), systems.rank_fusion("fog"), systems.relative_score("fog")]

    assert [ranking for ranking, _ in found] == [["d1", "d2", "d3"]] * 3
    assert [score for _, score in found] == pytest.approx([1.0, 2 / 61, 2.0])


def test_a_set_is_read_with_its_labels(tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "T", "text": "Fog."}\n')
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "Fog?", "answers": ["fog"]}\n'
        '{"_id": "q2", "text": "Gull?", "answerable": false}\n'
        '{"_id": "q3", "text": "It?", "meta": {"answerability": ["UNDERSPECIFIED"]}}\n'
    )
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t0\nq3\td1\t1\n"
    )

    toy = load(tmp_path, "toy")

    assert toy.answerable == (Question("Fog?", frozenset({"d1"}), True, ("fog",)),)
    assert toy.unanswerable == (Question("Gull?", frozenset(), False, ()),)


@pytest.mark.parametrize(
    ("last", "grown"),
    [
        (Seen(104.9, 2, 8), ""),
        (Seen(105.0, 2, 8), "memory by 5.0%"),
        (Seen(90.0, 3, 9), "threads 2 -> 3, files 8 -> 9"),
    ],
)
def test_growth_is_told_from_the_end_of_the_warm_up(last: Seen, grown: str) -> None:
    seen = iter([Seen(100.0, 2, 8), *[Seen(102.0, 2, 8)] * 9, last])
    asked: list[str] = []
    assert watched(asked.append, lambda: next(seen), questions=20, warm_up=5) == grown
    assert asked == [question(number) for number in range(25)]
    assert len(set(map(question, range(1_000)))) == 1_000


def test_the_stub_keeps_nothing_of_what_it_reads() -> None:
    stub = Stub()
    stub.embed([question(number) for number in range(10)], "query")
    assert stub.calls == []
    assert QUESTIONS["stub"] == 100_000


def test_bars_stand_on_one_scale_and_are_told_in_words() -> None:
    bars = {"title": "A & B", "unit": "ms", "values": {"citewell": 5.0, "<peer>": 25.0}}
    where = {"machine": "Some CPU, Linux", "cores": 2, "date": "2026-01-02", "commit": "abc"}

    drawn = ElementTree.fromstring(plot.picture(bars, where))

    name = "{http://www.w3.org/2000/svg}"
    wide = [float(bar.attrib["width"]) for bar in drawn.iter(f"{name}rect")]
    assert wide[1] == pytest.approx(5 * wide[0], rel=0.01)
    assert drawn.findtext(f"{name}title") == "A & B, ms"
    assert drawn.findtext(f"{name}desc") == (
        "citewell: 5; <peer>: 25. Some CPU, 2 cores, 2026-01-02, commit abc"
    )
