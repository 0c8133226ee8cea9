"""SQuAD 1.1 and 2.0: articles of paragraphs, each with the questions asked about it."""

import json
import re
from collections import Counter

from index.documents import Block, Document
from index.readers.draft import one_line
from index.readers.fields import printable_id
from qa.evaluation.reading.harvest import Harvest
from qa.evaluation.reading.json_text import item_lines, kind_of
from qa.evaluation.reading.record import Record
from qa.evaluation.reading.records import as_object


def is_squad(data: object) -> bool:
    """Whether a file that holds `data` is to be read as SQuAD: its data has paragraphs."""
    articles = data.get("data") if isinstance(data, dict) else None
    return isinstance(articles, list) and any(
        isinstance(article, dict) and "paragraphs" in article for article in articles
    )


def read_squad(data: object, text: str, name: str, harvest: Harvest) -> None:
    """A case a question, a document a paragraph, which has what answers its questions.

    `data` is the value of `text`, for which `is_squad` holds. Paragraphs are numbered within their
    title, from 0, and have ids like `Title::0`.
    """
    squad = _Squad(text, name, harvest)
    articles = data["data"] if isinstance(data, dict) else []
    for article, line in zip(articles, item_lines(text, "data"), strict=True):
        with harvest.keeping():
            squad.read_article(Record(name, line, as_object(article, name, line)))


class _Squad:
    """What is kept from one paragraph to the next."""

    def __init__(self, text: str, name: str, harvest: Harvest) -> None:
        self._name = name
        self._harvest = harvest
        self._contexts = _Places(text, "context")
        self._questions = _Places(text, "question")
        self._numbers: Counter[str] = Counter()
        self._asked = 0

    def read_article(self, article: Record) -> None:
        title = one_line(article.text("title"))
        for paragraph in _list(article, "paragraphs"):
            number = self._numbers[title]
            self._numbers[title] += 1
            with self._harvest.keeping():
                self._read_paragraph(paragraph, article.line, title, number)

    def _read_paragraph(self, paragraph: object, after: int, title: str, number: int) -> None:
        values = as_object(paragraph, self._name, max(after, self._contexts.line))
        line = max(after, self._contexts.find(values.get("context")))
        record = Record(self._name, line, values)
        questions = _list(record, "qas")
        document = self._document(record, title, number, len(questions))
        self._harvest.claim_document(document.id, record)
        self._harvest.documents.append(document)
        for question in questions:
            with self._harvest.keeping():
                self._read_question(question, document)

    def _document(self, record: Record, title: str, number: int, asked: int) -> Document:
        text = record.text("context")
        if not text:
            left_out = f"{asked} question" + "s" * (asked != 1)
            raise record.problem(f"a paragraph without context, {left_out} left out; add its text")
        return Document(
            id=printable_id(f"{title}::{number}"),
            kind="article",
            title=title.replace("_", " "),  # as in addresses of Wikipedia
            text=text,
            source=self._name,
            blocks=(Block("paragraph", 0, len(text)),),
            line=record.line,
        )

    def _read_question(self, question: object, document: Document) -> None:
        self._asked += 1
        values = as_object(question, self._name, self._questions.line)
        line = self._questions.find(values.get("question"))
        record = Record(self._name, line, values)
        impossible = record.flag("is_impossible")
        if impossible is None:  # as in SQuAD 1.1, where all questions have answers
            answerable = True if record.texts("answers") else None
        else:
            answerable = not impossible
        fields = {key: values.get(key) for key in ("id", "question", "answers")}
        fields |= {"answerable": answerable, "sources": [document.id] if answerable else []}
        self._harvest.add(Record(self._name, line, fields), f"q{self._asked}")


def _list(record: Record, name: str) -> list[object]:
    value = record.values.get(name)
    if not isinstance(value, list):
        seen = kind_of(value) if name in record.values else "missing"
        raise record.problem(f"{name} is {seen}, not a list; write one")
    return value


class _Places:
    """Finds the lines of a key's values, which are asked for in the order of the file."""

    def __init__(self, text: str, key: str) -> None:
        self._text = text
        self._found = re.finditer(rf'"{key}"\s*:\s*("(?:[^"\\]|\\.)*+")', text)
        self._seen = 0
        self.line = 1

    def find(self, value: object) -> int:
        """The line of the next such value; of the last one where this is none."""
        for found in self._found if isinstance(value, str) else ():
            self.line += self._text.count("\n", self._seen, found.start())
            self._seen = found.start()
            if json.loads(found[1]) == value:
                break
        return self.line
