"""From a record to the case it describes: the one place where a format's fields get a meaning."""

from index.errors import QuestionError
from index.readers.draft import one_line
from qa.evaluation.case import Case, Turn
from qa.evaluation.reading.json_text import kind_of
from qa.evaluation.reading.record import Record, is_blank
from qa.evaluation.reading.turns import turns
from qa.question import cleaned


def case_of(record: Record, case_id: str) -> Case:
    """The case that `record` describes, under the id that is its own or was given to it.

    Raises ReadError where it has no question that can be asked, contradicts itself, or holds a
    value of another kind than its field.
    """
    question, history = _asked(record)
    answers = record.texts("answers")
    answerable = _answerable(record)
    if answerable is False and answers:
        raise record.problem(
            "this question is labelled not answerable and has an answer; remove one of the two"
        )
    return Case(
        id=case_id,
        question=question,
        sources=record.grades("sources"),
        answers=answers,
        answerable=answerable,
        tags=record.texts("tags", separator="[,;|]"),
        history=history,
        kind=one_line(record.text("kind")),
        like=record.id("like"),
        line=record.line,
    )


def _asked(record: Record) -> tuple[str, tuple[Turn, ...]]:
    """The question fit to ask, and what was said before it."""
    said = record.values.get("question")
    history = turns(record, "history")
    if is_blank(said):
        raise record.problem("no question here; write one or remove the record")
    if isinstance(said, list) and all(isinstance(turn, dict) for turn in said):
        if history:
            reason = "question is a conversation and history another; put all turns in one of them"
            raise record.problem(reason)
        said, history = _last_question(record)
    if not isinstance(said, str):
        raise record.problem(f"question is {kind_of(said)}, not text; write it as text")
    try:
        return cleaned(said), history
    except QuestionError as error:
        raise record.problem(str(error)) from None


def _last_question(record: Record) -> tuple[str, tuple[Turn, ...]]:
    """RAGAS keeps a conversation where the question stands: what the user said last is asked."""
    said = turns(record, "question")
    asked = [place for place, turn in enumerate(said) if turn.role == "user"]
    if not asked:
        raise record.problem("question is a conversation without a user's turn; add what is asked")
    return said[asked[-1]].content, said[: asked[-1]]


def _answerable(record: Record) -> bool | None:
    yes, no = record.flag("answerable"), record.flag("unanswerable")
    if yes is not None and yes == no:
        raise record.problem("answerable and unanswerable say opposite things; remove one of them")
    return not no if yes is None and no is not None else yes
