"""What may be fetched and how much of it: the one value that every request is held to."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

Resolve = Callable[[str, int], tuple[str, ...]]
"""A host's name and port to its numeric addresses; raises OSError for an unknown name."""


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """What the system's resolver says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits. Help pages are tens of kilobytes and come within a second: these leave room.

    `seconds` is for one request with its redirects; `delay`, between two to the same site.
    `ports` are those besides 443 and, with `http`, 80. `networks` are reached although they are not
    public: the tests' own servers stand there, and no option of the command line sets it.
    """

    http: bool = False
    ports: frozenset[int] = frozenset()
    seconds: float = 30.0
    delay: float = 1.0
    redirects: int = 5
    page_bytes: int = 5_000_000
    sitemap_bytes: int = 10_000_000
    robots_bytes: int = 500_000  # as much as RFC 9309 wants read at the least
    header_bytes: int = 100_000
    sitemaps: int = 50  # files, those that an index of sitemaps names included
    sitemap_depth: int = 3
    listed: int = 50_000  # addresses in all sitemaps, as many as the protocol allows in one
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    resolve: Resolve = system_resolve
    trust: Path | None = None  # a file of authorities; None for the system's
