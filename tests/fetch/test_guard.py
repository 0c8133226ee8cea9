"""Where a fetch may go: no spelling of a private place, and no name that turns into one."""

from ipaddress import ip_address, ip_network

import pytest

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.guard import is_public, places
from index.fetch.policy import Policy
from index.fetch.request import Wanted, get
from tests.fetch.site import Site, leads_to

HTML = Wanted(("text/html",), 1000)
PUBLIC = "93.184.215.14"

ODD = [
    "javascript:alert(1)",
    "data:text/html,hi",
    "file:///etc/passwd",
    "ftp://help.example/a",
    "gopher://help.example:70/_",
    "//help.example/a",
    "help.example/a",
    "https:///a",
    "http://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0.0.0.0/",
    "https://0/",
    "https://127.0.0.1./",
    "https://127.0.0.1.:443/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://intranet/",
    "https://help.example@127.0.0.1/",
    "https://user:word@help.example/",
    "https://127.0.0.1#@help.example/",
    "https://help.example\\@127.0.0.1/",
    "https://help.example\t/",
    "https://help.example/\r\nHost: other",
    "https://１２７.０.０.１/",
    "https://①②⑦.0.0.1/",
    "https://help。example/",
    "https://bücher.example/",
    "https://help..example/",
    "https://-help.example/",
    "https://help.example%00.other.example/",
    "https://help.example:99999/",
    "https://help.example/" + "a" * 2100,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_an_address_that_names_no_host_plainly_is_refused(text: str) -> None:
    with pytest.raises(FetchError, match=r": (is|holds|an address has|its host (is|has))\b"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("https://Help.Example", "https://help.example/"),
        ("https://help.example./a", "https://help.example/a"),
        ("HTTPS://help.example:443/a?b=c#d", "https://help.example/a?b=c"),
        ("https://xn--bcher-kva.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://help.example/a%20b", "https://help.example/a%20b"),
        (" https://help.example/a ", "https://help.example/a"),
    ],
)
def test_an_address_has_one_spelling(text: str, plain: str) -> None:
    assert str(Address.parse(text)) == plain


PRIVATE = """
127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200
0.0.0.0 0.1.2.3 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1
168.63.129.16 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:0:7f00:1 64:ff9b::7f00:1 64:ff9b:1::5db8:d70e 2002:7f00:1::1
2002:5db8:d70e::1 2001:0:5db8:d70e::1 2001:db8::1 3fff::1 5f00::1 100::1 fc00::1 fd00:ec2::254
fe80::1 fec0::1 ff02::1 ff0e::1
"""


@pytest.mark.parametrize("place", PRIVATE.split())
def test_a_place_that_is_not_public_is_known(place: str) -> None:
    assert not is_public(ip_address(place))


@pytest.mark.parametrize(
    "place", [PUBLIC, "2606:4700::1111", f"::ffff:{PUBLIC}", "64:ff9b::5db8:d70e"]
)
def test_a_public_place_is_known(place: str) -> None:
    assert is_public(ip_address(place))


def resolving(*found: str) -> Policy:
    return Policy(resolve=lambda _host, _port: found)


def test_one_private_place_among_public_ones_is_enough_to_refuse() -> None:
    address = Address.parse("https://help.example/")

    assert places(address, resolving(PUBLIC, "2606:4700::1111")) == (PUBLIC, "2606:4700::1111")
    with pytest.raises(FetchError, match=r"is at 10\.0\.0\.7, which is not on the public internet"):
        places(address, resolving(PUBLIC, "10.0.0.7"))
    with pytest.raises(FetchError, match=r"is at help\.example, which is not on the public"):
        places(address, resolving("help.example"))
    with pytest.raises(FetchError, match="its host has no address; check its name"):
        places(address, resolving())


def test_the_policy_that_is_in_force_reaches_public_places_by_https_alone() -> None:
    assert (Policy().http, Policy().ports, Policy().networks) == (False, frozenset(), ())

    with pytest.raises(FetchError, match="is not https; write https, or add --allow-http"):
        places(Address.parse("http://help.example/"), resolving(PUBLIC))
    with pytest.raises(FetchError, match="is at port 8443; if that is meant, add --allow"):
        places(Address.parse("https://help.example:8443/"), resolving(PUBLIC))
    with pytest.raises(FetchError, match="is at port 80"):
        places(Address.parse("https://help.example:80/"), resolving(PUBLIC))


def test_an_unknown_host_is_named() -> None:
    def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"its host is not known \(Name or service not known\)"):
        places(Address.parse("https://help.example/"), Policy(resolve=unknown))


def test_a_name_that_turns_private_never_reaches_this_machine() -> None:
    # The first answer may be reached and the second may not; a client that asked twice for one
    # request would check the one and connect to the other.
    with Site() as private, Site("127.0.0.2", private.port) as public:
        for running in (private, public):
            running.pages["/"] = "<p>Here.</p>"
        answers = iter(["127.0.0.2", "127.0.0.1", "127.0.0.1"])
        policy = private.policy(
            networks=(ip_network("127.0.0.2/32"),),
            resolve=lambda _host, _port: (next(answers),),
        )

        assert get(public.address("/"), HTML, policy).status == 200
        with pytest.raises(FetchError, match=r"is at 127\.0\.0\.1, which is not on the public"):
            get(public.address("/"), HTML, policy)

        assert (public.asked, private.asked) == (["/"], [])


def test_a_redirect_is_resolved_and_checked_again(site: Site) -> None:
    site.pages["/a"] = leads_to("/b")
    answers = iter(["127.0.0.1", "127.0.0.9"])
    policy = site.policy(resolve=lambda _host, _port: (next(answers),))

    with pytest.raises(FetchError, match=r"/b: its host is at 127\.0\.0\.9, which is not on"):
        get(site.address("/a"), HTML, policy)
    assert site.asked == ["/a"]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file:///etc/passwd", "leads to file:///etc/passwd: is not http or https"),
        ("data:text/html,hi", "leads to data:text/html,hi: is not http or https"),
        ("http://169.254.169.254/", r"leads to http://169\.254\.169\.254/: its host is a number"),
        ("http://127.0.0.1:{port}/b", r"leads to http://127\.0\.0\.1:\d+/b: its host is a number"),
        ("//[::1]/b", "its host is a number"),
        ("http://[::1/b", "is no web address"),
        ("http://other.example:{port}/b", r"leads to another site, http://other\.example"),
        ("http://help.example.other.example:{port}/b", "leads to another site"),
        ("http://sub.help.example:{port}/b", "leads to another site"),
        ("http://help.example:1/b", "is at port 1; "),
        ("http://user@help.example:{port}/b", "holds a user name"),
        ("https://help.example/b", r"could not be fetched|took more than"),
    ],
)
def test_a_redirect_leads_nowhere_else(site: Site, place: str, reason: str) -> None:
    site.pages |= {"/a": leads_to(place.format(port=site.port)), "/b": "<p>Secret.</p>"}

    with pytest.raises(FetchError, match=reason):
        get(site.address("/a"), HTML, site.policy(seconds=1.0))
    assert site.asked == ["/a"]


def test_a_redirect_may_add_www_or_take_it_away(site: Site) -> None:
    site.pages |= {"/a": leads_to(site.url("/b", "www.help.example")), "/b": "<p>Here.</p>"}

    got = get(site.address("/a"), HTML, site.policy())

    assert (str(got.address), got.body) == (site.url("/b", "www.help.example"), b"<p>Here.</p>")


def test_redirects_end(site: Site) -> None:
    site.pages |= {"/a": leads_to("/b"), "/b": leads_to("/a")}
    site.pages |= {f"/{n}": leads_to(f"/{n + 1}") for n in range(1, 6)} | {"/6": "<p>Here.</p>"}

    with pytest.raises(FetchError, match="/a: leads on more than 5 times"):
        get(site.address("/a"), HTML, site.policy())
    assert site.asked == ["/a", "/b"] * 3
    assert get(site.address("/1"), HTML, site.policy()).body == b"<p>Here.</p>"


def test_no_proxy_of_the_environment_and_no_cookie(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/"] = "<p>Here.</p>"

    assert get(site.address("/"), HTML, site.policy()).status == 200
    assert set(site.headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection"}
    assert site.headers["Host"] == f"help.example:{site.port}"
    assert site.headers["User-Agent"].startswith("Citewell ")


@pytest.mark.parametrize(
    ("text", "next_step"),
    [
        ("http://127.0.0.1/", "is a number; name the public site, or save that page into the"),
        ("https://[::1]/", "is a number; name the public site"),
        ("https://intranet/", "has no dot, so it is no public site; name one, or save that page"),
        ("https://bücher.example/", "has letters outside a to z; copy it from a browser"),
        ("https://-help.example/", "is no name; write the address in full"),
    ],
)
def test_a_refused_host_is_told_with_its_own_reason(text: str, next_step: str) -> None:
    with pytest.raises(FetchError, match=f": its host {next_step}"):
        Address.parse(text)
