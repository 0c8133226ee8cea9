"""A model of four megabytes, with the default one's tokenizer, made here in a second."""

import json
import shutil
from pathlib import Path

from tests.index.test_encoder import packaged

DIM = 32


def tiny_model(folder: Path) -> Path:
    """A BERT of two layers with random weights, always the same, mean pooling and unit length."""
    import torch
    from transformers import BertConfig, BertModel

    shutil.copytree(packaged(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(
        json.dumps(json.loads(pooling.read_text()) | {"word_embedding_dimension": DIM})
    )
    config = json.loads((folder / "config.json").read_text())
    small = {"hidden_size": DIM, "intermediate_size": 64}
    small |= {"num_hidden_layers": 2, "num_attention_heads": 2}
    with torch.random.fork_rng():
        torch.manual_seed(7)
        BertModel(BertConfig(**config | small)).save_pretrained(folder)
    return folder
