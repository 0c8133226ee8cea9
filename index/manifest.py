"""What a generation says of itself: of what it was built, with which model, in which files."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

# Of the files, and of all that decides what stands in them: raise it when passages are split, or
# words counted, in another way, so that the next build starts afresh.
SCHEMA = 4


class OtherSchema(ValueError):
    """The manifest is of a version of Citewell whose files this one cannot read."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: what it was built from, with which encoder, and each file's digest.

    `corpus` is the SHA-256 of all documents and synonyms, `encoder` and `fingerprint` name the
    model, `dim` is the width of a vector, `language` that of most documents (ISO 639-1), `built`
    is UTC in ISO 8601; `counts` holds documents, passages, sentences and questions; `searches` says
    how passages and questions are searched (`index.store.choice.Search`). `files` maps a path in
    the generation to its size in bytes and SHA-256.
    """

    generation: str
    schema: int
    built: str
    sources: str
    corpus: str
    encoder: str
    fingerprint: str
    dim: int
    language: str
    counts: dict[str, int]
    searches: dict[str, dict[str, Any]]
    files: dict[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """The SHA-256 of all of it, and so of every file of the generation."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """As written to manifest.json, stable from build to build."""
        return json.dumps({**asdict(self), "digest": self.digest}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest that `to_json` wrote, to the letter.

        Raises OtherSchema, or ValueError, KeyError or TypeError for any other text.
        """
        record: dict[str, Any] = json.loads(text)
        if record["schema"] != SCHEMA:
            raise OtherSchema(
                f"was made by another version of Citewell (schema {record['schema']}, this one "
                f"reads {SCHEMA})"
            )
        del record["digest"]
        files = {name: (int(size), str(digest)) for name, (size, digest) in record["files"].items()}
        manifest = cls(**{**record, "files": files})
        if not files:
            raise ValueError("names no files")
        if manifest.to_json() != text:
            raise ValueError("was altered since it was written")
        return manifest
