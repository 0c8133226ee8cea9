"""Where exports are kept, and whether one is whole."""

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from index.backends.reading import Recipe
from index.backends.runtimes import Runtime
from index.disk import read_small, size
from index.user_cache import cache

GRAPH, TOKENIZER, RECIPE, MANIFEST = "model.onnx", "tokenizer.json", "recipe.json", "manifest.json"
_FORM = 1  # of an export; raised when what is in one changes
_MAKERS = ("torch", "transformers", "sentence-transformers", "tokenizers", "onnx")


class Damaged(Exception):
    """An export that is not what was written. `str()` says which file, and how."""


@dataclass(frozen=True, slots=True)
class Export:
    """A folder with the graph of one model for one runtime, beside a manifest of its files."""

    folder: Path

    @property
    def there(self) -> bool:
        """Whether it was made; of its bytes nothing is known."""
        return (self.folder / MANIFEST).is_file()

    @property
    def whole(self) -> bool:
        """Whether every byte is as it was written."""
        try:
            self.read()
        except Damaged:
            return False
        return True

    def read(self) -> tuple[bytes, str, Recipe]:
        """The graph, the tokenizer and the recipe, each with the size and digest as written."""
        try:
            kept: dict[str, tuple[int, str]] = json.loads(read_small(self.folder / MANIFEST))
            graph, tokenizer, recipe = (
                _vouched(self.folder / name, *kept[name]) for name in (GRAPH, TOKENIZER, RECIPE)
            )
            return graph, tokenizer.decode(), Recipe.from_json(recipe.decode())
        except OSError as error:
            place = error.filename or self.folder
            raise Damaged(f"{place}: {(error.strerror or str(error)).lower()}") from None
        except (ValueError, LookupError, TypeError):
            raise Damaged(f"{self.folder / MANIFEST}: not what was written") from None


def export_for(fingerprint: str, runtime: Runtime) -> Export:
    """The place of the export of this model for this runtime, there or not.

    Another version of anything that makes or runs it has another place.
    """
    made = {package: version(package) for package in _MAKERS}
    decides = json.dumps([_FORM, fingerprint, runtime.package, runtime.version, made])
    key = hashlib.sha256(decides.encode()).hexdigest()[:16]
    return Export(cache() / fingerprint[:16] / f"{runtime.name}-{key}")


def _vouched(path: Path, length: int, digest: str) -> bytes:
    """The bytes of a file. One of another length is not read, however long it is."""
    if size(path) != length:
        raise Damaged(f"{path}: not what was written")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(f"{path}: not what was written")
    return data
