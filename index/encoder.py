"""Turning text into vectors: the one door to sentence-transformers."""

import os.path
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.default_model import DEFAULT_MODEL
from index.errors import EncoderError, printable
from index.model_files import fingerprint_of, lossy, model_folder
from index.threads import threads_for

Vectors = NDArray[np.float32]
Role = Literal["query", "passage"]

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
    itself is loaded at the first text, not before. With `bf16` it computes in sixteen bits,
    which is another fingerprint.
    """

    def __init__(self, model: str = DEFAULT_MODEL, *, bf16: bool = False) -> None:
        self.name = Path(model).name if os.path.isdir(model) else model  # noqa: PTH112 - may raise
        self.folder = model_folder(model)
        self._options = {"dtype": "bfloat16"} if bf16 else {}
        self._loading = threading.Lock()
        self.fingerprint = fingerprint_of(self.folder, published=model == DEFAULT_MODEL)
        if bf16:
            self.name, self.fingerprint = lossy(self.name, self.fingerprint, "torch-bf16")

    @property
    def loaded(self) -> Any:
        """The sentence-transformers model, which is read when it is first asked for."""
        with self._loading:  # several first questions at once load it once
            return self._read

    @cached_property
    def _read(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # keep silent
        try:
            return SentenceTransformer(
                str(self.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, **self._options},
            )
        except Exception as error:  # what torch, transformers, safetensors raise is their own
            raise EncoderError(
                f"{self.folder}: this model could not be loaded ({printable(str(error))[:200]}); "
                "it needs to be a sentence-transformers folder with safetensors weights"
            ) from error

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """One unit-length row a question."""
        model = self.loaded
        with threads_for(len(questions)):
            return self._checked(model.encode_query(list(questions), **_OPTIONS))

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """One unit-length row a passage; text past the model's maximum length does not count."""
        return self._checked(self.loaded.encode_document(list(passages), **_OPTIONS))

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`. A model that tells no tokens apart gives each text as its one token."""
        model = self.loaded
        encode = model.encode_query if role == "query" else model.encode_document
        prompt = prompt_of(model, role)
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
        tokenizer: Any = getattr(self.loaded, "tokenizer", None)
        if not getattr(tokenizer, "is_fast", False):
            return np.empty((0, 2), np.int64)
        longest = self.loaded.max_seq_length
        options = {"truncation": longest is not None, "max_length": longest}
        found = tokenizer(text, return_offsets_mapping=True, **options)
        return np.array(found["offset_mapping"], np.int64).reshape(-1, 2)

    def _unit(self, vectors: Vectors) -> Vectors:
        return unit(self._checked(vectors))

    def _checked(self, vectors: Vectors) -> Vectors:
        if not np.isfinite(vectors).all():
            raise EncoderError(f"{self.name} gave a vector that is not finite; try another model")
        if not len(vectors):  # sentence-transformers gives no width then
            return np.empty((0, self.loaded.get_embedding_dimension()), np.float32)
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


def prompt_of(model: Any, role: Role) -> str:
    """What sentence-transformers puts before a text in this role."""
    prompts: dict[str, str] = model.prompts
    named = (prompts[name] for name in _PROMPTS[role] if name in prompts)
    return next(named, prompts.get(model.default_prompt_name or "", ""))


def unit(vectors: Vectors) -> Vectors:
    """Each row at unit length."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


def has_word(text: str) -> bool:
    """Whether a text holds a letter or a digit."""
    return any(map(str.isalnum, text))
