"""Manners: robots.txt first, a pause between two requests, and none where they are too many."""

import pytest

from index.errors import FetchError
from index.fetch.visitor import Visitor
from tests.fetch.site import Site, leads_to, reply


@pytest.fixture
def open_site(site: Site) -> Site:
    site.pages |= {"/a": "<p>A.</p>", "/b": "<p>B.</p>", "/private/c": "<p>C.</p>"}
    return site


def allowed(site: Site, *paths: str) -> list[str]:
    """Those of the paths that the visitor reads."""
    visitor = Visitor(site.policy())
    read = []
    for path in paths:
        try:
            visitor.page(site.address(path), {})
            read.append(path)
        except FetchError as error:
            assert "robots.txt" in error.reason  # noqa: PT017
    return read


@pytest.mark.parametrize(
    ("rules", "paths"),
    [
        ("", ["/a", "/private/c"]),
        ("User-agent: *\nDisallow: /private/\n", ["/a"]),
        ("\ufeffUser-agent: *\nDisallow: /private/\n", ["/a"]),
        ("User-agent: *\nDisallow: /\n", []),
        ("User-agent: citewell\nDisallow:\n\nUser-agent: *\nDisallow: /\n", ["/a", "/private/c"]),
        ("User-agent: Citewell\nDisallow: /a\n", ["/private/c"]),
        ("User-agent: other\nDisallow: /\n", ["/a", "/private/c"]),
        ("User-agent: *\nCrawl-delay: ²\n", []),  # not to be read: then it is no
        ("<html>Welcome</html>", ["/a", "/private/c"]),
    ],
)
def test_robots_txt_is_kept_to(open_site: Site, rules: str, paths: list[str]) -> None:
    open_site.pages["/robots.txt"] = reply(200, rules, content_type="text/plain")

    assert allowed(open_site, "/a", "/private/c") == paths
    assert open_site.asked == ["/robots.txt", *paths]


@pytest.mark.parametrize(
    ("status", "paths"), [(404, ["/a"]), (403, ["/a"]), (410, ["/a"]), (500, []), (304, [])]
)
def test_no_robots_txt_allows_all_and_a_broken_one_nothing(
    open_site: Site, status: int, paths: list[str]
) -> None:
    open_site.pages["/robots.txt"] = reply(status)

    assert allowed(open_site, "/a") == paths


def test_a_robots_txt_that_cannot_be_had_is_asked_for_once(open_site: Site) -> None:
    open_site.pages["/robots.txt"] = leads_to("https://other.example/robots.txt")

    assert allowed(open_site, "/a", "/b") == []
    assert open_site.asked == ["/robots.txt"]


def test_robots_txt_holds_for_where_a_page_leads_to(open_site: Site) -> None:
    open_site.pages["/robots.txt"] = reply(200, "User-agent: *\nDisallow: /private/")
    open_site.pages["/a"] = leads_to("/private/c")

    with pytest.raises(FetchError, match=r"/private/c: robots\.txt asks programs not to read it"):
        Visitor(open_site.policy()).page(open_site.address("/a"), {})
    assert open_site.asked == ["/robots.txt", "/a"]


def test_robots_txt_holds_for_another_name_that_a_page_leads_to(open_site: Site) -> None:
    open_site.pages["/a"] = leads_to(open_site.url("/b", "www.help.example"))

    got = Visitor(open_site.policy()).page(open_site.address("/a"), {})

    assert got.body == b"<p>B.</p>"
    assert open_site.asked == ["/robots.txt", "/a", "/robots.txt", "/b"]


def test_robots_txt_holds_for_sitemaps(open_site: Site) -> None:
    open_site.pages["/robots.txt"] = reply(200, "User-agent: *\nDisallow: /private/")

    with pytest.raises(FetchError, match=r"/private/s\.xml: robots\.txt asks programs"):
        Visitor(open_site.policy()).sitemap(open_site.address("/private/s.xml"))
    assert open_site.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    ("rules", "pause"),
    [
        ("", 7),
        ("User-agent: *\nCrawl-delay: 20", 20),
        ("User-agent: *\nCrawl-delay: 3", 7),
        ("User-agent: *\nCrawl-delay: " + "9" * 400, 60),
    ],
)
def test_there_is_a_pause_between_two_requests(open_site: Site, rules: str, pause: int) -> None:
    open_site.pages["/robots.txt"] = reply(200, rules)
    pauses: list[float] = []
    visitor = Visitor(open_site.policy(delay=7.0), pauses.append)

    visitor.page(open_site.address("/a"), {})
    visitor.page(open_site.address("/b"), {})

    assert [pause - 1 < paused <= pause for paused in pauses] == [True, True]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_has_enough_to_do_is_left_alone(open_site: Site, status: int) -> None:
    open_site.pages["/a"] = reply(status)
    visitor = Visitor(open_site.policy())

    assert visitor.page(open_site.address("/a"), {}).status == status
    with pytest.raises(FetchError, match="/b: the server has too much to do; try later"):
        visitor.page(open_site.address("/b"), {})
    assert open_site.asked == ["/robots.txt", "/a"]
