"""An exported model gives torch's vectors without torch, or torch does the work."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.backends import choice, runtimes
from index.backends import export as exporting
from index.backends.choice import open_encoder
from index.backends.export import CannotExport, recipe_of
from index.backends.exported import ExportedEncoder
from index.backends.shelf import GRAPH, MANIFEST, Damaged, Export, export_for
from index.build import build
from index.encoder import Embedded, SentenceTransformerEncoder
from index.errors import EncoderError
from index.user_cache import cache
from tests.index.tiny_model import DIM, tiny_model

ONNX = runtimes.named("onnx")
TEXTS = (
    "How wide is the zone?",
    "The zone is four kilometres wide, and has been since 1953.",
    "Wo liegt die Grenze? 国境 🙂",
    "",
    "A permit is needed. " * 80,  # more than the model reads
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small one, which is exported in a second."""
    return str(tiny_model(tmp_path_factory.mktemp("model") / "tiny"))


@pytest.fixture(scope="module")
def torch(model: str) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(model)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, torch: SentenceTransformerEncoder) -> Path:
    """A cache folder in which the small model is exported for ONNX Runtime."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        exporting.export(torch, ONNX, export_for(torch.fingerprint, ONNX))
    return folder


@pytest.fixture
def here(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder is the user's, and OpenVINO is not installed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shelf))
    monkeypatch.setattr(runtimes, "RUNTIMES", (ONNX,))
    return shelf


@pytest.fixture(scope="module")
def exported(shelf: Path, torch: SentenceTransformerEncoder) -> ExportedEncoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shelf))
        return ExportedEncoder(torch, ONNX, export_for(torch.fingerprint, ONNX))


def same(found: Embedded, wanted: Embedded, atol: float) -> None:
    assert found.spans.tolist() == wanted.spans.tolist()
    np.testing.assert_allclose(found.vector, wanted.vector, atol=atol, rtol=0)
    np.testing.assert_allclose(found.tokens, wanted.tokens, atol=atol, rtol=0)


def damaged(shelf: Path, tmp_path: Path, name: str) -> Path:
    """A copy of the cache in which one byte of this file is another."""
    copy = tmp_path / "cache"
    shutil.copytree(shelf, copy)
    (path,) = copy.rglob(name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return copy


def alike(exported: ExportedEncoder, torch: SentenceTransformerEncoder) -> None:
    for found, wanted in zip(
        exported.embed(TEXTS, "passage"), torch.embed(TEXTS, "passage"), strict=True
    ):
        same(found, wanted, 1e-5)
    np.testing.assert_allclose(
        exported.encode_queries(TEXTS), torch.encode_queries(TEXTS), atol=1e-5, rtol=0
    )
    assert (exported.name, exported.fingerprint) == (torch.name, torch.fingerprint)


@pytest.mark.model
def test_a_build_exports_the_default_model_with_torchs_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(runtimes, "RUNTIMES", (ONNX,))
    told: list[str] = []

    encoder = open_encoder(prepare=True, tell=told.append)

    assert told == ["exporting all-MiniLM-L6-v2 for onnx, once: some seconds"]
    assert isinstance(encoder, ExportedEncoder)
    alike(encoder, SentenceTransformerEncoder())


class TestExported:
    def test_vectors_tokens_and_spans_are_those_of_torch(
        self, exported: ExportedEncoder, torch: SentenceTransformerEncoder
    ) -> None:
        alike(exported, torch)

    def test_a_text_alone_and_in_company_is_the_same(self, exported: ExportedEncoder) -> None:
        together = exported.embed(TEXTS, "query")
        for text, wanted in zip(TEXTS, together, strict=True):
            same(exported.embed([text], "query")[0], wanted, 1e-6)

    def test_eight_threads_get_what_one_gets(self, exported: ExportedEncoder) -> None:
        wanted = exported.encode_queries(TEXTS[:3])

        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: exported.encode_queries(TEXTS[:3]), range(16)))

        assert all(np.array_equal(one, wanted) for one in found)

    def test_no_text_gives_no_row(self, exported: ExportedEncoder) -> None:
        assert exported.encode_passages([]).shape == (0, DIM)
        assert exported.embed([], "query") == []

    def test_auto_takes_the_export_that_is_there(self, here: Path, model: str) -> None:
        encoder = open_encoder(model)

        assert isinstance(encoder, ExportedEncoder)
        assert encoder.backend == "onnx"
        assert choice.standing(model, "auto").startswith(f"onnx, exported in {here}")

    @pytest.mark.usefixtures("here")
    def test_neither_torch_nor_transformers_is_loaded(
        self, tmp_path: Path, model: str, torch: SentenceTransformerEncoder
    ) -> None:
        (tmp_path / "faq.md").write_text("## When does the ferry leave?\n\nIt leaves at nine.\n")
        build(tmp_path, tmp_path / "kb", torch)
        arguments = ["ask", "When does the ferry leave?", "--kb", str(tmp_path / "kb")]
        arguments += ["--model", model]
        code = (
            f"import sys; from qa.cli import cli; cli({arguments!r}, standalone_mode=False); "
            "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'}; "
            "print(sorted(heavy & sys.modules.keys()), 'onnxruntime' in sys.modules)"
        )

        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )

        assert ran.stderr == ""
        assert ran.stdout.splitlines()[-1] == "[] True"
        assert "It leaves at nine." in ran.stdout  # built with torch, asked without

    def test_a_file_of_another_length_is_not_read(self, here: Path, tmp_path: Path) -> None:
        (folder,) = damaged(here, tmp_path, GRAPH).rglob("onnx-*")
        with (folder / GRAPH).open("ab") as graph:
            graph.truncate(10**12)  # sparse; no memory holds it

        with pytest.raises(Damaged, match=r"model\.onnx: not what was written$"):
            Export(folder).read()

    @pytest.mark.parametrize("name", [GRAPH, "tokenizer.json", "recipe.json", MANIFEST])
    def test_a_byte_that_changed_leaves_the_work_to_torch(
        self,
        here: Path,
        name: str,
        tmp_path: Path,
        torch: SentenceTransformerEncoder,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(damaged(here, tmp_path, name)))
        export = export_for(torch.fingerprint, ONNX)
        encoder = ExportedEncoder(torch, ONNX, export)

        found = encoder.encode_queries(TEXTS[:2])

        assert export.there
        assert not export.whole
        assert np.array_equal(found, torch.encode_queries(TEXTS[:2]))

    def test_models_of_other_parts_stay_with_torch(self, torch: SentenceTransformerEncoder) -> None:
        from sentence_transformers.sentence_transformer.modules import Pooling

        transformer, _, normalize = list(torch.loaded)
        with pytest.raises(CannotExport, match="its pooling is max; mean and cls are exported"):
            recipe_of(Parts(torch, transformer, Pooling(DIM, pooling_mode="max"), normalize))
        complaint = "it is made of Transformer; Transformer and Pooling are exported"
        with pytest.raises(CannotExport, match=complaint):
            recipe_of(Parts(torch, transformer))


class Parts(list[object]):
    """A model of these parts; for all else the one it was taken from."""

    def __init__(self, torch: SentenceTransformerEncoder, *parts: object) -> None:
        super().__init__(parts)
        self.tokenizer = torch.loaded.tokenizer


def test_without_an_export_auto_is_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert isinstance(open_encoder(), SentenceTransformerEncoder)
    assert choice.standing("all-MiniLM-L6-v2", "auto") == (
        "torch, until citewell build exports the model"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_leaves_a_build_with_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(runtimes, "RUNTIMES", (ONNX,))
    monkeypatch.setattr(exporting, "recipe_of", lambda _: None)
    monkeypatch.setattr(SentenceTransformerEncoder, "loaded", None)
    told: list[str] = []

    encoder = open_encoder(prepare=True, tell=told.append)

    assert isinstance(encoder, SentenceTransformerEncoder)
    assert told[-1] == (
        "all-MiniLM-L6-v2 stays with torch, which is slower: "
        f"{export_for(encoder.fingerprint, ONNX).folder.parent}: not a directory"
    )


def test_a_backend_that_is_not_installed_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = runtimes.Runtime("onnx", "no-such-package", "onnxruntime", True, 1, ONNX.open)
    monkeypatch.setattr(runtimes, "RUNTIMES", (missing,))

    complaint = "needs no-such-package, .*; run: [.]venv/bin/pip install onnxruntime$"
    with pytest.raises(EncoderError, match=complaint):
        open_encoder(backend="onnx")


def test_a_lossy_backend_is_another_model(torch: SentenceTransformerEncoder, model: str) -> None:
    small = ExportedEncoder(torch, runtimes.named("onnx-int8"), Export(Path("none")))
    half = SentenceTransformerEncoder(model, bf16=True)

    assert (small.name, half.name) == ("tiny on onnx-int8", "tiny on torch-bf16")
    assert len({torch.fingerprint, small.fingerprint, half.fingerprint}) == 3
    with pytest.raises(EncoderError, match=r"none/manifest\.json: no such file"):
        small.encode_queries(["Hello?"])


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache() == tmp_path / ".cache" / "citewell"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache() == tmp_path / ".cache" / "citewell"
