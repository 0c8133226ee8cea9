"""How far chance goes: intervals of a measure, and whether two runs differ by more.

Cases are drawn again with replacement, as many as there are, by a generator with a fixed seed: the
same input gives the same numbers. Raises ValueError for a level outside 0..1, for no resample, and
for values that are not finite.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

LEVEL = 0.95
RESAMPLES = 1_000  # the end of an interval moves by about a fiftieth of its width with the seed
PAIRED_RESAMPLES = 10_000  # a p near .05 moves by about .002 with the seed
# Numbers drawn at once: at most three arrays of them, of 8 bytes each, are alive, so about 50 MB.
_BLOCK = 2_000_000
# Counting how often each distinct value was drawn costs about 8 times as much a value as drawing a
# case; so it is done where cases share values that much, as they do of hits and ranks.
_SHARING = 8


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both within."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval runs upwards, not from {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the mean of b is above that of a, with its interval and two-sided p."""

    value: float
    low: float
    high: float
    p: float


def bootstrap(
    values_num: Floats,
    values_den: Floats,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Interval | None:
    """The percentile bootstrap interval (Efron 1979) of sum(values_num) / sum(values_den).

    Both have shape (n,); a denominator of 1 everywhere makes it a mean. A case that adds to neither
    sum is not drawn, a resample whose denominator is 0 is left out. None for fewer than 2 cases.
    Where all cases are alike the interval is a point; `wilson` does better for few cases.
    """
    _checked(resamples, level)
    _alike(values_num, values_den)
    pairs = np.column_stack([values_num, values_den])
    pairs = pairs[pairs.any(axis=1)]
    if len(pairs) < 2:
        return None
    numerators, denominators = _sums(pairs, resamples, seed).T
    there = denominators != 0
    return _percentiles(numerators[there] / denominators[there], level)


def bootstrap_statistic(
    n: int,
    statistic: Callable[[Rows], float],
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Interval | None:
    """The percentile bootstrap interval (Efron 1979) of any statistic of `n` cases.

    `statistic` takes the rows that were drawn, shape (n,), and may give NaN where it is not defined
    for them: that resample is left out. None for fewer than 2 cases or if none is left.
    """
    _checked(resamples, level)
    if n < 2:
        return None
    draw = np.random.default_rng(seed)
    found = np.array([statistic(draw.integers(n, size=n)) for _ in range(resamples)])
    return _percentiles(found[~np.isnan(found)], level)


def paired_bootstrap(
    a: Floats,
    b: Floats,
    resamples: int = PAIRED_RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Difference:
    """Whether the mean of `b` differs from that of `a` over the same cases, both of shape (n,).

    The interval is by percentiles of the resampled mean difference. `p` is two-sided, from that
    distribution moved to a mean of 0, as it would be were there no difference (Efron and
    Tibshirani 1993, ch. 16): the share of resamples at least as far from 0 as what was seen, that
    one included, so that it is never 0. Nor is it less than 2 / 2^m where m cases differ: chance
    alone moves all of them one way as often, which resampling so few cannot show.
    """
    _checked(resamples, level)
    _alike(a, b)
    moved = np.asarray(b - a, np.float64)
    if not len(moved):
        raise ValueError("no case to compare; give each run's values for the same cases")
    value = float(moved.mean())
    means = _sums(moved[:, None], resamples, seed)[:, 0] / len(moved)
    # Means of few distinct values tie with the one seen; rounding must not decide.
    far = int((np.abs(means - value) >= abs(value) * (1 - 1e-9)).sum())
    least = 2.0 ** (1 - int(np.count_nonzero(moved)))
    interval = _percentiles(means, level) or Interval(value, value)
    p = min(max((far + 1) / (resamples + 1), least), 1.0)
    return Difference(value, interval.low, interval.high, p)


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p of McNemar's test (1947) that changes go both ways alike; 0 to 1.

    Of the cases that changed, `gained` became right and `lost` wrong: were either as likely, how
    often would they be parted at least as unevenly? 1 where none changed.
    """
    if gained < 0 or lost < 0:
        raise ValueError(f"counts of cases are 0 or more, not {gained} and {lost}")
    changed, fewer = gained + lost, min(gained, lost)
    ways = tail = 1  # in how many ways could so many, or at most so many, be the fewer
    for number in range(1, fewer + 1):
        ways = ways * (changed - number + 1) // number
        tail += ways
    return min(2 * tail / (1 << changed), 1.0)


def wilson(successes: int, n: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval (1927) of a share; 0 to 1, and all of it where n is 0.

    Good for few cases and for shares near 0 and 1, where a bootstrap interval is too narrow.
    """
    _checked(1, level)
    if not 0 <= successes <= n:
        raise ValueError(f"successes are 0 to the number of cases, not {successes} of {n}")
    if not n:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return Interval(max(centre - half, 0.0), min(centre + half, 1.0))


def _sums(values: Floats, resamples: int, seed: int) -> Floats:
    """The column sums of each resample of the rows of `values`, shape (resamples, columns)."""
    n = len(values)
    kinds, counts = np.unique(values, axis=0, return_counts=True)
    draw = np.random.default_rng(seed)
    sums = np.empty((resamples, values.shape[1]))
    shared = len(kinds) * _SHARING <= n
    for block in _blocks(resamples, len(kinds) if shared else n):
        size = block.stop - block.start
        if shared:
            sums[block] = draw.multinomial(n, counts / n, size) @ kinds
        else:
            sums[block] = values[draw.integers(n, size=(size, n))].sum(axis=1)
    return sums


def _blocks(resamples: int, numbers: int) -> Iterator[slice]:
    """Parts of the resamples, each small enough to hold this many numbers a resample at once."""
    size = max(_BLOCK // numbers, 1)
    for start in range(0, resamples, size):
        yield slice(start, min(start + size, resamples))


def _percentiles(values: Floats, level: float) -> Interval | None:
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def _checked(resamples: int, level: float) -> None:
    if resamples < 1 or not 0 < level < 1:
        raise ValueError(
            f"1 or more resamples and a level within 0..1 are needed, not {resamples} and {level}"
        )


def _alike(one: Floats, other: Floats) -> None:
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"two values a case are needed, not shapes {one.shape}, {other.shape}")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("values are finite numbers, and one of these is not")
