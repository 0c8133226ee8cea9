"""Addresses to files: each is asked for, and saved or named with the reason."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from index.errors import FetchError
from index.fetch import main_text
from index.fetch.address import Address
from index.fetch.folder import Folder, Kept, opened
from index.fetch.page import canonical, decoded, stored
from index.fetch.policy import Policy
from index.fetch.request import Got
from index.fetch.sitemap import Sitemaps, is_sitemap
from index.fetch.visitor import Visitor

Kind = Literal["saved", "unchanged", "gone", "removed", "failed"]
GONE = {404, 410}


@dataclass(frozen=True, slots=True)
class Options:
    """What to save: of what sitemaps list, only below one of `include`; `limit` pages in all."""

    include: tuple[str, ...] = ()
    limit: int = 500
    main: bool = False
    prune: bool = False


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What came of one address: where its page is, or else the reason."""

    kind: Kind
    address: str
    note: str

    def __str__(self) -> str:
        return f"{self.address}: {self.note}"


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of each address, in their order; `left_out` were more than the limit."""

    outcomes: tuple[PageOutcome, ...]
    left_out: int = 0

    def of(self, *kinds: Kind) -> tuple[PageOutcome, ...]:
        """Those of these kinds."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind in kinds)


def fetch(
    addresses: Sequence[str],
    out: Path,
    options: Options,
    policy: Policy,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
) -> FetchReport:
    """Save the pages of `addresses`, and of the sitemaps among them, into the folder `out`.

    Raises FetchError where the folder, or the extra that `main` needs, cannot be used; what goes
    wrong with one address is its outcome.
    """
    if options.main:
        main_text.require()
    with opened(out) as folder:
        run = _Run(folder, Visitor(policy), policy, options, today())
        return run.all(addresses, progress)


class _Run:
    def __init__(
        self, folder: Folder, visitor: Visitor, policy: Policy, options: Options, day: date
    ) -> None:
        self.folder = folder
        self._visitor, self._options, self._day = visitor, options, day
        self._sitemaps = Sitemaps(visitor.sitemap, policy)
        self._outcomes: list[PageOutcome] = []
        self._asked: dict[Address, str] = {}  # page → the argument it came by
        self._reached: dict[Address, Address] = {}  # where pages were in the end → as asked

    def all(self, addresses: Sequence[str], progress: Callable[[int, int], None]) -> FetchReport:
        for text in addresses:
            self._list(text)
        self._outcomes += map(_failed, self._sitemaps.problems)
        pages = list(self._asked.items())[: self._options.limit]
        for done, (page, via) in enumerate(pages):
            progress(done, len(pages))
            self._outcomes.append(self._page(page, via))
        if pages:
            progress(len(pages), len(pages))
        return FetchReport(tuple(self._outcomes), len(self._asked) - len(pages))

    def _list(self, text: str) -> None:
        try:
            address = Address.parse(text)
        except FetchError as error:
            self._outcomes.append(_failed(error))
            return
        if not is_sitemap(address):
            self._asked.setdefault(address, str(address))
            return
        for page in [*self._sitemaps.read(address), *self._listed_before(address)]:
            if self._is_included(page):
                self._asked.setdefault(page, str(address))

    def _listed_before(self, sitemap: Address) -> list[Address]:
        """Pages that it led to some other time: not listed any more, they may be gone."""
        before = [text for text, kept in self.folder.pages.items() if kept.via == str(sitemap)]
        return [page for page in map(Address.parse, before) if page.is_beside(sitemap)]

    def _is_included(self, page: Address) -> bool:
        prefixes = self._options.include
        texts = (page.target, str(page))
        return not prefixes or any(text.startswith(prefixes) for text in texts)

    def _page(self, page: Address, via: str) -> PageOutcome:
        try:
            known = self.folder.known(page, self._options.main)
            got = self._visitor.page(page, known.conditions() if known else {})
            if got.status in {200, 304}:
                self._reach(page, got)
            if got.status == 304 and known:
                return PageOutcome("unchanged", str(page), self.folder.file(page).name)
            if got.status in GONE:
                return self._gone(page, got.status)
            if got.status != 200:
                raise FetchError(str(page), f"the server answers {got.status}; try later")
            return self._save(page, via, got, known)
        except FetchError as error:
            return _failed(error)

    def _reach(self, page: Address, got: Got) -> None:
        """Raises FetchError where another page led there, in this run, before."""
        if (first := self._reached.setdefault(got.address, page)) != page:
            raise FetchError(str(page), f"leads to the same page as {first}; saved once")

    def _save(self, page: Address, via: str, got: Got, known: Kept | None) -> PageOutcome:
        text = decoded(got.body, got.headers.get("content-type", ""))
        address = canonical(text, got.address)
        if self._options.main:
            text = main_text.main_text(text, got.address)
        digest = hashlib.sha256(f"{address}\n{text}".encode()).hexdigest()
        marks = (got.headers.get("etag", ""), got.headers.get("last-modified", ""))
        kept = Kept(via, self._options.main, digest, *marks)
        name = self.folder.file(page).name
        if known and known.digest == digest:  # then the day it was fetched stays as well
            self.folder.pages[str(page)] = kept
            return PageOutcome("unchanged", str(page), name)
        self.folder.keep(page, stored(text, address, self._day), kept)
        return PageOutcome("saved", str(page), name)

    def _gone(self, page: Address, status: int) -> PageOutcome:
        file = self.folder.file(page)
        if not file.is_file():
            self.folder.pages.pop(str(page), None)
            return PageOutcome("failed", str(page), f"is not there ({status}); check the address")
        if not self._options.prune:
            note = f"is gone ({status}); remove {file.name}, or all such files with --prune"
            return PageOutcome("gone", str(page), note)
        self.folder.drop(page)
        return PageOutcome("removed", str(page), f"is gone ({status}); {file.name} is removed")


def _failed(error: FetchError) -> PageOutcome:
    return PageOutcome("failed", error.address, error.reason)
