"""The main text of a page, without menus, notices and footers; needs the extra `web`."""

from html import escape

from index.errors import FetchError
from index.fetch.address import Address

INSTALL = ".venv/bin/pip install '.[web]'"


def require() -> None:
    """Raises FetchError with the command to run where the extra is not installed."""
    try:
        import trafilatura  # noqa: F401
    except ImportError:
        raise FetchError("--main", f"needs the extra web: {INSTALL}") from None


def main_text(text: str, address: Address) -> str:
    """A page with the main text of `text`, its title, language, publisher and linked data.

    The anchors of headings are lost. Raises FetchError where no main text is found.
    """
    import trafilatura
    from selectolax.lexbor import LexborHTMLParser

    found = trafilatura.extract(text, output_format="html", include_comments=False)
    if not found:
        raise FetchError(str(address), "no main text is found in it; fetch it without --main")
    body = LexborHTMLParser(found).body
    tree = LexborHTMLParser(text)
    html = tree.css_first("html")
    language = (html.attributes.get("lang") or "") if html else ""
    kept = tree.css(
        'head title, meta[property="og:site_name"], meta[property="article:published_time"], '
        'script[type="application/ld+json"]'
    )
    head = "\n".join(node.html or "" for node in kept)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n{head}\n</head>\n'
        f"{body.html if body else ''}\n</html>\n"
    )
