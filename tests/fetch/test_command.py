"""`citewell fetch`, and that nothing else goes to the network."""

import ast
from functools import cache
from pathlib import Path

import pytest

import qa
from index.errors import FetchError
from index.fetch.folder import file_name
from index.fetch.policy import Policy
from qa import fetching
from tests.conftest import Citewell
from tests.fetch.site import Site, reply, sitemap
from tests.keyword_encoder import KeywordEncoder
from tests.test_architecture import FILES, place

ROOT = Path(__file__).parents[2]
FERRY = "<!doctype html><title>Ferries</title><main><p>The ferry leaves at nine.</p></main>"
TIDE = (
    "<!doctype html><html lang=en><body><main><h1>Tides</h1><p>The boats wait.</p>"
    "<h2 id=turn>When does the tide turn?</h2><p>The tide turns at noon.</p></main>"
)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch, site: Site) -> Site:
    """The site, with a command line that may reach this machine."""
    monkeypatch.setattr(fetching, "policy", lambda **_: site.policy())
    return site


def test_from_a_site_to_a_cited_answer(
    citewell: Citewell, keyword_model: KeywordEncoder, reached: Site, tmp_path: Path
) -> None:
    pages, kb = tmp_path / "pages", tmp_path / "kb"
    reached.pages |= {"/ferry": FERRY, "/tides": TIDE, "/logo": reply(200, content_type="image/x")}
    listed = map(reached.url, ["/ferry", "/tides", "/logo"])
    reached.pages["/sitemap.xml"] = sitemap(*listed)

    ran = citewell("fetch", reached.url("/sitemap.xml"), "--out", pages)
    assert ran == (
        0,
        f"{pages}: 2 saved; 1 address failed\n",
        f"failed: {reached.url('/logo')}: is image/x, not text/html\n",
    )
    ran = citewell("build", pages, "--out", kb)
    assert ran.out.startswith(f"{kb}: 1 FAQ entry and 2 articles\n")
    answer = qa.load(kb).answer("When does the tide turn?")
    assert answer.text == "The tide turns at noon."
    assert [citation.url for citation in answer.citations] == [reached.url("/tides#turn")]

    # A second time nothing is new, for the folder nor for the knowledge base.
    again = citewell("fetch", reached.url("/sitemap.xml"), "--out", pages)
    assert again.out == f"{pages}: 2 unchanged; 1 address failed\n"
    keyword_model.calls.clear()
    assert ": nothing changed; gen-1 still serves" in citewell("build", pages, "--out", kb).out
    assert keyword_model.calls == []


def test_gone_and_left_out_pages_are_named(
    citewell: Citewell, reached: Site, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    reached.pages |= {"/ferry": FERRY, "/tides": TIDE}
    addresses = [reached.url("/ferry"), reached.url("/tides")]
    assert (
        citewell("fetch", *addresses, "--out", pages).out
        == f"{pages}: 2 saved; 0 addresses failed\n"
    )
    del reached.pages["/tides"]

    ran = citewell("fetch", *reversed(addresses), "--out", pages, "--prune", "--limit", 1)

    name = file_name(reached.address("/tides"))
    assert (ran.code, ran.out) == (7, "")
    assert ran.err == (
        f"removed: {addresses[1]}: is gone (404); {name} is removed\n"
        "left out: 1 page beyond --limit; set it higher, or choose with --include\n"
        f"citewell: {pages}: no page was saved; mend what is said above, then run it again\n"
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://169.254.169.254/", ": its host is a number; name the public site, or save"),
        (
            "http://help.example/",
            "http://help.example/: is not https; write https, or add --allow-http",
        ),
        ("https://help.example:22/", ":22/: is at port 22; if that is meant, add --allow-port 22"),
        ("https://\x1b[2Jhelp.example/", "holds a space, a backslash or a control character"),
    ],
)
def test_the_command_line_reaches_nothing_private(
    citewell: Citewell, tmp_path: Path, address: str, reason: str
) -> None:
    ran = citewell("fetch", address, "--out", tmp_path / "pages")

    assert (ran.code, ran.out) == (7, "")
    assert reason in ran.err
    assert "\x1b" not in ran.err


def test_what_the_options_widen_is_not_where_it_reaches() -> None:
    widened = fetching.policy(http=True, ports=[8443], delay=3.0)

    assert widened == Policy(http=True, ports=frozenset({8443}), delay=3.0)
    assert (widened.networks, widened.trust) == ((), None)


def test_every_error_of_a_fetch_has_the_exit_code_that_is_documented() -> None:
    assert f"exit code {FetchError.exit_code}" in (ROOT / "docs" / "web-pages.md").read_text()


@cache
def modules(path: Path) -> frozenset[str]:
    """Every module that a file imports, at its top or later."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def users(*roots: str) -> set[str]:
    """The files outside `index/fetch` that import one of these, or a part of it."""
    within = tuple(f"{root}." for root in roots)
    return {
        place(path)
        for path in FILES
        if not place(path).startswith("index/fetch/")
        and any(root.rpartition(".")[2] in path.read_text("utf-8") for root in roots)  # or slow
        and any(f"{name}.".startswith(within) for name in modules(path))
    }


def test_only_the_command_uses_what_goes_to_the_network() -> None:
    assert users("index.fetch") == {"qa/fetching.py"}
    assert users("qa.fetching") == {"qa/cli.py"}
    network = users("http.client", "urllib.request", "urllib.robotparser", "httpx", "requests")
    assert network == {"qa/local.py"}  # which speaks HTTP over a Unix socket of the user's own
    local = (ROOT / "qa" / "local.py").read_text("utf-8")
    assert "AF_INET" not in local
    assert local.count("socket.socket(") == local.count("socket.socket(socket.AF_UNIX") == 2


def test_the_command_is_loaded_without_what_goes_to_the_network() -> None:
    tree = ast.parse((ROOT / "qa" / "fetching.py").read_text("utf-8"))
    at_the_top = [node for node in tree.body if isinstance(node, ast.ImportFrom)]

    assert not [node.module for node in at_the_top if str(node.module).startswith("index.fetch")]
