"""A graph in ONNX Runtime, and one in eight bits made from it."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_QUIET = 3  # errors alone


class Session:
    """Runs a graph on `threads` threads; several callers may at once."""

    def __init__(self, model: bytes, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = _QUIET
        # Threads that spin while they wait take the cores from whatever else runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        cpu = ["CPUExecutionProvider"]
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=cpu)

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """See `runtimes.Session`."""
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(hidden, np.float32)


def quantise(exact: Path, out: Path) -> None:
    """Write the graph with weights of eight bits, a scale for each column.

    Seven of the eight are used: processors without VNNI add up two products in sixteen bits.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(exact)
    # Else it prints advice to prepare the graph, which an export of torch's does not need.
    model.metadata_props.add(key="onnx.quant.pre_process", value="onnxruntime.quant")
    quantize_dynamic(model, out, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
