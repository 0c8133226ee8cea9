"""One system, in a process and an environment of its own, that is told what to do line by line.

`benchmarks.peers` starts it as `python -m benchmarks.peer NAME MODEL`. Each system is set up as its
own documentation does it without a language model, with the same model folder on the CPU. A line
in, {"build": [[id, text], …]} or {"ask": question}; a line out, the seconds, the ids found, best
first, and the most memory so far.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

K = 10  # passages that a question is answered with
Passages = Sequence[tuple[str, str]]


class System(Protocol):
    """What is compared: passages in, the best of them for a question out."""

    def build(self, passages: Passages) -> None:
        """Take in these passages, an id and a text each."""

    def ask(self, question: str) -> list[str]:
        """The ids of what is found for a question, best first."""


class Txtai:
    """An embeddings database with its hybrid index, dense and BM25 weighted alike."""

    def __init__(self, model: str) -> None:
        embeddings = import_module("txtai").Embeddings
        self._found: Any = embeddings(path=model, hybrid=True, content=True, gpu=False)

    def build(self, passages: Passages) -> None:
        """See `System`."""
        self._found.index([(id_, text, None) for id_, text in passages])

    def ask(self, question: str) -> list[str]:
        """See `System`."""
        return [one["id"] for one in self._found.search(question, K)]


class Haystack:
    """A pipeline of BM25 and embedding retrievers, joined by reciprocal rank fusion."""

    def __init__(self, model: str) -> None:
        self._core: Any = import_module("haystack")
        memory = import_module("haystack.document_stores.in_memory")
        retrievers = import_module("haystack.components.retrievers.in_memory")
        joiners = import_module("haystack.components.joiners")
        embedders = _haystack_embedders()
        device = import_module("haystack.utils").ComponentDevice.from_str("cpu")
        self._store = memory.InMemoryDocumentStore(embedding_similarity_function="cosine")
        options = {"model": model, "device": device, "progress_bar": False}
        self._documents = embedders.SentenceTransformersDocumentEmbedder(**options)
        _warm(self._documents)
        pipeline = self._core.Pipeline()
        pipeline.add_component("embed", embedders.SentenceTransformersTextEmbedder(**options))
        dense = retrievers.InMemoryEmbeddingRetriever(self._store, top_k=K)
        pipeline.add_component("dense", dense)
        words = retrievers.InMemoryBM25Retriever(self._store, top_k=K)
        pipeline.add_component("words", words)
        join = joiners.DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K)
        pipeline.add_component("join", join)
        pipeline.connect("embed.embedding", "dense.query_embedding")
        pipeline.connect("dense", "join")
        pipeline.connect("words", "join")
        self._pipeline: Any = pipeline

    def build(self, passages: Passages) -> None:
        """See `System`."""
        documents = [self._core.Document(id=id_, content=text) for id_, text in passages]
        self._store.write_documents(self._documents.run(documents=documents)["documents"])

    def ask(self, question: str) -> list[str]:
        """See `System`."""
        given = {"embed": {"text": question}, "words": {"query": question}}
        return [one.id for one in self._pipeline.run(given)["join"]["documents"]]


def _haystack_embedders() -> Any:
    """They are in the core, or in a package of their own since version 3."""
    try:
        return import_module("haystack_integrations.components.embedders.sentence_transformers")
    except ModuleNotFoundError:
        return import_module("haystack.components.embedders")


def _warm(component: Any) -> None:
    """Load the model; newer ones do so by themselves."""
    if hasattr(component, "warm_up"):
        component.warm_up()


class LlamaIndex:
    """Vector and BM25 retrievers, fused by reciprocal rank; no question is generated."""

    def __init__(self, model: str) -> None:
        self._core: Any = import_module("llama_index.core")
        hugging = import_module("llama_index.embeddings.huggingface")
        self._model = hugging.HuggingFaceEmbedding(model_name=model, device="cpu")
        self._retriever: Any = None

    def build(self, passages: Passages) -> None:
        """See `System`."""
        nodes = import_module("llama_index.core.schema")
        made = [nodes.TextNode(id_=id_, text=text) for id_, text in passages]
        index = self._core.VectorStoreIndex(made, embed_model=self._model)
        words = import_module("llama_index.retrievers.bm25").BM25Retriever
        fusion = import_module("llama_index.core.retrievers").QueryFusionRetriever
        both = [
            index.as_retriever(similarity_top_k=K),
            words.from_defaults(nodes=made, similarity_top_k=K),
        ]
        silent = import_module("llama_index.core.llms").MockLLM()
        options = {"num_queries": 1, "mode": "reciprocal_rerank", "use_async": False}
        self._retriever = fusion(both, llm=silent, similarity_top_k=K, **options)

    def ask(self, question: str) -> list[str]:
        """See `System`."""
        return [one.node.node_id for one in self._retriever.retrieve(question)]


class Citewell:
    """A published knowledge base on disk, loaded; a question gets its whole answer with quotes."""

    def __init__(self, model: str) -> None:
        from index.backends.choice import open_encoder

        self._encoder = open_encoder(model, prepare=True)
        self._encoder.encode_passages(["ready?"] * 8)
        self._folder = tempfile.TemporaryDirectory()
        self._answerer: Any = None

    def build(self, passages: Passages) -> None:
        """See `System`."""
        from index.build import publish
        from index.documents import Block, Document
        from qa.opening import opened

        documents = [
            Document(id_, "article", "", text, "passages", (Block("paragraph", 0, len(text)),))
            for id_, text in passages
        ]
        kb = Path(self._folder.name) / "kb"
        publish(documents, kb, self._encoder, sources="passages")
        self._answerer = opened(kb, self._encoder)

    def ask(self, question: str) -> list[str]:
        """See `System`."""
        explained = self._answerer.explain(question)
        return [hit.passage.document_id for hit in explained.hits]


SYSTEMS: dict[str, Callable[[str], System]] = {
    "txtai": Txtai,
    "haystack": Haystack,
    "llamaindex": LlamaIndex,
    "citewell": Citewell,
}


def main(name: str, model: str) -> None:
    """Do what each line says, until there is none."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    started = time.perf_counter()
    system = SYSTEMS[name](model)
    out.write(json.dumps({"s": time.perf_counter() - started}) + "\n")
    for line in sys.stdin:
        told = json.loads(line)
        started = time.perf_counter()
        found: list[str] = []
        if "build" in told:
            system.build(told["build"])
        else:
            found = system.ask(told["ask"])
        taken = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        out.write(json.dumps({"s": taken, "found": found, "peak_mb": peak}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
