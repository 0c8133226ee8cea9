"""FAQs in plain text whose questions and answers have labels: `Q: …` and `A: …`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.readers.draft import Entry, Piece
from index.readers.faq import opens_alternates, split_alternates
from index.readers.plain import plain_pieces

_QUESTION = re.compile(r"\s*(?:q(?:uestion)?\s*[:：]|q\.(?=\s|$))", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:a(?:nswer)?\s*[:：]|a\.(?=\s|$))", re.IGNORECASE)


def labelled_questions(lines: Sequence[str]) -> list[int]:
    """Where the lines `Q: …` stand; none unless at least one has its `A: …` below it.

    The labels are also written `Q.` and `A.`, `Question:` and `Answer:`, in any case.
    """
    starts = [n for n, line in enumerate(lines) if _QUESTION.match(line)]
    answered = any(_answer(lines, n, end) < end for n, end in _spans(lines, starts))
    return starts if answered else []


def labelled_entries(lines: Sequence[str], starts: Sequence[int], first: int) -> Iterator[Entry]:
    """The entries that open at `starts`; `lines[0]` is line `first` of its file.

    An answer goes on to the next question. Without its label it is none.
    """
    for start, end in _spans(lines, starts):
        begin = _answer(lines, start, end)
        question, wordings = _asked(lines[start:begin])
        said = _unlabelled(lines[begin:end], _ANSWER)
        alternates, answer = split_alternates(plain_pieces(said, first + begin))
        heading = Piece("heading", question, line=first + start)
        yield Entry(heading, tuple(answer), (*wordings, *alternates))


def _asked(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The question, which may go on below its label, and the other wordings that follow it."""
    also = next((n for n, line in enumerate(lines) if opens_alternates(line)), len(lines))
    wordings, more = split_alternates(plain_pieces("\n".join(lines[also:])))
    texts = [_unlabelled(lines[:also], _QUESTION), *(piece.text for piece in more)]
    return "\n".join(texts), wordings


def _spans(lines: Sequence[str], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    return pairwise([*starts, len(lines)])


def _answer(lines: Sequence[str], start: int, end: int) -> int:
    """Where between these places the answer begins; `end` where it has no label."""
    return next((n for n in range(start, end) if _ANSWER.match(lines[n])), end)


def _unlabelled(lines: Sequence[str], label: re.Pattern[str]) -> str:
    """These lines, the first without its label."""
    return label.sub("", "\n".join(lines), count=1)
