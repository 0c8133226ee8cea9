"""What readers think of an answer, from the chat page to the journal."""

from index.errors import JournalError
from qa.answer import Answer
from qa.journal import Journal, Verdict
from qa.web.strings import Strings

VERDICTS: tuple[tuple[str, Verdict], ...] = (
    ("yes", "yes"),
    ("no", "no"),
    ("wrong_source", "wrong-source"),
)
"""The name of a button's words, and the verdict it stands for."""


def keep(journal: Journal, answer: Answer | None, verdict: Verdict, strings: Strings) -> str:
    """What to say once the verdict is in the journal, or is not."""
    if answer is None:  # the server forgot the conversation that the reader still sees
        return strings.not_saved
    passages = [c.passage for c in answer.citations] + [c.passage for c in answer.choices]
    try:
        journal.record_feedback(
            answer.id,
            answer.question,
            verdict,
            generation=answer.generation,
            passages=passages,
        )
    except JournalError:
        return strings.not_saved
    return strings.noted
