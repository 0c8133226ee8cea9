"""The page's own words, a file a language. To add one: write a file like `en.toml` here."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class View:
    """What the source view says: what it shows, how old that is, and where one can go from there.

    `then`, with `now` to go on to, and `changed` tell that it is not what was linked to.
    """

    entry: str
    document: str
    original: str
    then: str
    now: str
    changed: str
    table: str
    back: str


@dataclass(frozen=True, slots=True)
class Strings:
    """What the page says in one language; `{}` is where a value stands.

    `view` is what the source view says, `about` names what sources differ on; `rtl` is for what is
    written from right to left, `code` is the language's. A file that lacks a name or has one too
    many does not load. Sources, questions and small talk keep the language that they are in.
    """

    intro: str
    first: str
    box: str
    ask: str
    conversation: str
    helpful: str
    yes: str
    no: str
    wrong_source: str
    noted: str
    not_saved: str
    copy: str
    link: str
    copied: str
    not_copied: str
    answering: str
    as_typed: str
    answer_to: str
    differ: str
    one_source: str
    sources: str
    source: str
    page: str
    read: str
    opens: str
    related: str
    meant: str
    none: str
    silence: str
    looked_for: str
    not_found: str
    closest: str
    contact: str
    as_of: str
    empty: str
    too_long: str
    failed: str
    view: View
    about: Mapping[str, str] = field(default_factory=dict)
    rtl: bool = False
    code: str = field(default="", kw_only=True)

    def plain(self) -> dict[str, str]:
        """Those that are single words or sentences, by name."""
        said = asdict(self)
        return {name: said[name] for name in said if isinstance(said[name], str) and name != "code"}


@cache
def languages() -> Mapping[str, Strings]:
    """Every language by its code, in the order of the codes."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Strings:
    said = tomllib.loads(file.read_text("utf-8"))
    return Strings(**{**said, "view": View(**said["view"])}, code=file.stem)


def preferred(accept_language: str) -> Strings:
    """Those of the first language that a browser asks for, as in `de-AT,en;q=0.8`; else English.

    Only the first counts, as it does for Gradio, so that all of a page speaks one language.
    """
    first = accept_language.partition(",")[0].partition(";")[0].partition("-")[0]
    return languages().get(first.strip().lower(), languages()[FALLBACK])
