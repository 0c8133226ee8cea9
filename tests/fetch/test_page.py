"""A page as it is stored: in UTF-8, its own address at its head, nothing else changed."""

from datetime import date

import pytest

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.page import canonical, decoded, stored
from index.readers.html import read_html
from index.readers.source import SourceFile

HERE = Address.parse("https://help.example/returns?page=2")
DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Café".encode(), "text/html", "Café"),
        ("Café".encode(), 'text/html; charset="UTF-8"', "Café"),
        ("Café €".encode("cp1252"), "text/html; charset=ISO-8859-1", "Café €"),
        ("Café".encode("cp1252"), "text/html", "Café"),
        ("Кофе".encode("koi8-r"), "text/html; charset=KOI8-R", "Кофе"),
        ("<meta charset=sjis>喫茶".encode("cp932"), "text/html", "<meta charset=sjis>喫茶"),
        (
            "<meta content='text/html; charset=gb2312'>咖啡".encode("gb18030"),
            "text/html",
            "<meta content='text/html; charset=gb2312'>咖啡",
        ),
        ("<?xml encoding='koi8-r'?>Кофе".encode("koi8-r"), "", "<?xml encoding='koi8-r'?>Кофе"),
        ("\ufeffCafé".encode("utf-16-le"), "text/html; charset=utf-8", "Café"),
        ("\ufeffCafé".encode(), "text/html; charset=koi8-r", "Café"),
        ("<meta charset=utf-16>Café".encode(), "text/html", "<meta charset=utf-16>Café"),
        # The header is wrong: what the bytes bear out goes before it.
        ("Café".encode("cp1252"), "text/html; charset=utf-8", "Café"),
        ("Café".encode(), "text/html; charset=nonsense", "Café"),
        # No encodings of text, or some that a browser would not take.
        (b"Cafe", "text/html; charset=rot13", "Cafe"),
        (b"Caf+AOk-", "text/html; charset=utf-7", "Caf+AOk-"),
        (rb"Caf\u00e9", "text/html; charset=unicode_escape", r"Caf\u00e9"),
        (b"xn--caf-dma", "text/html; charset=idna", "xn--caf-dma"),
        (b"Caf\xe9 \x81", "text/html", "Caf\ufffd \ufffd"),
        (b"Ca\0fe", "text/html", "Ca\ufffdfe"),
    ],
)  # fmt: skip
def test_a_page_is_read_in_its_encoding(body: bytes, content_type: str, text: str) -> None:
    assert decoded(body, content_type) == text


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("", "https://help.example/returns?page=2"),
        ('<link rel="canonical" href="/returns">', "https://help.example/returns"),
        ('<link rel="canonical" href="https://help.example/r#a">', "https://help.example/r"),
        ('<link rel="canonical" href="https://other.example/r">', str(HERE)),
        ('<link rel="canonical" href="http://help.example/r">', str(HERE)),
        ('<link rel="canonical" href="https://help.example:8443/r">', str(HERE)),
        ('<link rel="canonical" href="javascript:alert(1)">', str(HERE)),
        ('<link rel="canonical" href="https://[">', str(HERE)),
        ('<link rel="canonical">', str(HERE)),
    ],
)
def test_a_page_is_believed_about_its_address_within_its_own_site(link: str, address: str) -> None:
    assert str(canonical(f"<head>{link}</head><p>Here.", HERE)) == address


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE html>\n<html lang=de><head><title>Rückgabe</title>",
        "\n<!doctype html PUBLIC '-//W3C//DTD XHTML 1.0'>\n<html lang=de><title>Rückgabe</title>",
        "<?xml version='1.0'?>\n<html xml:lang='de' lang='de'><head><title>Rückgabe</title>",
        "<!-- <!doctype html> -->\n<html lang=de><title>Rückgabe</title>",
        "<!doctype html\n<html lang=de><title>Rückgabe</title>",
        "<html lang=de><title>Rückgabe</title>",
    ],
)
def test_the_reader_finds_the_address_and_all_else_where_it_was(head: str) -> None:
    # The page would rather be cited as another.
    foreign = '<link rel="canonical" href="https://other.example/">'
    foreign += '<meta property="og:url" content="https://other.example/">'
    page = f"{head}{foreign}<body>\n<p>Binnen 30 Tagen &amp; kostenlos.</p>"

    text = stored(page, HERE, DAY)

    (document,) = read_html(SourceFile("returns.html", text.encode())).documents
    assert (document.url, document.text) == (str(HERE), "Binnen 30 Tagen & kostenlos.")
    assert document.date == ""  # when it was fetched is not when it was published
    assert text.count("\n") == page.count("\n")
    assert '<meta name="citewell-fetched" content="2026-11-27">' in text
    if "doctype html\n" not in head:  # that one swallows the element after it
        assert (document.title, document.language) == ("Rückgabe", "de")


def test_an_address_breaks_out_of_no_attribute() -> None:
    odd = Address.parse("https://help.example/a\"><script>b</script>?c='&d")

    text = stored("<p>Here.", odd, DAY)

    assert "<script" not in text
    (document,) = read_html(SourceFile("a.html", text.encode())).documents
    assert document.url == "https://help.example/a%22%3E%3Cscript%3Eb%3C/script%3E?c='&d"


def test_a_page_that_the_reader_would_refuse_is_not_saved() -> None:
    with pytest.raises(FetchError, match=r"page=2: elements nest more than \d+ deep"):
        canonical("<div>" * 5000, HERE)
