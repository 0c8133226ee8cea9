"""What comes back is held to its time, its size and its type."""

import gzip
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from shutil import which

import pytest

from index.errors import FetchError
from index.fetch.request import Wanted, get
from tests.fetch.site import Site, Talk, raw, reply

HTML = Wanted(("text/html", "application/xhtml+xml"), 10_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(HEAD + b"\r\n")
    while True:
        handler.wfile.write(b"<p>More.</p>" * 1000)


def endless_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"1\r\nx\r\n" * 1000)


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" * 1000)


def slowly(*parts: bytes) -> Talk:
    def talk(handler: BaseHTTPRequestHandler) -> None:
        for part in parts:
            handler.wfile.write(part)
        for _ in range(40):
            time.sleep(0.05)
            handler.wfile.write(b"x")

    return talk


BOMB = gzip.compress(bytes(5_000_000))

BAD: dict[str, tuple[Talk, str]] = {
    "endless body": (endless, "is larger than 10,000 bytes"),
    "endless chunks": (endless_chunks, "is larger than 10,000 bytes"),
    "endless headers": (endless_headers, "is larger than 10,000 bytes"),
    "large by its own word": (reply(200, content_length="10001"), "is larger than 10,000 bytes"),
    "slow body": (slowly(HEAD, b"\r\n"), r"took more than 0\.3 seconds"),
    "slow headers": (slowly(HEAD, b"A: "), r"took more than 0\.3 seconds"),
    "slow status": (slowly(b"HTTP/1.1 2"), r"took more than 0\.3 seconds"),
    "gzip bomb": (reply(200, BOMB, content_encoding="gzip"), "is larger than 10,000 bytes"),
    "broken gzip": (reply(200, BOMB[:-9], content_encoding="gzip"), "larger|is not whole gzip"),
    "no gzip": (reply(200, b"<p>", content_encoding="gzip"), "is not whole gzip"),
    "another encoding": (reply(200, b"x", content_encoding="br"), "is encoded as 'br'"),
    "picture": (reply(200, b"x", content_type="image/png"), "is image/png, not text/html"),
    "no type": (reply(200, b"x", content_type=""), "is of no type, not text/html"),
    "sitemap": (reply(200, b"x", content_type="text/xml"), "a sitemap's address ends in .xml"),
    "cut short": (reply(200, b"<p>", content_length="99"), "was cut short on its way"),
    "chunk cut short": (
        raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n99\r\n<p>"),
        "was cut short on its way",
    ),
    "header too long": (raw(HEAD, b"A: " + b"a" * 70_000), "got more than 65536 bytes"),
    "headers too many": (raw(HEAD, b"A: b\r\n" * 101), "got more than 100 headers"),
    "no response": (raw(), "could not be fetched"),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH\r\n"), r"could not be fetched \(SSH-2\.0"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_come_as_it_should_is_refused(site: Site, case: str) -> None:
    site.pages["/"], reason = BAD[case]

    with pytest.raises(FetchError, match=reason):
        get(site.address("/"), HTML, site.policy(seconds=0.3 if "slow" in case else 5.0))


def test_a_page_of_just_the_size_is_taken_in_any_dress(site: Site) -> None:
    body = b"<p>" + b"x" * 9_997
    chunks = b"".join(b"%x\r\n%b\r\n" % (5000, body[n : n + 5000]) for n in (0, 5000))
    site.pages |= {
        "/plain": body,
        "/gzip": reply(200, gzip.compress(body), content_encoding="gzip"),
        "/chunked": raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", chunks, b"0\r\n\r\n"),
        "/to-the-end": raw(HEAD, b"\r\n", body),
    }

    for path in site.pages:
        assert get(site.address(path), HTML, site.policy()).body == body


def test_nobody_at_home_is_named(site: Site) -> None:
    policy = site.policy(ports=frozenset({1}))

    with pytest.raises(FetchError, match=r":1/: could not be fetched \(Connection refused\)"):
        get(site.address("/").parse("http://help.example:1/"), HTML, policy)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of help.example's own, in one file."""
    if not (openssl := which("openssl")):
        pytest.skip("no openssl here to make a certificate with")
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=help.example", "-addext", "subjectAltName=DNS:help.example",
         "-days", "2", "-keyout", file, "-out", file.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + file.with_suffix(".crt").read_bytes())
    return file


def hangs_up(*, signed_off: bool) -> Talk:
    """A body without a length, and an end of the encryption where it is `signed_off`."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(HEAD + b"\r\n<p>Here.</p>")
        link = handler.connection
        assert isinstance(link, ssl.SSLSocket)
        if signed_off:
            with suppress(OSError):  # the other side hangs up without waiting for more
                link.unwrap()
        else:
            link.shutdown(socket.SHUT_WR)

    return talk


def test_an_encrypted_body_without_length_ends_where_it_is_signed_off(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site = Site()
    site.secure(context)
    with site:
        site.pages |= {"/whole": hangs_up(signed_off=True), "/cut": hangs_up(signed_off=False)}
        policy = site.policy(trust=certificate)

        whole = get(site.address("/whole", scheme="https"), HTML, policy)
        assert whole.body == b"<p>Here.</p>"
        with pytest.raises(FetchError, match="was cut short on its way"):
            get(site.address("/cut", scheme="https"), HTML, policy)


def test_the_certificate_is_checked_for_the_name_and_not_for_the_number(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    site = Site()
    site.secure(context)
    with site:
        site.pages["/"] = "<p>Here.</p>"
        policy = site.policy(http=False, trust=certificate)

        assert get(site.address("/", scheme="https"), HTML, policy).body == b"<p>Here.</p>"
        with pytest.raises(FetchError, match=r"its certificate is not good \(Hostname mismatch"):
            get(site.address("/", "www.help.example", "https"), HTML, policy)
        with pytest.raises(FetchError, match=r"its certificate is not good \(self.signed"):
            get(site.address("/", scheme="https"), HTML, site.policy(http=False))
        site.pages["/"] = reply(302, location=site.url("/b"))
        with pytest.raises(FetchError, match="leads from https to http"):
            get(site.address("/", scheme="https"), HTML, site.policy(trust=certificate))

    assert names == ["help.example", "www.help.example", "help.example", "help.example"]
    assert site.asked == ["/", "/"]
