"""A graph in OpenVINO."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError


class Session:
    """Runs a graph on `threads` threads; several callers may at once, each with a thread."""

    def __init__(self, model: bytes, threads: int, streams: int, precision: str) -> None:
        import openvino

        core = openvino.Core()
        if precision == "bf16" and "BF16" not in core.get_property("CPU", _CAPABILITIES):
            raise EncoderError(
                "backend openvino-bf16: this processor has no bf16; "
                "use backend openvino, which computes in 32 bits"
            )
        options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams,
            "INFERENCE_PRECISION_HINT": precision,
        }
        self._model: Any = core.compile_model(core.read_model(io.BytesIO(model)), "CPU", options)

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """See `runtimes.Session`."""
        request = self._model.create_infer_request()  # one serves a single caller
        request.infer({"input_ids": ids, "attention_mask": mask})
        return np.array(request.get_output_tensor().data, np.float32)


_CAPABILITIES = "OPTIMIZATION_CAPABILITIES"


def in_f32(model: bytes, threads: int) -> Session:
    """In 32 bits, also where the processor has fewer at hand."""
    return _open(model, threads, "f32")


def in_bf16(model: bytes, threads: int) -> Session:
    """In sixteen bits. Raises EncoderError where the processor has no such numbers."""
    return _open(model, threads, "bf16")


def _open(model: bytes, threads: int, precision: str) -> Session:
    """One thread a caller where that is asked for, and as many callers as there are cores."""
    from index.threads import most

    streams = most() if threads == 1 else 1
    return Session(model, max(threads, streams), streams, precision)
