"""A site into a folder: at first, again, and when some of it is gone."""

import json
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.errors import FetchError
from index.fetch.folder import STATE, file_name
from index.fetch.job import FetchReport, Options, fetch
from tests.fetch.site import Site, Talk, leads_to, reply, sitemap

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)

Fetched = Callable[..., FetchReport]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pages"


@pytest.fixture
def fetched(site: Site, out: Path) -> Fetched:
    """Fetches these paths of the site into `out`."""

    def run(*paths: str, day: date = MONDAY, **options: object) -> FetchReport:
        addresses = [path if ":" in path else site.url(path) for path in paths]
        given = Options(**options)  # type: ignore[arg-type]
        return fetch(addresses, out, given, site.policy(), today=lambda: day)

    return run


def told(report: FetchReport) -> list[tuple[str, str]]:
    """What came of each path."""
    return [(outcome.kind, outcome.address.partition("/")[2][1:].partition("/")[2])
            for outcome in report.outcomes]  # fmt: skip


def files(out: Path) -> dict[str, str]:
    return {file.name.rpartition("-")[0]: file.read_text("utf-8") for file in out.glob("*.html")}


def marked(body: str, etag: str) -> Talk:
    """A page with a mark of its version, sent again only to those who know another."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers["If-None-Match"] == etag
        reply(304 if known else 200, "" if known else body, etag=etag)(handler)

    return talk


def test_pages_are_saved_with_their_address_and_day(
    site: Site, out: Path, fetched: Fetched
) -> None:
    site.pages |= {"/": "<p>Home.</p>", "/Returns": "<!doctype html><p>Thirty days.</p>"}

    report = fetched("/", "/Returns", "/Returns#how", "/nowhere")

    assert told(report) == [("saved", ""), ("saved", "Returns"), ("failed", "nowhere")]
    assert report.outcomes[2].note == "is not there (404); check the address"
    assert set(files(out)) == {"index", "returns"}
    head, _, rest = files(out)["returns"].partition("<p>")
    assert head.startswith('<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Sec')
    assert f'<link rel="canonical" href="{site.url("/Returns")}">' in head
    assert '<meta name="citewell-fetched" content="2026-11-23">' in head
    assert rest == "Thirty days.</p>"


def test_a_page_that_did_not_change_is_not_sent_again_nor_written(
    site: Site, out: Path, fetched: Fetched
) -> None:
    site.pages |= {"/a": marked("<p>A.</p>", '"1"'), "/b": "<p>B.</p>", "/c": "<p>C.</p>"}
    fetched("/a", "/b", "/c")
    before = files(out)
    site.pages["/c"] = "<p>Changed.</p>"

    report = fetched("/a", "/b", "/c", day=TUESDAY)

    assert told(report) == [("unchanged", "a"), ("unchanged", "b"), ("saved", "c")]
    assert {name: files(out)[name] == before[name] for name in before} == {
        "a": True,
        "b": True,  # the server knows no versions: what was sent is the same
        "c": False,
    }
    assert "2026-11-24" in files(out)["c"]
    assert "Changed" in files(out)["c"]


def test_a_page_of_another_version_replaces_the_one_there(
    site: Site, out: Path, fetched: Fetched
) -> None:
    site.pages["/a"] = marked("<p>First.</p>", '"1"')
    fetched("/a")
    site.pages["/a"] = marked("<p>Second.</p>", '"2"')

    assert told(fetched("/a")) == [("saved", "a")]
    assert "Second" in files(out)["a"]
    assert json.loads((out / STATE).read_text())[site.url("/a")]["etag"] == '"2"'


def test_a_file_that_was_removed_is_fetched_again(site: Site, out: Path, fetched: Fetched) -> None:
    site.pages["/a"] = marked("<p>A.</p>", '"1"')
    fetched("/a")
    (out / file_name(site.address("/a"))).unlink()

    assert told(fetched("/a")) == [("saved", "a")]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_named_and_with_prune_removed(
    site: Site, out: Path, fetched: Fetched, status: int
) -> None:
    site.pages |= {"/a": "<p>A.</p>", "/b": "<p>B.</p>"}
    fetched("/a", "/b")
    name = file_name(site.address("/a"))
    site.pages["/a"] = reply(status)

    report = fetched("/a", "/b")
    assert told(report) == [("gone", "a"), ("unchanged", "b")]
    note = f"is gone ({status}); remove {name}, or all such files with --prune"
    assert report.outcomes[0].note == note
    assert set(files(out)) == {"a", "b"}

    report = fetched("/a", "/b", prune=True)
    assert told(report) == [("removed", "a"), ("unchanged", "b")]
    assert report.outcomes[0].note == f"is gone ({status}); {name} is removed"
    assert set(files(out)) == {"b"}
    assert list(json.loads((out / STATE).read_text())) == [site.url("/b")]


def test_a_site_that_fails_loses_no_page(site: Site, out: Path, fetched: Fetched) -> None:
    site.pages["/a"] = "<p>A.</p>"
    fetched("/a")
    site.pages["/a"] = reply(500)

    report = fetched("/a", prune=True)

    assert [outcome.note for outcome in report.outcomes] == ["the server answers 500; try later"]
    assert set(files(out)) == {"a"}


def test_a_page_that_left_the_sitemap_is_asked_for_once_more(site: Site, fetched: Fetched) -> None:
    site.pages |= {"/a": "<p>A.</p>", "/b": "<p>B.</p>", "/c": "<p>C.</p>"}
    site.pages["/sitemap.xml"] = sitemap(*map(site.url, ["/a", "/b", "/c"]))
    fetched("/sitemap.xml")
    site.pages["/sitemap.xml"] = sitemap(site.url("/a"))
    del site.pages["/b"]

    report = fetched("/sitemap.xml", prune=True)

    assert told(report) == [("unchanged", "a"), ("removed", "b"), ("unchanged", "c")]


def test_of_a_sitemap_only_so_much(site: Site, fetched: Fetched) -> None:
    paths = ["/help/a", "/blog/b", "/help/c", "/help/d"]
    site.pages |= {path: f"<p>{path}</p>" for path in paths}
    site.pages["/sitemap.xml"] = sitemap(*map(site.url, paths))

    report = fetched("/sitemap.xml", "/blog/b", include=("/help/",), limit=3)

    assert told(report) == [("saved", "help/a"), ("saved", "help/c"), ("saved", "help/d")]
    assert report.left_out == 1  # the page that was named itself, at the end
    report = fetched("/sitemap.xml", include=(site.url("/blog"),))
    assert told(report) == [("saved", "blog/b")]


def test_the_limits_of_sitemaps_hold_for_the_whole_run(site: Site, out: Path) -> None:
    site.pages |= {"/a": "<p>A.</p>", "/1.xml": sitemap(site.url("/a")), "/2.xml": sitemap()}
    named = [site.url("/1.xml"), site.url("/2.xml")]

    report = fetch(named, out, Options(), site.policy(sitemaps=1))

    assert told(report) == [("failed", "2.xml"), ("saved", "a")]


def test_one_page_by_two_addresses_is_saved_once(site: Site, out: Path, fetched: Fetched) -> None:
    site.pages |= {"/old": leads_to("/new"), "/new": "<p>New.</p>"}

    report = fetched("/old", "/new")

    assert told(report) == [("saved", "old"), ("failed", "new")]
    assert report.outcomes[1].note == f"leads to the same page as {site.url('/old')}; saved once"
    assert f'href="{site.url("/new")}"' in files(out)["old"]


def test_one_page_stays_saved_once_when_it_did_not_change(
    site: Site, out: Path, fetched: Fetched
) -> None:
    site.pages |= {"/old": leads_to("/new"), "/new": marked("<p>New.</p>", '"1"')}
    fetched("/old", "/new")

    report = fetched("/old", "/new")

    assert told(report) == [("unchanged", "old"), ("failed", "new")]
    assert set(files(out)) == {"old"}


def test_one_bad_address_keeps_no_other_from_being_fetched(site: Site, fetched: Fetched) -> None:
    site.pages |= {"/a": "<p>A.</p>", "/d.png": reply(200, "x", content_type="image/png")}

    report = fetched("javascript:alert(1)", "http://169.254.169.254/", "/d.png", "/a")

    assert [outcome.kind for outcome in report.outcomes] == ["failed", "failed", "failed", "saved"]
    assert str(report.outcomes[0]).startswith("javascript:alert(1): is not http or https")


def test_the_main_text_needs_an_extra(site: Site, fetched: Fetched) -> None:
    try:
        import trafilatura  # noqa: F401
    except ImportError:
        with pytest.raises(FetchError, match=r"--main: needs the extra web: \.venv/bin/pip"):
            fetched("/a", main=True)
        assert site.asked == []
    else:
        pytest.skip("the extra web is installed")


PAGE = """<!doctype html>
<html lang="en"><head><title>Returns | Shop</title><meta property="og:site_name" content="Shop">
</head><body><nav><a href="/">Home</a> <a href="/b">All our shops</a></nav>
<div class="cookie-banner">We use cookies. Accept all of them?</div>
<main><h1 id="returns">Returns</h1>
<p>You may return what you bought within thirty days of delivery, in its box.</p>
<h2 id="how">How do I return an item?</h2>
<p>Print the label and bring the parcel to a shop near you. It costs nothing at all.</p>
</main><footer>(c) Shop, all rights reserved</footer></body></html>
"""


def test_the_main_text_is_kept_with_title_and_publisher(
    site: Site, out: Path, fetched: Fetched
) -> None:
    pytest.importorskip("trafilatura", reason="the extra web is not installed")
    from index.readers import read_folder

    site.pages |= {"/a": PAGE, "/b": "<p>x"}

    report = fetched("/a", "/b", main=True)

    assert told(report) == [("saved", "a"), ("failed", "b")]
    assert report.outcomes[1].note == "no main text is found in it; fetch it without --main"
    documents = read_folder(out).documents
    assert {(d.url, d.publisher, d.language) for d in documents} == {(site.url("/a"), "Shop", "en")}
    texts = " ".join(d.text for d in documents)
    assert "within thirty days" in texts
    assert "It costs nothing" in texts
    assert not any(word in texts for word in ("cookies", "All our shops", "all rights"))
