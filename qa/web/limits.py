"""How much is taken on: so much from each client, so many questions at a time."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect

from qa.web.problems import BUSY, Problem
from qa.web.rates import Limits as Limits
from qa.web.rates import Rate as Rate

T = TypeVar("T")

# Clients whose last requests are remembered; whoever is forgotten starts afresh.
CLIENTS = 10_000
# A waiting place is free again after about that long.
BUSY_SECONDS = 1
# One client's address: a site's share of IPv6 is never smaller.
_IPV6_NETWORK = 64


class Buckets:
    """A token bucket for each client. For one thread, such as an event loop's."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a token; 0, or the seconds until there is one."""
        now = self._clock()
        left, since = self._levels.pop(client, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        taken = left >= 1
        self._levels[client] = (left - 1 if taken else left, now)
        if len(self._levels) > CLIENTS:
            self._levels.popitem(last=False)
        return 0.0 if taken else (1 - left) / self._rate.per_second


def client_name(address: str) -> str:
    """Whom an address stands for: itself or, as one host may use them all, its IPv6 network."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    number = getattr(number, "ipv4_mapped", None) or number  # ::ffff:192.0.2.1 is 192.0.2.1
    if number.version == 4:
        return str(number)
    return str(ip_network((number, _IPV6_NETWORK), strict=False))


class Desk:
    """Worker threads for questions, and a bounded number of places to wait in."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="citewell")
        self._places = workers + waiting
        self._taken = 0

    @property
    def full(self) -> bool:
        """Whether every place is taken."""
        return self._taken >= self._places

    async def run(self, work: Callable[[], T], gone: Callable[[], Coroutine[Any, Any, None]]) -> T:
        """What `work` gives, in a worker's thread, once one is free.

        Raises Problem where no place is free, and ClientDisconnect where `gone` returns first; work
        that nobody waits for any more is dropped unless it has begun.
        """
        if self.full:
            told = "too many questions are waiting; ask again in a moment"
            raise Problem(BUSY, told, {"Retry-After": str(BUSY_SECONDS)})
        self._taken += 1
        try:
            return await _first_of(asyncio.wrap_future(self._pool.submit(work)), gone())
        finally:
            self._taken -= 1


async def _first_of(done: "asyncio.Future[T]", gone: Coroutine[Any, Any, None]) -> T:
    leaving = asyncio.create_task(gone)
    try:
        await asyncio.wait((done, leaving), return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            return done.result()
        raise ClientDisconnect
    finally:
        leaving.cancel()
        done.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
