"""Answers given lately, for those who ask the same: bounded, and each made once."""

import sys
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass, replace
from threading import Lock

from qa.answer import Answer

# What all of them may hold, in bytes. An answer takes 5 to 10 kB, most of it the passages cited.
MOST_BYTES = 16 * 2**20


class Answers:
    """The last `entries` answers by what decides them. Safe to share between threads.

    Whoever asks what is being answered waits for that. What fails is told to all who wait, and is
    not kept.
    """

    def __init__(self, entries: int = 0, most_bytes: int = MOST_BYTES) -> None:
        """Keep so many; with none of them nothing is shared either."""
        self.entries = entries
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, Future[Answer]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def given(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What `make` gives, now or lately; then with an id and a time of its own."""
        started = time.perf_counter()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return _anew(self._kept[key][0], started)
            making = self._making.get(key)
            if making is None:
                mine = self._making[key] = Future()
        if making is not None:
            return _anew(making.result(), started)
        return self._made(key, make, mine)

    def _made(self, key: Hashable, make: Callable[[], Answer], mine: Future[Answer]) -> Answer:
        try:
            answer = make()
            self._keep(key, answer)
            mine.set_result(answer)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]
        return answer

    def _keep(self, key: Hashable, answer: Answer) -> None:
        size = _bytes_of(key) + _bytes_of(answer)
        with self._lock:
            self._kept[key] = answer, size
            self._bytes += size
            while len(self._kept) > self.entries or self._bytes > self._most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped


def _anew(answer: Answer, started: float) -> Answer:
    """The same answer given to somebody else: feedback on it is theirs."""
    return replace(answer, id=new_id(), took_ms=since(started))


def new_id() -> str:
    """What tells an answer from all others."""
    return uuid.uuid4().hex[:12]


def since(started: float) -> float:
    """Milliseconds since then, by `time.perf_counter`, to a tenth."""
    return round(1000 * (time.perf_counter() - started), 1)


def _bytes_of(value: object) -> int:
    """About what a value holds in memory; what it shares with others counts too."""
    return sys.getsizeof(value) + sum(map(_bytes_of, _parts(value)))


def _parts(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, tuple | list):
        return [*value]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    return []
