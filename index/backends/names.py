"""The names that the setting `backend` may have; the settings need no more of them."""

from typing import Literal

Backend = Literal["auto", "torch", "torch-bf16", "onnx", "onnx-int8", "openvino", "openvino-bf16"]
