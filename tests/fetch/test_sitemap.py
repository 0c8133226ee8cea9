"""Sitemaps: what they list, and that nothing in one leads astray or goes on for ever."""

import gzip

import pytest

from index.fetch.sitemap import Sitemaps
from index.fetch.visitor import Visitor
from tests.fetch.site import Site, reply, sitemap


def read(site: Site, path: str = "/sitemap.xml", **changes: object) -> tuple[list[str], list[str]]:
    """The paths that are listed there, and the reasons for what is not."""
    policy = site.policy(**changes)
    found = Sitemaps(Visitor(policy).sitemap, policy)
    found.read(site.address(path))
    return [page.target for page in found.pages], [problem.reason for problem in found.problems]


def test_a_sitemap_lists_pages_once_and_in_order(site: Site) -> None:
    site.pages["/sitemap.xml"] = sitemap(*map(site.url, ["/b", "/a?c=d&amp;e=f", "/b"]))

    assert read(site) == (["/b", "/a?c=d&e=f"], [])


def test_pictures_in_a_sitemap_are_no_pages(site: Site) -> None:
    picture = "http://www.google.com/schemas/sitemap-image/1.1"
    text = (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="{picture}"><url>'
        f"<loc> {site.url('/a')} </loc><i:image><i:loc>{site.url('/a.png')}</i:loc></i:image>"
        f"</url></urlset>"
    )
    site.pages["/sitemap.xml"] = reply(200, text, content_type="text/xml")

    assert read(site) == (["/a"], [])


@pytest.mark.parametrize("kind", ["application/gzip", "application/octet-stream"])
def test_a_packed_sitemap_is_unpacked(site: Site, kind: str) -> None:
    packed = gzip.compress(f"<urlset><url><loc>{site.url('/a')}</loc></url></urlset>".encode())
    site.pages["/sitemap.xml.gz"] = reply(200, packed, content_type=kind)

    assert read(site, "/sitemap.xml.gz") == (["/a"], [])


def test_a_packed_sitemap_is_unpacked_only_so_far(site: Site) -> None:
    bomb = reply(200, gzip.compress(bytes(3_000_000)), content_type="application/gzip")
    site.pages["/sitemap.xml.gz"] = bomb

    pages, problems = read(site, "/sitemap.xml.gz", sitemap_bytes=1_000_000)

    assert (pages, problems) == ([], ["is larger than 1,000,000 bytes"])


def test_an_index_leads_to_sitemaps_and_not_round_in_circles(site: Site) -> None:
    site.pages |= {
        "/sitemap.xml": sitemap(*map(site.url, ["/one.xml", "/sitemap.xml"]), kind="sitemapindex"),
        "/one.xml": sitemap(site.url("/two.xml"), site.url("/one.xml"), kind="sitemapindex"),
        "/two.xml": sitemap(site.url("/a")),
    }

    assert read(site) == (["/a"], [])
    assert site.asked == ["/robots.txt", "/sitemap.xml", "/one.xml", "/two.xml"]


def test_an_index_leads_so_deep_and_no_deeper(site: Site) -> None:
    for depth in range(9):
        site.pages[f"/{depth}.xml"] = sitemap(site.url(f"/{depth + 1}.xml"), kind="sitemapindex")

    _, problems = read(site, "/0.xml")

    assert problems == ["an index of sitemaps lies more than 3 deep; name this one in another run"]
    assert site.asked == ["/robots.txt", "/0.xml", "/1.xml", "/2.xml"]


def test_there_are_so_many_sitemaps_and_pages_and_no_more(site: Site) -> None:
    names = [f"/{number}.xml" for number in range(4)]
    site.pages["/sitemap.xml"] = sitemap(*map(site.url, names), kind="sitemapindex")
    for name in names:
        site.pages[name] = sitemap(*(site.url(f"{name}/{page}") for page in range(3)))

    pages, problems = read(site, sitemaps=3, listed=5)

    assert pages == ["/0.xml/0", "/0.xml/1", "/0.xml/2", "/1.xml/0", "/1.xml/1"]
    assert problems == [
        "lists more than 5 pages; the rest is left out",
        "more than 3 sitemaps in all; name this one, and 1 more, in another run",
    ]


def test_a_flood_of_sitemaps_is_one_problem(site: Site) -> None:
    names = [site.url(f"/{number}.xml") for number in range(20_000)]
    site.pages["/sitemap.xml"] = sitemap(*names, kind="sitemapindex")

    _, problems = read(site, sitemaps=1)

    assert problems == [
        "more than 1 sitemaps in all; name this one, and 19,999 more, in another run"
    ]


def test_the_limits_hold_over_all_that_are_named(site: Site) -> None:
    for name in "abc":
        site.pages[f"/{name}.xml"] = sitemap(site.url(f"/{name}/1"), site.url(f"/{name}/2"))
    policy = site.policy(sitemaps=2, listed=3)
    found = Sitemaps(Visitor(policy).sitemap, policy)

    pages = [[page.target for page in found.read(site.address(f"/{name}.xml"))] for name in "abc"]

    assert pages == [["/a/1", "/a/2"], ["/b/1"], []]
    assert [str(problem) for problem in found.problems] == [
        f"{site.url('/b.xml')}: lists more than 3 pages; the rest is left out",
        f"{site.url('/c.xml')}: more than 2 sitemaps in all; name this one in another run",
    ]


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f'<!DOCTYPE u [<!ENTITY e0 "x">{BOMB}]><u>&e8;</u>', "defines entities, which no sitemap"),
        ('<!DOCTYPE u [<!ENTITY e SYSTEM "file:///etc/passwd">]><u>&e;</u>', "defines entities"),
        ('<!DOCTYPE u SYSTEM "http://127.0.0.1/u.dtd"><u/>', "defines entities"),
        ("<urlset><url><loc>", "is not XML"),
        ("no XML", "is not XML"),
        ("", "is not XML"),
        ('<?xml version="1.0" encoding="nonsense"?><urlset/>', "is not XML"),
        ("<rss><channel/></rss>", "is XML of 'rss', not a sitemap's urlset"),
        ("<html><body/></html>", "is XML of 'html', not a sitemap's urlset"),
    ],
)
def test_what_is_no_sitemap_is_refused(site: Site, text: str, reason: str) -> None:
    site.pages["/sitemap.xml"] = reply(200, text, content_type="text/xml")

    pages, (problem,) = read(site)

    assert pages == []
    assert problem.startswith(reason)


def test_other_sites_and_what_is_no_address_are_named(site: Site) -> None:
    odd = ["https://other.example/a", "javascript:alert(1)", "/a", "http://127.0.0.1/"]
    site.pages["/sitemap.xml"] = sitemap(*odd, site.url("/a", "www.help.example"))

    pages, problems = read(site)

    assert pages == ["/a"]
    assert [problem.split(";")[0] for problem in problems] == [
        f"is of another site than {site.url('/sitemap.xml')}, which lists it",
        "is not http or https",
        "is not http or https",
        "its host is a number",
    ]


def test_a_flood_of_other_sites_is_counted(site: Site) -> None:
    site.pages["/sitemap.xml"] = sitemap(*["https://other.example/"] * 500)

    _, problems = read(site)

    assert len(problems) == 11
    assert problems[-1] == "lists 490 more such addresses"


def test_a_sitemap_that_is_not_there_is_named(site: Site) -> None:
    assert read(site) == ([], ["the server answers 404; check the address"])
