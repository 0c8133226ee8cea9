"""A web address that can be fetched; one that two programs may read differently is refused."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

from index.errors import FetchError

MAX_LENGTH = 2048
BY_HAND = "save that page into the folder yourself"  # where there is no fetching it
PORTS = {"http": 80, "https": 443}

# A name with a dot whose last part starts with a letter, so that no spelling of a number is one.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "/%:@!$&'()*+,;=~-._"  # in a path; the rest is percent-encoded


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute address without fragment; `target` is its path and query, in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises FetchError for all but http and https with a host's full name."""
        text = text.strip()
        if len(text) > MAX_LENGTH:
            raise FetchError(text, f"an address has up to {MAX_LENGTH} characters, not {len(text)}")
        if not text.isprintable() or " " in text or "\\" in text:
            raise FetchError(text, "holds a space, a backslash or a control character; encode it")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise FetchError(text, f"is no web address ({error}); write it in full") from None
        if parts.scheme not in PORTS:
            raise FetchError(text, "is not http or https; write it in full, from https:// on")
        if "@" in parts.netloc:
            raise FetchError(text, "holds a user name; leave out all up to the @")
        target = quote(parts.path or "/", safe=_KEPT)
        if parts.query:
            target += "?" + quote(parts.query, safe=_KEPT + "?")
        return cls(parts.scheme, _host(host, text), port or PORTS[parts.scheme], target)

    def join(self, reference: str) -> Self:
        """The address that `reference` leads to from here. Raises as `parse`."""
        try:
            return self.parse(urljoin(str(self), reference.strip()))
        except ValueError as error:
            raise FetchError(reference, f"is no web address ({error})") from None

    @property
    def path(self) -> str:
        """Without the query."""
        return self.target.split("?")[0]

    @property
    def site(self) -> str:
        """Scheme, host and port: the origin."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    def is_beside(self, other: "Address") -> bool:
        """Whether both are of one host, with `www.` or without."""
        return self.host.removeprefix("www.") == other.host.removeprefix("www.")

    def __str__(self) -> str:
        return self.site + self.target


def _host(name: str, text: str) -> str:
    name = name.removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name):
        raise FetchError(text, _no_host(name))
    return name


def _no_host(name: str) -> str:
    """What is wrong with it, and what to do instead."""
    if not name.isascii():
        return "its host has letters outside a to z; copy it from a browser, which writes it xn--…"
    if ":" in name or _NUMBER.fullmatch(name.rpartition(".")[2]):
        return f"its host is a number; name the public site, or {BY_HAND}"
    if name and "." not in name:
        return f"its host has no dot, so it is no public site; name one, or {BY_HAND}"
    return "its host is no name; write the address in full, as in https://help.example/page"
