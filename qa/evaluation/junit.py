"""A run as a JUnit file, which shows up question by question in most continuous integration."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from index.errors import printable
from qa.evaluation.row import Row

_FAILURES = {
    "wrong": "answered, but not with what was expected",
    "wrongly answered": "answered, though the sources hold no answer",
    "silent": "not answered, though the sources hold the answer",
}


def junit(name: str, rows: Sequence[Row], gates: Sequence[Mapping[str, Any]]) -> bytes:
    """Two suites: the questions, of which those without labels are skipped, and the gates."""
    top = Element("testsuites", name=printable(name))
    _suite(top, "questions", [_question(row) for row in rows])
    _suite(top, "gates", [_gate(gate) for gate in gates])
    indent(top)
    body: bytes = tostring(top, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _suite(top: Element, name: str, cases: Sequence[Element]) -> None:
    def having(child: str) -> str:
        return str(sum(case.find(child) is not None for case in cases))

    suite = SubElement(
        top, "testsuite", name=name, tests=str(len(cases)),
        failures=having("failure"), skipped=having("skipped"), errors="0",
    )  # fmt: skip
    suite.extend(cases)


def _question(row: Row) -> Element:
    case = Element("testcase", classname="questions", name=_text(row))
    outcome = row["outcome"]
    if outcome == "unscored":
        SubElement(case, "skipped", message=row["why"])
    if outcome in _FAILURES:
        failure = SubElement(case, "failure", type=outcome, message=_FAILURES[outcome])
        failure.text = "\n".join(_told(row))
    return case


def _told(row: Row) -> Iterator[str]:
    yield f"said: {printable(row['text']) or 'nothing'}"
    yield f"expected answers: {printable(', '.join(row['case']['answers'])) or 'none named'}"
    yield f"expected sources: {printable(', '.join(row['case']['sources'])) or 'none named'}"
    yield f"confidence: {row['confidence']:.2f}"


def _gate(gate: Mapping[str, Any]) -> Element:
    case = Element(
        "testcase", classname="gates", name=f"{gate['metric']} {gate['way']} {gate['needed']}"
    )
    if not gate["passed"]:
        SubElement(case, "failure", type="gate", message=f"is {gate['value']:.4f}")
    return case


def _text(row: Row) -> str:
    return printable(f"{row['case']['id']}: {row['question']}")
