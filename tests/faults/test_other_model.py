"""A knowledge base is not read with another model, however little the two differ."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.encoder import SentenceTransformerEncoder
from index.errors import EncoderMismatch
from index.knowledge import Knowledge
from tests.faults.store import built
from tests.index.test_encoder import without_weights
from tests.keyword_encoder import KeywordEncoder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return without_weights(tmp_path / "model")


def edited(name: str, **fields: Any) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        path.write_text(json.dumps(json.loads(path.read_text()) | fields))

    return edit


def other_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"weightS")


def without_normalisation(folder: Path) -> None:
    path = folder / "modules.json"
    path.write_text(json.dumps(json.loads(path.read_text())[:-1]))


CHANGES: dict[str, Callable[[Path], None]] = {
    "weights": other_weights,
    "dimension": edited("config.json", hidden_size=768),
    "pooling": edited("1_Pooling/config.json", pooling_mode_cls_token=True),
    "normalisation": without_normalisation,
    "tokenizer": edited("tokenizer_config.json", do_lower_case=False),
    "maximum length": edited("sentence_bert_config.json", max_seq_length=128),
    "prompts": edited("config_sentence_transformers.json", prompts={"query": "Query: "}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_model_that_differs_is_refused_and_both_are_shown(
    model: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    first = SentenceTransformerEncoder(str(model))
    stub = KeywordEncoder("ferry", name=first.name)
    stub.fingerprint = first.fingerprint
    kb = built(tmp_path, with_encoder=stub)
    change(model)
    second = SentenceTransformerEncoder(str(model))
    with pytest.raises(EncoderMismatch, match="was built with model") as refused:
        Knowledge.load(kb, second)
    shown = re.findall(r"model \(([0-9a-f]{12})\)", str(refused.value))
    assert shown == [first.fingerprint[:12], second.fingerprint[:12]]
    assert shown[0] != shown[1]
