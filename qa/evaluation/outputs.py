"""The files that a run leaves beside its results."""

import json
from collections.abc import Iterable
from pathlib import Path

from qa.evaluation.junit import junit
from qa.evaluation.run import JUNIT, REPORT, SUMMARY, TREC_QRELS, TREC_RUN, Run
from qa.evaluation.summary import Summary
from qa.evaluation.trec import qrels_lines, run_lines


def write(run: Run, summary: Summary) -> None:
    """Write summary.json, report.html, junit.xml, run.trec and qrels.trec into the run's folder."""
    from qa.evaluation.report import evaluation

    told = summary.to_dict()
    _write(run.folder / SUMMARY, json.dumps(told, indent=1, ensure_ascii=False))
    _write(run.folder / REPORT, evaluation(told, run.rows))
    (run.folder / JUNIT).write_bytes(junit(summary.name, run.rows, told["gates"]))
    _write_lines(run.folder / TREC_RUN, run_lines(run.rows))
    _write_lines(run.folder / TREC_QRELS, qrels_lines(run.rows))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    _write(path, "\n".join(lines))


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n" if text else "", "utf-8", newline="\n")
