"""A page, a sitemap or a robots.txt by its address: redirects, encodings, and what goes wrong."""

import gzip
import io
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.exchange import Deadline, Reply, TooMuch, exchange
from index.fetch.guard import places
from index.fetch.policy import Policy

REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `types` of content (none: any), up to `most` bytes when unpacked."""

    types: tuple[str, ...]
    most: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Got:
    """What came, from the address that the redirects led to."""

    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The type of its content, without parameters: `text/html`."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


def get(
    address: Address,
    wanted: Wanted,
    policy: Policy,
    agreed: Callable[[Address], None] = lambda _: None,
) -> Got:
    """What is at `address`, every redirect checked as the address itself.

    `agreed` is called with the goal of each redirect before that is asked, and may raise. Statuses
    are the caller's to judge. Raises FetchError for all that keeps it from coming whole, in its
    time, in size and of a type that is wanted.
    """
    deadline = Deadline(policy.seconds)
    accept = {"Accept": ", ".join(wanted.types) or "*/*"}
    here = address
    for _ in range(policy.redirects + 1):
        reply = _asked(here, wanted, {**accept, **wanted.headers}, policy, deadline)
        if reply.status not in REDIRECTS or "location" not in reply.headers:
            return _checked(Got(here, reply.status, reply.headers, reply.body), wanted)
        here = _led(here, reply.headers["location"], address)
        agreed(here)
    raise FetchError(str(address), f"leads on more than {policy.redirects} times; fetch its goal")


def _asked(
    here: Address, wanted: Wanted, headers: Mapping[str, str], policy: Policy, deadline: Deadline
) -> Reply:
    found = places(here, policy)
    try:
        return exchange(here, found, headers, policy, deadline, wanted.most)
    except TooMuch:
        raise _too_large(here, wanted) from None
    except TimeoutError:
        raise FetchError(str(here), f"took more than {policy.seconds:g} seconds") from None
    except (IncompleteRead, ssl.SSLEOFError):
        raise FetchError(str(here), "was cut short on its way; fetch it again") from None
    except ssl.SSLCertVerificationError as error:
        reason = f"its certificate is not good ({error.verify_message})"
        raise FetchError(str(here), reason) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FetchError(str(here), f"could not be fetched ({reason[:200]})") from None


def _led(here: Address, location: str, first: Address) -> Address:
    """Where a redirect leads, if that is the same host and no less secure."""
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        there = here.join(location)
    except FetchError as error:
        raise FetchError(str(here), f"leads to {error}") from None
    if not there.is_beside(first):
        raise FetchError(str(here), f"leads to another site, {there}; fetch that if it is meant")
    if (here.scheme, there.scheme) == ("https", "http"):
        raise FetchError(str(here), f"leads from https to http, {there}; that is not followed")
    return there


def _checked(got: Got, wanted: Wanted) -> Got:
    if got.status != 200:
        return got
    if wanted.types and got.type not in wanted.types:
        kind = got.type[:80] or "of no type"
        hint = "; a sitemap's address ends in .xml or .xml.gz" if "xml" in kind else ""
        raise FetchError(str(got.address), f"is {kind}, not {wanted.types[0]}{hint}")
    return Got(got.address, got.status, got.headers, _plain(got, wanted))


def _plain(got: Got, wanted: Wanted) -> bytes:
    coding = got.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        return got.body
    if coding not in ("gzip", "x-gzip"):
        raise FetchError(
            str(got.address), f"is encoded as {coding[:40]!r}, which was not asked for"
        )
    return unpacked(got.address, got.body, wanted)


def unpacked(address: Address, body: bytes, wanted: Wanted) -> bytes:
    """A gzip file's content, never more of it than is wanted. Raises FetchError."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            plain = file.read(wanted.most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(str(address), f"is not whole gzip ({error}); fetch it again") from None
    if len(plain) > wanted.most:
        raise _too_large(address, wanted)
    return plain


def _too_large(address: Address, wanted: Wanted) -> FetchError:
    return FetchError(str(address), f"is larger than {wanted.most:,} bytes")
