"""Lines of a printed page joined to running text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", _SOFT)
_HEAD = re.compile(r"[^\W\d_]+$")
_TAIL = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


class Hyphens:
    """Which hyphens at the ends of lines belong to the words: as the document's own words tell.

    A word that stands elsewhere in one piece loses the hyphen, one that stands elsewhere with it
    keeps it. Of a word that stands nowhere else, the hyphen goes where most of the others went.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        whole = (word for line in lines for word in _WORD.findall(_inner(line)))
        self._words = Counter(word.casefold().replace("\u2010", "-") for word in whole)
        votes = [self._known(a, b) for a, b in pairwise(lines)]
        self._mostly_soft = votes.count(True) > votes.count(False)

    def joined(self, lines: Iterable[str]) -> str:
        """The lines as one text."""
        text = ""
        for line in lines:
            text = self._join(text, line) if text else line
        return text.rstrip(_SOFT)

    def _join(self, text: str, line: str) -> str:
        if not text.endswith(_HYPHENS) or len(text) < 2 or not text[-2].isalpha():
            return f"{text} {line}"
        if text.endswith(_SOFT):
            return text[:-1] + line
        soft = self._known(text, line)
        if soft is None:
            # A capital or a digit after it: `UTF-8`, `Anna-Maria`.
            soft = line[:1].islower() and (self._mostly_soft or text.endswith("\u2010"))
        return (text[:-1] if soft else text) + line

    def _known(self, text: str, line: str) -> bool | None:
        """Whether the hyphen between these two lines goes; None where nothing tells."""
        head, tail = _HEAD.search(text[:-1]), _TAIL.match(line)
        if not text.endswith(_HYPHENS[:2]) or not head or not tail:
            return None
        begun, end = head[0].casefold(), tail[0].casefold()
        whole, parted = self._words[begun + end], self._words[f"{begun}-{end}"]
        return None if whole == parted else whole > parted


def _inner(line: str) -> str:
    """The line without its last word, where that is cut."""
    return line.rpartition(" ")[0] if line.endswith(_HYPHENS) else line
