"""Which backend encodes, and making what it needs."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.backends import runtimes
from index.backends.exported import ExportedEncoder
from index.backends.runtimes import Runtime
from index.backends.shelf import Export, export_for
from index.default_model import DEFAULT_MODEL
from index.encoder import Encoder, SentenceTransformerEncoder
from index.errors import EncoderError
from index.user_cache import cache

Tell = Callable[[str], None]


def open_encoder(
    model: str = DEFAULT_MODEL,
    backend: str = "auto",
    *,
    prepare: bool = False,
    tell: Tell = lambda _: None,
) -> Encoder:
    """The encoder of a model on a backend; `tell` hears what the user should know, a line each.

    `auto` takes the best exact one whose export is there, or torch; with `prepare`, as for a build,
    the export is made where it is missing or damaged. A backend that is named makes its export at
    once. Raises EncoderError for a backend or model that cannot be used.
    """
    if backend == "torch-bf16":
        return SentenceTransformerEncoder(model, bf16=True)
    base = SentenceTransformerEncoder(model)
    if backend == "torch":
        return base
    chosen = _runtimes(backend)
    if prepare or backend != "auto":
        chosen = [runtime for runtime in chosen[:1] if _prepared(base, runtime, prepare, tell)]
    for runtime, export in _exported(base, chosen):
        return ExportedEncoder(base, runtime, export)
    return base


def standing(model: str, backend: str) -> str:
    """What this backend comes to here and now, for whoever looks at the settings."""
    if backend in ("torch", "torch-bf16"):
        return f"{backend}, as sentence-transformers runs it"
    base = SentenceTransformerEncoder(model)
    for runtime, export in _exported(base, _runtimes(backend)):
        return f"{runtime.name}, exported in {export.folder}"
    if not _writable(cache()):
        return f"torch: {cache()} cannot be written to; set XDG_CACHE_HOME to a folder that can"
    return "torch, until citewell build exports the model"


def _runtimes(backend: str) -> list[Runtime]:
    """Those that may run it, best first. Raises EncoderError."""
    return runtimes.automatic() if backend == "auto" else [runtimes.named(backend)]


def _exported(
    base: SentenceTransformerEncoder, chosen: Sequence[Runtime]
) -> Iterator[tuple[Runtime, Export]]:
    """Those of them whose export is there, with it."""
    for runtime in chosen:
        if (export := export_for(base.fingerprint, runtime)).there:
            yield runtime, export


def _prepared(
    base: SentenceTransformerEncoder, runtime: Runtime, prepare: bool, tell: Tell
) -> bool:
    """Whether the export is there, made now if need be. A build looks at every byte of it."""
    from index.backends.export import CannotExport, export

    place = export_for(base.fingerprint, runtime)
    if place.whole if prepare else place.there:
        return True
    tell(f"exporting {base.name} for {runtime.name}, once: some seconds")
    try:
        export(base, runtime, place)
    except CannotExport as reason:
        if not runtime.exact:
            told = f"{base.name} cannot run on {runtime.name}: {reason}; use backend torch"
            raise EncoderError(told) from None
        tell(f"{base.name} stays with torch, which is slower: {reason}")
        return False
    return True


def _writable(folder: Path) -> bool:
    """Whether a folder can be written to, or made."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK | os.X_OK)
