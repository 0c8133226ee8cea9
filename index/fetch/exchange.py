"""One request on a connection to a checked place, held to its time and to a number of bytes.

Of `http.client` only its reading of responses is used: the connection is made here, to the very
number that was checked, while the certificate is checked for the name.
"""

import io
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path
from time import monotonic

from index.fetch.address import PORTS, Address
from index.fetch.policy import Policy

USER_AGENT = "Citewell (saves pages of a site for its help assistant)"
ROBOT = "Citewell"


class TooMuch(Exception):
    """More bytes came than are taken."""


class Deadline:
    """A moment by which all is to be done."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises TimeoutError when there are none."""
        if (left := self._end - monotonic()) <= 0:
            raise TimeoutError("timed out")
        return left


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `headers` under their names in lower case. A body only with status 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Wire(io.RawIOBase):
    """What a socket brings, until the time is up or too much has come."""

    def __init__(self, link: socket.socket, deadline: Deadline, most: int) -> None:
        self._link, self._deadline, self._left = link, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._link.settimeout(self._deadline.left())
        got = self._link.recv_into(buffer)
        self._left -= got
        if self._left < 0:
            raise TooMuch
        return got

    def makefile(self, _: str) -> io.BufferedReader:
        """Takes the place of a socket for HTTPResponse, which asks it for this alone."""
        return io.BufferedReader(self)


def exchange(
    address: Address,
    places: tuple[str, ...],
    headers: Mapping[str, str],
    policy: Policy,
    deadline: Deadline,
    most: int,
) -> Reply:
    """Ask for `address` at the first of `places` that takes a connection.

    Raises OSError, HTTPException or TooMuch; IncompleteRead or SSLEOFError for a body cut short,
    which without encryption cannot be told where no length is given.
    """
    with closing(_connected(address, places, policy, deadline)) as link:
        link.settimeout(deadline.left())
        link.sendall(_request(address, headers))
        # As much again for what chunks cost; the body itself is counted below.
        wire = _Wire(link, deadline, 2 * most + policy.header_bytes)
        with closing(HTTPResponse(wire, method="GET")) as response:  # type: ignore[arg-type]
            response.begin()
            named = {name.lower(): value for name, value in response.getheaders()}
            body = _body(response, most) if response.status == 200 else b""
            return Reply(response.status, named, body)


def _connected(
    address: Address, places: tuple[str, ...], policy: Policy, deadline: Deadline
) -> socket.socket:
    for number, place in enumerate(places, 1):
        try:
            link = socket.create_connection((place, address.port), deadline.left())
            break
        except OSError:
            if number == len(places):
                raise
    if address.scheme == "http":
        return link
    try:
        link.settimeout(deadline.left())
        context = _context(policy.trust)
        # An end that the other side has not signed off may be anybody's: it ends no body.
        return context.wrap_socket(link, server_hostname=address.host, suppress_ragged_eofs=False)
    except BaseException:
        link.close()
        raise


@cache
def _context(trust: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=trust)
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which Python sets
    return context


def _request(address: Address, headers: Mapping[str, str]) -> bytes:
    port = "" if address.port == PORTS[address.scheme] else f":{address.port}"
    lines = {
        "Host": address.host + port,
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {address.target} HTTP/1.1\r\n{head}\r\n".encode("ascii")


def _body(response: HTTPResponse, most: int) -> bytes:
    if (response.length or 0) > most:
        raise TooMuch
    body = response.read(most + 1)
    if len(body) > most:
        raise TooMuch
    if response.length:
        raise IncompleteRead(body, response.length)
    return body
