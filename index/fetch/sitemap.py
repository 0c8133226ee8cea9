"""The addresses that a sitemap lists, and those that an index of sitemaps leads to."""

import io
from collections import deque
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError  # the types, not the parser

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.policy import Policy
from index.fetch.request import Got

ENDINGS = (".xml", ".xml.gz")
NAMED = 10  # addresses of a sitemap that are refused one by one


def is_sitemap(address: Address) -> bool:
    """Whether `address` is to be read as a sitemap, which its ending says."""
    return address.path.lower().endswith(ENDINGS)


class Sitemaps:
    """All pages that a run's sitemaps list, in their order, with what could not be read.

    Bounded in depth, in files and in addresses; a file that was read is not read again.
    """

    def __init__(self, get: Callable[[Address], Got], policy: Policy) -> None:
        self.pages: dict[Address, None] = {}
        self.problems: list[FetchError] = []
        self._get, self._policy = get, policy
        self._seen: set[Address] = set()

    def read(self, address: Address) -> list[Address]:
        """Read the sitemap there, and those it names; the pages that no earlier one listed."""
        before = len(self.pages)
        waiting = deque([(address, 1)])
        left_out: dict[str, dict[Address, None]] = {}
        while waiting:
            here, depth = waiting.popleft()
            if here in self._seen:
                continue
            if reason := self._bound(depth):
                left_out.setdefault(reason, {})[here] = None
                continue
            self._seen.add(here)
            try:
                is_list, named = parsed(self._get(here), self._policy.listed)
            except FetchError as error:
                self.problems.append(error)
                continue
            beside = self._of_the_site(here, named)
            if is_list:
                waiting += [(there, depth + 1) for there in beside]
            else:
                self._list(here, beside)
        self.problems += [_left_out(reason, *rest) for reason, rest in left_out.items()]
        return list(self.pages)[before:]

    def _bound(self, depth: int) -> str:
        """Why no sitemap at this depth is read any more; empty where one is."""
        if depth > self._policy.sitemap_depth:
            return f"an index of sitemaps lies more than {self._policy.sitemap_depth} deep"
        if len(self._seen) >= self._policy.sitemaps:
            return f"more than {self._policy.sitemaps} sitemaps in all"
        return ""

    def _list(self, here: Address, pages: list[Address]) -> None:
        for page in pages:
            if len(self.pages) >= self._policy.listed:
                reason = f"lists more than {self._policy.listed:,} pages; the rest is left out"
                self.problems.append(FetchError(str(here), reason))
                return
            self.pages[page] = None

    def _of_the_site(self, here: Address, named: list[str]) -> list[Address]:
        """Those that stand beside the sitemap; a sitemap has no say about other sites."""
        kept: list[Address] = []
        refused: list[FetchError] = []
        for text in named:
            try:
                there = Address.parse(text)
                if not there.is_beside(here):
                    raise FetchError(text, f"is of another site than {here}, which lists it")
                kept.append(there)
            except FetchError as error:
                refused.append(error)
        self.problems += refused[:NAMED]
        if more := len(refused[NAMED:]):
            self.problems.append(FetchError(str(here), f"lists {more:,} more such addresses"))
        return kept


def _left_out(reason: str, first: Address, *others: Address) -> FetchError:
    """One problem for all of them: an index can name tens of thousands."""
    more = f", and {len(others):,} more," if others else ""
    return FetchError(str(first), f"{reason}; name this one{more} in another run")


def parsed(got: Got, most: int) -> tuple[bool, list[str]]:
    """Whether it is an index of sitemaps, and the addresses in it, up to one more than `most`.

    Raises FetchError for what is no sitemap; entities and a document type are refused.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    named: list[str] = []
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(got.body), ("start", "end"), forbid_dtd=True):
            if root is None:
                root = _known(element, got.address)
            elif event == "end" and element.tag == _space(root) + "loc":
                named.append((element.text or "").strip())
                root.clear()
                if len(named) > most:
                    break
    except DefusedXmlException:
        raise FetchError(str(got.address), "defines entities, which no sitemap needs") from None
    except (ParseError, LookupError, ValueError) as error:
        raise FetchError(str(got.address), f"is not XML ({error}); mend the sitemap") from None
    return root is not None and root.tag.endswith("sitemapindex"), named


def _known(root: Element, address: Address) -> Element:
    name = root.tag.rpartition("}")[2]
    if name not in ("urlset", "sitemapindex"):
        raise FetchError(str(address), f"is XML of {name[:40]!r}, not a sitemap's urlset")
    return root


def _space(root: Element) -> str:
    """The namespace, as it stands before each name; images in a sitemap are in one of their own."""
    space, brace, _ = root.tag.rpartition("}")
    return space + brace
