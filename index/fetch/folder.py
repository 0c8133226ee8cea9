"""The folder that pages are saved in: a file an address, and what to ask the server next time."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.disk import replace
from index.errors import FetchError
from index.fetch.address import Address
from index.lock import locked

STATE = ".citewell-fetch.json"  # hidden, so that a build passes it over

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_DATE = re.compile(r"[A-Za-z]{3}, [0-9A-Za-z :]{10,30}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a saved page: the address it was listed at, how it was saved, its digest,
    and the server's own marks of this version of it.
    """

    via: str
    main: bool
    digest: str
    etag: str = ""
    modified: str = ""

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the page only if it is another by now."""
        marks = {"If-None-Match": (self.etag, _ETAG), "If-Modified-Since": (self.modified, _DATE)}
        return {name: mark for name, (mark, form) in marks.items() if form.fullmatch(mark)}


def file_name(address: Address) -> str:
    """Always the same for an address: its path in plain letters, and 48 bits of a digest.

    Two addresses of one path share a name with odds of 1 in 2**48, and then a file.
    """
    path = re.sub(r"\.(x?html?|php|aspx?)$", "", address.path.lower())
    slug = re.sub(r"[^a-z0-9]+", "-", path).strip("-")[:80].rstrip("-")
    digest = hashlib.sha256(str(address).encode()).hexdigest()[:12]
    return f"{slug or 'index'}-{digest}.html"


class Folder:
    """The saved pages; `pages` has each by its address, once it is saved here."""

    def __init__(self, place: Path) -> None:
        """Raises FetchError where what an earlier run wrote down cannot be read."""
        self.place = place
        self.pages = _state(place / STATE)

    def file(self, address: Address) -> Path:
        """Where the page of this address is, or will be."""
        return self.place / file_name(address)

    def known(self, address: Address, main: bool) -> Kept | None:
        """What is known of it, if its file is there and was saved in this manner."""
        kept = self.pages.get(str(address))
        return kept if kept and kept.main == main and self.file(address).is_file() else None

    def keep(self, address: Address, text: str, kept: Kept) -> None:
        """Put the page there in place of an older one, whole or not at all."""
        self._write(self.file(address), text)
        self.pages[str(address)] = kept

    def drop(self, address: Address) -> None:
        """Remove the page's file."""
        try:
            self.file(address).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(self.file(address), error) from None
        self.pages.pop(str(address), None)

    def close(self) -> None:
        """Write down what is known of the pages."""
        rows = {address: asdict(kept) for address, kept in sorted(self.pages.items())}
        self._write(self.place / STATE, json.dumps(rows, indent=1) + "\n")

    def _write(self, path: Path, text: str) -> None:
        try:
            replace(path, text.encode("utf-8", "replace"))
        except OSError as error:
            raise _unusable(path, error) from None


@contextmanager
def opened(place: Path) -> Iterator[Folder]:
    """The folder for one run at a time; what is known of its pages is kept whatever happens.

    Raises FetchError where it cannot be used, or another run is at work in it.
    """
    try:
        with locked(place):
            folder = Folder(place)
            try:
                yield folder
            finally:
                folder.close()
    except BlockingIOError:
        reason = "another fetch is saving pages there; wait for it"
        raise FetchError(str(place), reason) from None
    except OSError as error:
        raise _unusable(place, error) from None


def _state(path: Path) -> dict[str, Kept]:
    try:
        rows = json.loads(path.read_bytes())
        pages = {str(Address.parse(text)): Kept(**row) for text, row in rows.items()}
        if not all(_is_sound(kept) for kept in pages.values()):
            raise ValueError("a value of another kind")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unusable(path, error) from None
    except (FetchError, ValueError, TypeError, AttributeError, RecursionError):
        reason = "is not what an earlier fetch wrote; remove it, and all is fetched afresh"
        raise FetchError(str(path), reason) from None
    return pages


def _is_sound(kept: Kept) -> bool:
    texts = (kept.via, kept.digest, kept.etag, kept.modified)
    return isinstance(kept.main, bool) and all(isinstance(text, str) for text in texts)


def _unusable(path: Path, error: OSError) -> FetchError:
    reason = error.strerror or str(error)
    return FetchError(str(path), f"cannot be used ({reason}); name another folder with --out")
