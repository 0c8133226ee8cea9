"""The libraries that run an exported graph."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from index.backends import onnx, openvino
from index.backends.names import Backend
from index.encoder import Vectors
from index.errors import EncoderError


class Session(Protocol):
    """A graph that is loaded. Safe to run from several threads at once."""

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """The last hidden state (b, t, dim) of token ids (b, t), of which the mask leaves some."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A library, and how it runs a graph.

    `exact` ones give torch's vectors to 1e-5. `batch` is how many texts go together: with numbers
    of eight bits only one, for they share a scale and would change with their company.
    """

    name: Backend
    package: str
    install: str
    exact: bool
    batch: int
    open: Callable[[bytes, int], Session]

    @property
    def version(self) -> str:
        """Of the library; empty where it is not installed."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""

    def require(self) -> None:
        """Raise EncoderError where the library is missing."""
        if not self.version:
            raise EncoderError(
                f"backend {self.name} needs {self.package}, which is not installed; "
                f"run: .venv/bin/pip install {self.install}"
            )


_BATCH = 16  # of like lengths; more gain nothing on a CPU and cost memory

RUNTIMES = (
    Runtime("onnx", "onnxruntime", "onnxruntime", True, _BATCH, onnx.Session),
    Runtime("openvino", "openvino", "'.[openvino]'", True, _BATCH, openvino.in_f32),
    Runtime("onnx-int8", "onnxruntime", "onnxruntime", False, 1, onnx.Session),
    Runtime("openvino-bf16", "openvino", "'.[openvino]'", False, _BATCH, openvino.in_bf16),
)


def named(backend: str) -> Runtime:
    """The one of this name, installed. Raises EncoderError."""
    for runtime in RUNTIMES:
        if runtime.name == backend:
            runtime.require()
            return runtime
    raise EncoderError(f"{backend!r} is no backend; choose among {', '.join(get_args(Backend))}")


def automatic() -> list[Runtime]:
    """Those that are installed and give torch's vectors, best first."""
    return [runtime for runtime in RUNTIMES if runtime.exact and runtime.version]
