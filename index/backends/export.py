"""Making an export from the model's own weights, and holding it against torch."""

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from index.backends import onnx
from index.backends.exported import ExportedEncoder
from index.backends.reading import Recipe
from index.backends.runtimes import Runtime
from index.backends.shelf import GRAPH, MANIFEST, RECIPE, TOKENIZER, Export
from index.disk import inventory, sync_tree
from index.encoder import SentenceTransformerEncoder, prompt_of

TOLERANCE = 1e-5  # of a value of a unit vector, for a backend that is exact
_ALIKE = 0.95  # the least cosine of a lossy one
_OPSET = 17

# Lengths from none to more than any model reads, several scripts, what is no word.
PROBES = (
    "", "?", "How wide is the zone?", "The zone is four kilometres wide, and has been since 1953.",
    "Wo liegt die Grenze?", "Où est la frontière ?", "国境はどこですか。", "أين تقع الحدود؟",
    "naïve CAFÉ – 3.5 % 🙂", "a\tb\n\nc", "Ferries leave at nine; fog may hold them. " * 3,
    "Every traveller needs a permit, however short the visit. " * 60,
)  # fmt: skip

_ALONE = 5  # of them, the short ones first, are read alone too, as a question is


class CannotExport(Exception):
    """A model that stays with torch, or a place that nothing can be written to. Says why."""


def export(torch: SentenceTransformerEncoder, runtime: Runtime, out: Export) -> None:
    """Make the export, check it and put it in its place, whole or not at all.

    Raises CannotExport; EncoderError where the model itself cannot be loaded.
    """
    recipe = recipe_of(torch.loaded)
    try:
        out.folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.folder.parent, prefix="new-") as room:
            made = Path(room) / "export"
            made.mkdir()
            _write(torch.loaded, recipe, runtime, made)
            check(torch, runtime, Export(made))
            sync_tree(made)
            _publish(made, out.folder)
    except OSError as error:
        place = error.filename or out.folder
        raise CannotExport(f"{place}: {(error.strerror or str(error)).lower()}") from None


def recipe_of(model: Any) -> Recipe:
    """What is done around the graph of a sentence-transformers model. Raises CannotExport."""
    parts = [(type(part).__module__.split(".")[0], type(part).__name__) for part in model]
    plain = [("sentence_transformers", name) for name in ("Transformer", "Pooling", "Normalize")]
    if parts not in (plain, plain[:2]):
        names = ", ".join(name for _, name in parts)
        raise CannotExport(f"it is made of {names}; Transformer and Pooling are exported")
    pooling, tokenizer = model[1], model.tokenizer
    if pooling.pooling_mode not in ("mean", "cls") or not pooling.include_prompt:
        raise CannotExport(f"its pooling is {pooling.pooling_mode}; mean and cls are exported")
    sides = getattr(tokenizer, "padding_side", ""), getattr(tokenizer, "truncation_side", "")
    if not getattr(tokenizer, "is_fast", False) or sides != ("right", "right"):
        raise CannotExport("its tokenizer is not a fast one that pads and cuts at the end")
    return Recipe(
        longest=model.max_seq_length,
        padding=tokenizer.pad_token_id or 0,
        pooling=pooling.pooling_mode,
        dim=model.get_embedding_dimension(),
        query=prompt_of(model, "query"),
        passage=prompt_of(model, "passage"),
    )


def check(torch: SentenceTransformerEncoder, runtime: Runtime, made: Export) -> float:
    """The largest difference to torch, alone and in company. Raises CannotExport beyond bounds."""
    encoder = ExportedEncoder(torch, runtime, made)
    wanted = torch.embed(PROBES, "passage")
    alone = [encoder.embed([text], "passage")[0] for text in PROBES[:_ALONE]]
    apart = 0.0
    for found in (encoder.embed(PROBES, "passage"), alone):
        for one, other in zip(found, wanted, strict=False):
            if one.spans.tolist() != other.spans.tolist():
                raise CannotExport(f"{runtime.name} reads other tokens than torch")
            if one.vector @ other.vector < _ALIKE:
                raise CannotExport(f"{runtime.name} gives other vectors than torch")
            pairs = (one.vector, other.vector), (one.tokens, other.tokens)
            apart = max(apart, *(float(np.abs(a - b).max(initial=0)) for a, b in pairs))
    if runtime.exact and apart > TOLERANCE:
        raise CannotExport(f"{runtime.name} is off torch's vectors by {apart:.1e}")
    return apart


def _write(model: Any, recipe: Recipe, runtime: Runtime, folder: Path) -> None:
    graph = folder / GRAPH
    _trace(model[0].auto_model, graph)
    if runtime.name == "onnx-int8":
        onnx.quantise(graph, folder / "small.onnx")
        (folder / "small.onnx").replace(graph)
    (folder / TOKENIZER).write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
    (folder / RECIPE).write_text(recipe.to_json(), "ascii")
    (folder / MANIFEST).write_text(json.dumps(inventory(folder)), "ascii")


def _trace(model: Any, out: Path) -> None:
    """Write what the model computes of ids and mask. Raises CannotExport for one that cannot."""
    import torch

    class LastHidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.model(input_ids=ids, attention_mask=mask).last_hidden_state

    names = ["input_ids", "attention_mask", "last_hidden_state"]
    ids = torch.tensor([[1, 2, 3, 4, 5], [1, 2, 3, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    kind = model.config._attn_implementation
    try:
        model.set_attn_implementation("eager")  # a plainer graph, which runs faster
        with warnings.catch_warnings(), torch.no_grad():
            # The tracer warns of each value that it keeps; the check tells what is wrong.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                LastHidden().eval(),
                (ids, mask),
                str(out),
                input_names=names[:2],
                output_names=names[2:],
                dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
                opset_version=_OPSET,
                dynamo=False,  # takes a sixth of the time, and neither graph runs faster
            )
    except OSError:
        raise
    except Exception as error:  # whatever the exporter stumbles on
        raise CannotExport(f"torch cannot export it ({type(error).__name__})") from error
    finally:
        model.set_attn_implementation(kind)


def _publish(made: Path, place: Path) -> None:
    """Rename. What stands there is damaged, or another process has just made the same."""
    if place.exists():
        place.rename(made.with_name("before"))
    try:
        made.rename(place)
    except OSError:
        if not Export(place).there:
            raise
