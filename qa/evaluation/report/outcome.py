"""What became of the questions: counted, named, and ordered by their need of attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.evaluation.report.words import count, counted, joined

Row = Mapping[str, Any]

# In the order of the bar: what is as it should be, what is missing, what is wrong.
SCORED = ("right", "rightly silent", "silent", "wrong", "wrongly answered")
# In the order of the page: what needs attention first.
HEADINGS = {
    "wrong": "Wrong: answered, but not with what was expected",
    "wrongly answered": "Wrongly answered: the sources hold no answer",
    "silent": "Silent: though the sources hold an answer",
    "unscored": "Not scored",
    "right": "Right",
    "rightly silent": "Rightly silent: the sources hold no answer",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Outcomes counted."""

    right: int
    rightly_silent: int
    silent: int
    wrong: int
    wrongly_answered: int
    unscored: int = 0

    @classmethod
    def of(cls, outcomes: Mapping[str, int]) -> "Tally":
        """Of a mapping from outcome to count; one that is not there is none."""
        return cls(*(outcomes.get(name, 0) for name in (*SCORED, "unscored")))

    @property
    def good(self) -> int:
        """Questions that got what they should."""
        return self.right + self.rightly_silent

    @property
    def bad(self) -> int:
        """Questions that got an answer that they should not."""
        return self.wrong + self.wrongly_answered

    @property
    def scored(self) -> int:
        """All whose outcome is known."""
        return self.good + self.silent + self.bad

    def share(self, number: int) -> float | None:
        """`number` among the scored; None where nothing was."""
        return number / self.scored if self.scored else None

    def sentence(self) -> str:
        """The counts in words, for someone who reads nothing else."""
        if not self.scored:
            return "Nothing could be scored."
        those = "they" if self.good != 1 else "it"
        opening = f"Of {counted(self.scored, 'question')}, {count(self.good)} got what {those}"
        parts = (
            (self.right, "a right answer"),
            (self.rightly_silent, "silence where the sources hold no answer"),
        )
        said = [f"{count(n)} {what}" for n, what in parts if n]
        return f"{opening} should{': ' if said else ''}{joined(said) if said else ''}. " + (
            self._failures()
        )

    def _failures(self) -> str:
        parts = (
            (self.silent, "met silence though the sources hold an answer"),
            (self.wrong, "got a wrong answer"),
            (self.wrongly_answered, "got an answer though the sources hold none"),
        )
        said = [f"{count(n)} {what}" for n, what in parts if n]
        return f"{joined(said)}." if said else "None went wrong."


def outcome(row: Row) -> str:
    """The row's outcome; `unscored` for one that has no name here."""
    name = row.get("outcome")
    return name if name in HEADINGS else "unscored"


def sureness(row: Row) -> float:
    """The row's confidence, 0 where it has none."""
    return float(row.get("confidence") or 0.0)


def by_need(rows: Sequence[Row]) -> list[int]:
    """The places of all rows, those most in need of attention first.

    A wrong answer costs more than a silence, and the surer the worse. Of silences the one furthest
    below the line is worst; of what is as it should be, the one that came nearest to failing.
    """
    return sorted(range(len(rows)), key=lambda place: (*_need(rows[place]), place))


def _need(row: Row) -> tuple[int, float]:
    sure = sureness(row)
    return {
        "wrong": (0, -sure),
        "wrongly answered": (0, -sure),
        "silent": (1, sure),
        "unscored": (2, 0.0),
        "right": (3, sure),
        "rightly silent": (4, -sure),
    }[outcome(row)]
