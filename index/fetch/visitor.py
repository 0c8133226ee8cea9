"""A visitor with manners: asks robots.txt first, waits between two requests, stops when told to."""

from collections.abc import Callable, Mapping
from time import monotonic, sleep
from urllib.robotparser import RobotFileParser

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.exchange import ROBOT
from index.fetch.guard import allowed
from index.fetch.policy import Policy
from index.fetch.request import Got, Wanted, get, unpacked

PAGE_TYPES = ("text/html", "application/xhtml+xml")
GZIP_TYPES = ("application/gzip", "application/x-gzip")
SITEMAP_TYPES = ("application/xml", "text/xml", *GZIP_TYPES, "application/octet-stream")
BUSY = {429, 503}
NOTHING = ["User-agent: *", "Disallow: /"]
MAX_WAIT = 60.0  # seconds of a site's Crawl-delay that are kept to


class Visitor:
    """Asks one thing at a time, of a site no faster than the policy and its robots.txt have it."""

    def __init__(self, policy: Policy, pause: Callable[[float], None] = sleep) -> None:
        self._policy, self._pause = policy, pause
        self._robots: dict[str, RobotFileParser | FetchError] = {}
        self._asked: dict[str, float] = {}  # when each host was asked last
        self._busy: set[str] = set()

    def page(self, address: Address, headers: Mapping[str, str]) -> Got:
        """The page there, or the status that it is not. Raises FetchError, as where robots.txt
        says no to this address or to the one it leads to.
        """
        return self._agreed(address, Wanted(PAGE_TYPES, self._policy.page_bytes, headers))

    def sitemap(self, address: Address) -> Got:
        """The sitemap there, unpacked. Raises FetchError, as for a page."""
        wanted = Wanted(SITEMAP_TYPES, self._policy.sitemap_bytes)
        got = self._agreed(address, wanted)
        if got.status != 200:
            raise FetchError(str(address), f"the server answers {got.status}; check the address")
        if not got.body.startswith(b"\x1f\x8b"):
            return got
        plain = unpacked(got.address, got.body, wanted)
        return Got(got.address, got.status, got.headers, plain)

    def _agreed(self, address: Address, wanted: Wanted) -> Got:
        """What is there, if robots.txt has nothing against it nor against where it leads to."""
        self._allowed(address)
        return self._get(address, wanted, self._allowed)

    def _allowed(self, address: Address) -> None:
        allowed(address, self._policy)  # or else it would be said of robots.txt
        if not self._rules(address).can_fetch(ROBOT, str(address)):
            reason = "robots.txt asks programs not to read it; leave it out"
            raise FetchError(str(address), reason)

    def _rules(self, address: Address) -> RobotFileParser:
        """Those of the address's site, which is asked once; raises FetchError where that failed."""
        if address.site not in self._robots:
            try:
                self._robots[address.site] = self._read_rules(address)
            except FetchError as error:
                self._robots[address.site] = error
        found = self._robots[address.site]
        if isinstance(found, FetchError):
            raise FetchError(
                str(address), f"its robots.txt could not be read first: {found.reason}"
            )
        return found

    def _read_rules(self, address: Address) -> RobotFileParser:
        """The site's rules: none where it has no file, and no page where it cannot say."""
        got = self._get(address.join("/robots.txt"), Wanted((), self._policy.robots_bytes))
        lines = got.body.decode("utf-8-sig", "replace").splitlines()
        if got.status != 200:
            lines = [] if 400 <= got.status < 500 else NOTHING
        rules = RobotFileParser()
        try:
            rules.parse(lines)
        except ValueError:  # of a number or an address that is none
            rules.parse(NOTHING)
        return rules

    def _get(
        self, address: Address, wanted: Wanted, agreed: Callable[[Address], None] = lambda _: None
    ) -> Got:
        if address.host in self._busy:
            raise FetchError(str(address), "the server has too much to do; try later")
        self._wait(address)
        try:
            got = get(address, wanted, self._policy, agreed)
        finally:
            self._asked[address.host] = monotonic()
        if got.status in BUSY:
            self._busy.add(address.host)
        return got

    def _wait(self, address: Address) -> None:
        if address.host not in self._asked:
            return
        rules = self._robots.get(address.site)
        asked_for = rules.crawl_delay(ROBOT) if isinstance(rules, RobotFileParser) else None
        delay = max(self._policy.delay, min(int(asked_for or 0), MAX_WAIT))
        left = self._asked[address.host] + delay - monotonic()
        if left > 0:
            self._pause(left)
