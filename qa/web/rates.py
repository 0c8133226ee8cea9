"""How much is taken on: the numbers, apart from the code that keeps to them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, then `per_second`. Both are more than nothing."""

    per_second: float
    burst: int

    def __post_init__(self) -> None:
        if not 0 < self.per_second < float("inf") or self.burst < 1:
            raise ValueError("burst has to be 1 or more, per_second more than 0")

    def times(self, number: int) -> "Rate":
        """So many times as much."""
        return Rate(self.per_second * number, self.burst * number)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may send of each, and how many questions all of them together.

    Two cores answer some 55 questions a second, by two threads as by eight (all-MiniLM-L6-v2,
    2026-11-28, docs/performance-serving.md), so the last of 32 that wait has its answer within
    three quarters of a second. The rates are a judgement: people behind one address ask a question
    a few seconds apart, and type up to ten letters a second.
    """

    ask: Rate = Rate(2, 30)
    suggest: Rate = Rate(10, 60)
    feedback: Rate = Rate(1, 20)
    sources: Rate = Rate(5, 60)
    workers: int = 2
    waiting: int = 32

    def __post_init__(self) -> None:
        if self.workers < 1 or self.waiting < 0:
            raise ValueError("workers has to be 1 or more, waiting 0 or more")
