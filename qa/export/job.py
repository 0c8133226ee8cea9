"""An export, from the generation that serves to a file that is whole or not there."""

import json
from pathlib import Path

from index import generation
from index.disk import replace
from index.documents import Document
from index.errors import ExportError, KnowledgeBaseDamaged
from qa.export import lines, pages, products
from qa.export.written import Writer

FORMATS: dict[str, Writer] = {
    "jsonl": lines.jsonl,
    "csv": lines.table,
    "json-ld": pages.json_ld,
    "html": pages.html,
    "markdown": pages.markdown,
    "qnamaker": products.qnamaker,
    "qnabot": products.qnabot,
}

_DOCUMENTS = "documents.jsonl"


def served_documents(folder: Path) -> tuple[list[Document], str]:
    """The documents of the generation that serves at `folder`, every file of it checked.

    The second value says which damage keeps a newer one from serving; else it is empty.
    """
    manifest, degraded = generation.serving(folder)
    path = folder / manifest.generation / _DOCUMENTS
    try:
        found = path.read_text("utf-8").split("\n")
        return [Document.from_dict(json.loads(line)) for line in found if line], degraded
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeBaseDamaged(path, f"holds no documents: {error}", folder) from error


def check_place(out: Path) -> None:
    """Raise ExportError where `out` is a folder, or anything else that is no file."""
    if out.is_dir():
        raise ExportError(f"{out}: this is a folder; name a file in it")
    if out.exists() and not out.is_file():
        raise ExportError(f"{out}: this is no regular file; name another, or - for standard output")


def write(out: Path, data: bytes) -> None:
    """Put `data` in the place of a file: the old or the new is there, nothing between."""
    place = out.resolve()  # where `out` is a link, what it leads to is written, not the link
    try:
        replace(place, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{out}: cannot be written ({reason}); name another place") from None
