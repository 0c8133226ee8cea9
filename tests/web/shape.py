"""What a browser would make of HTML: an independent reading to hold our rendering against."""

from html.parser import HTMLParser

Attributes = tuple[tuple[str, str | None], ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, Attributes]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", ((data, None),)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> _Reader:
    """The tags, with their attributes, and the text of some HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def tags(html: str) -> list[tuple[str, Attributes]]:
    """Every tag in order."""
    return read(html).tags


def text(html: str) -> str:
    """All text, as shown."""
    return "".join(read(html).words)


def hrefs(html: str) -> list[str | None]:
    """Where the links lead, in order."""
    return [dict(attributes)["href"] for tag, attributes in read(html).tags if tag == "a"]
