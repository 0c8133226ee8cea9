"""`citewell eval`, `compare`, `calibrate`, `stress` and `status`, as typed."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG

import qa
from qa.calibration import CalibrationRecord, store
from qa.confidence import Calibration
from tests.conftest import Citewell
from tests.keyword_encoder import KeywordEncoder

FAQ = """question,answer,id
When does the ferry leave?,The ferry leaves at nine.,ferry
Who owns the boat?,The boat belongs to the town.,boat
How high is the tide?,The tide rises by four metres.,tide
"""
QUESTIONS = """id,question,expected source,expected answer,answerable,tags
q1,When does the ferry leave?,ferry,nine,,harbour
q2,Who owns the boat?,Who owns the boat?,the queen,,harbour
q3,Why is the gull white?,,,no,birds
q4,Is there fog?,faq.csv,,,
q5,How high is the tide?,,,,
"""
FILES = {
    "junit.xml", "qrels.trec", "report.html", "results.jsonl", "run.json", "run.trec",
    "summary.json", "timings.jsonl", ".lock",
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("keyword_model", "place")


@pytest.fixture
def place(tmp_path: Path, citewell: Citewell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a knowledge base and a file of questions, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Path("faq.csv").write_text(FAQ)
    Path("questions.csv").write_text(QUESTIONS)
    assert citewell("build", "faq.csv", "--out", "kb").code == 0


def test_an_evaluation_prints_what_it_comes_to(citewell: Citewell) -> None:
    ran = citewell("eval", "questions.csv")

    assert (ran.code, ran.err) == (0, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "questions: 5 questions asked of kb (gen-1)"
    assert lines[2:9] == [
        "right 1",
        "rightly silent 1",
        "silent 1",
        "wrong 1",
        "unscored 1",
        "as they should be 2 (50.0% of 4 scored)",
        "no outcome 1 (neither an expected source nor answer, nor whether there is one)",
    ]
    assert "harbour 2 1 0 1 1.000 1.000 0.500" in lines
    assert lines[-1] == "report/report.html"


def test_it_leaves_everything_in_one_folder(citewell: Citewell) -> None:
    citewell("eval", "questions.csv", "--out", "here")

    assert {path.name for path in Path("here").iterdir()} == FILES
    told = json.loads(Path("here/summary.json").read_text())
    assert told["outcomes"]["right"] == 1
    assert told["metrics"]["mrr@10"]["n"] == 3
    assert told["grounding"] == {"quotes": 3, "verified": 3, "failed": []}


def test_what_it_measures_is_what_ir_measures_reads_from_its_files(citewell: Citewell) -> None:
    citewell("eval", "questions.csv")
    run = list(ir_measures.read_trec_run("report/run.trec"))
    qrels = list(ir_measures.read_trec_qrels("report/qrels.trec"))

    told = json.loads(Path("report/summary.json").read_text())["metrics"]

    oracle = ir_measures.calc_aggregate([RR @ 10, nDCG @ 10, R @ 5, Success @ 1], qrels, run)
    assert told["mrr@10"]["value"] == pytest.approx(oracle[RR @ 10])
    assert told["ndcg@10"]["value"] == pytest.approx(oracle[nDCG @ 10])
    assert told["recall@5"]["value"] == pytest.approx(oracle[R @ 5])
    assert told["hit@1"]["value"] == pytest.approx(oracle[Success @ 1])


def test_its_junit_file_fails_what_went_wrong(citewell: Citewell) -> None:
    citewell("eval", "questions.csv", "--fail-under", "precision=0.9")

    questions, gates = ET.parse("report/junit.xml").getroot()
    assert questions.attrib["tests"] == "5"
    failed = {case.attrib["name"] for case in questions if case.find("failure") is not None}
    assert failed == {"q2: Who owns the boat?", "q4: Is there fog?"}
    assert questions.attrib["skipped"] == "1"
    assert [case.attrib["name"] for case in gates] == ["precision at least 0.9"]
    assert gates.attrib["failures"] == "1"


@pytest.mark.parametrize(
    ("gate", "code", "says"),
    [
        ("precision=0.5", 0, "passed: precision at least 0.5, is 0.5000"),
        ("precision=0.51", 1, "FAILED: precision at least 0.51, is 0.5000"),
    ],
)
def test_a_gate_sets_the_exit_code(citewell: Citewell, gate: str, code: int, says: str) -> None:
    ran = citewell("eval", "questions.csv", "--fail-under", gate)

    assert ran.code == code
    assert says in ran.out.splitlines()


def test_a_gate_that_cannot_be_told_fails_but_loses_nothing(citewell: Citewell) -> None:
    ran = citewell("eval", "questions.csv", "--fail-under", "same_answer=0.5")

    assert ran.code == 2
    assert "same_answer cannot be told: no question has the labels for it" in ran.err
    assert Path("report/report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["eval", "gone.csv"], "gone.csv"),
        (["eval", "questions.csv", "--kb", "gone"], "gone: no knowledge base here; build one"),
        (["eval", "questions.csv", "--fail-under", "x=1"], "--fail-under x=1: write metric=value"),
        (["eval", "questions.csv", "--baseline", "gone"], "gone: holds no run; make one with"),
        (["compare", "gone", "report"], "gone: holds no run; make one with: citewell eval"),
        (["calibrate", "questions.csv"], "4 questions can be scored, of which 2 get a right"),
        (["stress", "--kb", "gone"], "gone: no knowledge base here; build one"),
    ],
)
def test_what_could_not_run_exits_with_2_and_says_why(
    citewell: Citewell, arguments: list[str], says: str
) -> None:
    ran = citewell(*arguments)

    assert ran.code == 2
    assert ran.err.startswith("citewell: ")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_source_that_is_not_there_is_named_with_its_line(citewell: Citewell) -> None:
    Path("questions.csv").write_text("question,source\nWhen?,ferri\nWho?,boat\n")

    ran = citewell("eval", "questions.csv")

    assert ran.code == 2
    assert ran.err.splitlines()[0].startswith(
        "questions.csv:2: expects the source 'ferri', which the knowledge base does not hold; did "
        "you mean 'ferry'?"
    )
    left = citewell("eval", "questions.csv", "--skip-errors")
    assert left.code == 0
    assert "note: left out: questions.csv:2: expects the source 'ferri'" in left.out


def test_the_report_says_that_questions_follow_on_others(citewell: Citewell) -> None:
    Path("q.jsonl").write_text('{"question": "And the boat?", "history": ["Who owns the ferry?"]}')

    ran = citewell("eval", "q.jsonl")

    assert "note: 1 question follows on others; what they leave out" in ran.out


def test_the_next_run_says_whether_it_is_better(citewell: Citewell) -> None:
    citewell("eval", "questions.csv")
    Path("faq.csv").write_text(FAQ.replace("to the town", "to the queen"))
    citewell("build", "faq.csv", "--out", "kb")

    ran = citewell("eval", "questions.csv")

    assert "1 mended and 0 lost of 5 questions: no clear difference (p = 1)" in ran.out
    assert Path("report/before/results.jsonl").exists()


def test_compare_lists_what_changed_and_every_flip(citewell: Citewell) -> None:
    citewell("eval", "questions.csv", "--out", "a")
    Path("faq.csv").write_text(FAQ.replace("at nine", "at ten"))
    citewell("build", "faq.csv", "--out", "kb")
    citewell("eval", "questions.csv", "--out", "b")

    ran = citewell("compare", "a", "b")

    assert ran.code == 0
    assert "changed: generation: gen-1 → gen-2" in ran.out
    assert "right → wrong: When does the ferry leave?" in ran.out
    assert ran.out.splitlines()[-1] == "b/comparison.html"
    assert "When does the ferry leave?" in Path("b/comparison.html").read_text()


def many(good: int, bad: int) -> str:
    rows = ["id,question,source"]
    rows += [f"g{i},When does the ferry leave on day {i}?,ferry" for i in range(good)]
    rows += [f"b{i},When does the ferry leave in fog {i}?,boat" for i in range(bad)]
    return "\n".join(rows)


def test_a_run_that_lost_three_points_exits_with_1(citewell: Citewell) -> None:
    """The very regression: nine of three hundred questions lose their entry."""
    Path("q.csv").write_text(many(300, 0))
    citewell("eval", "q.csv", "--out", "a")
    lines = Path("a/results.jsonl").read_text().splitlines()
    citewell("eval", "q.csv", "--out", "b")
    again = citewell("compare", "a", "b")
    worse = [json.loads(line) | {"outcome": "wrong", "right": False} for line in lines[:9]]
    Path("b/results.jsonl").write_text("\n".join([*map(json.dumps, worse), *lines[9:]]) + "\n")

    ran = citewell("compare", "a", "b")

    assert (again.code, again.out.splitlines()[0]) == (
        0,
        "No difference beyond chance. Of 300 scored questions 0 mended, 0 lost (McNemar p = 1).",
    )
    assert ran.code == 1
    assert ran.out.startswith(
        "The second run is worse, by more than chance. Of 300 scored questions 0 mended"
    )


def test_a_quote_that_is_not_in_its_source_fails_the_run(citewell: Citewell) -> None:
    citewell("eval", "questions.csv")
    path = Path("report/results.jsonl")
    path.write_text(
        path.read_text().replace("The ferry leaves at nine.", "The ferry never leaves.")
    )

    ran = citewell("eval", "questions.csv", "--resume")

    assert ran.code == 1
    assert "NOT IN ITS SOURCE" in ran.out
    assert json.loads(Path("report/summary.json").read_text())["grounding"]["verified"] == 2


def test_a_calibration_is_kept_beside_the_knowledge_base_and_used(citewell: Citewell) -> None:
    Path("q.csv").write_text(many(40, 10))
    before = qa.load("kb").answer("When does the ferry leave?")

    ran = citewell("calibrate", "q.csv", "--precision", "0.7")

    assert (ran.code, ran.err) == (0, "")
    assert "of answers right; covers" in ran.out
    assert Path("kb/calibration.html").exists()
    record = json.loads(Path("kb/calibration.json").read_text())
    assert record["questions"] == 50
    assert qa.load("kb").calibration.answer_from == record["calibration"]["answer_from"]
    assert qa.load("kb").answer("When does the ferry leave?").confidence != before.confidence


def test_no_line_is_stored_where_none_keeps_the_promise(citewell: Citewell) -> None:
    Path("q.csv").write_text(many(25, 25))

    ran = citewell("calibrate", "q.csv", "--precision", "0.99")

    assert ran.code == 2
    assert not Path("kb/calibration.json").exists()


def test_status_tells_what_a_knowledge_base_is(citewell: Citewell) -> None:
    ran = citewell("status")

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("kb: gen-1, built ")
    assert lines[1] == "3 documents, 3 passages, 3 questions, 3 sentences"
    assert lines[3] == "calibration: none of its own; answers from 0.50"


def record(**changes: object) -> CalibrationRecord:
    manifest = json.loads(Path("kb/gen-1/manifest.json").read_text())
    same = {name: manifest[name] for name in ("generation", "corpus", "encoder", "fingerprint")}
    numbers = {"promise": 0.95, "precision": 0.96, "coverage": 0.83}
    expected = {"expected_precision": 0.94, "expected_coverage": 0.8}
    fields = {"calibration": Calibration(answer_from=0.7), "made": "now", "name": "q.csv"}
    return CalibrationRecord(
        **{**fields, "questions": 200, **numbers, **expected, **same, **changes}
    )


def test_status_tells_the_promise(citewell: Citewell) -> None:
    store(Path("kb"), record())

    assert citewell("status").out.splitlines()[3:5] == [
        "calibration: of now, 200 questions of q.csv; answers from 0.70",
        "promise: 95% of answers right; covers 83% of questions; on its questions 96.0% were "
        "right; of others expect 94.0% right, 80% covered",
    ]


def test_status_says_when_the_sources_have_changed_since(citewell: Citewell) -> None:
    store(Path("kb"), record())
    Path("faq.csv").write_text(FAQ.replace("nine", "ten"))
    citewell("build", "faq.csv", "--out", "kb")

    said = (
        "OUTDATED: the sources were those of gen-1; the calibration may not keep its promise: run "
        "citewell calibrate again"
    )
    assert said in citewell("status").out.splitlines()
    assert qa.load("kb").calibration.answer_from == 0.7


def test_a_calibration_of_another_model_is_not_used(citewell: Citewell) -> None:
    store(Path("kb"), record(encoder="small", fingerprint="other"))

    said = (
        "OUTDATED: the model was small, now keywords; the calibration is not used and may not keep "
        "its promise: run citewell calibrate again"
    )
    assert said in citewell("status").out.splitlines()
    assert qa.load("kb").calibration == Calibration()


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"calibration": {"slope": -1}}'])
def test_a_calibration_that_is_none_is_refused(citewell: Citewell, content: str) -> None:
    Path("kb/calibration.json").write_text(content)

    ran = citewell("ask", "When?")

    assert ran.code == 4
    assert "kb/calibration.json: is no calibration (" in ran.err
    assert ran.err.strip().endswith("; calibrate again or remove the file")


def test_stress_needs_no_questions(citewell: Citewell) -> None:
    ran = citewell("stress", "--fail-under", "same_answer=0.5")

    assert ran.code == 0
    told = json.loads(Path("stress/summary.json").read_text())
    kinds = {group["name"] for group in told["groups"]["kind"]}
    assert {"as written", "typo", "keywords", "negation", "out of scope"} <= kinds
    again = citewell("eval", "stress/questions.jsonl", "--out", "again")
    assert again.code == 0
    assert json.loads(Path("again/summary.json").read_text())["outcomes"] == told["outcomes"]


def test_stress_finds_entries_that_collide(citewell: Citewell) -> None:
    Path("faq.csv").write_text(FAQ + "When does the ferry sail?,The ferry sails at ten.,sail\n")
    citewell("build", "faq.csv", "--out", "kb")

    ran = citewell("stress")

    assert "cosine 1.00): When does the ferry leave? | When does the ferry sail?" in ran.out


def test_a_folder_with_its_own_corpus_needs_no_knowledge_base(
    citewell: Citewell, keyword_model: KeywordEncoder
) -> None:
    folder = Path("harbour")
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Ferry", "text": "The ferry leaves at nine."}\n'
        '{"_id": "b", "title": "Tide", "text": "The tide rises by four metres."}\n'
    )
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "When does the ferry leave?"}\n')
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")

    assert citewell("eval", "harbour").code == 0
    assert json.loads(Path("report/summary.json").read_text())["metrics"]["hit@1"]["value"] == 1
    encoded = len(keyword_model.calls)
    citewell("eval", "harbour")
    again = keyword_model.calls[encoded:]
    assert [text for text in again if "nine" in text] == []
