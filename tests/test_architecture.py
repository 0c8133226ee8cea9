"""Imports run one way, and each heavy library has one door."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    ROOT / "app.py",
    *sorted((ROOT / "qa").rglob("*.py")),
    *sorted((ROOT / "index").rglob("*.py")),
]

BELOW = {"app": {"qa", "index"}, "qa": {"index"}, "index": set[str]()}

DOORS = {
    "sentence_transformers": ["index/encoder.py"],
    "transformers": ["index/encoder.py"],
    "huggingface_hub": ["index/model_files.py"],
    "torch": ["index/backends/export.py"],
    "onnxruntime": ["index/backends/onnx.py"],
    "openvino": ["index/backends/openvino.py"],
    "tokenizers": ["index/backends/reading.py"],
    "defusedxml": ["index/fetch/sitemap.py", "index/readers/xlsx_sheet.py"],
    "trafilatura": ["index/fetch/main_text.py"],
    "selectolax": [
        "index/fetch/main_text.py",
        "index/fetch/page.py",
        "index/readers/html.py",
        "index/readers/markup.py",
    ],
    "faiss": ["index/store/faiss.py", "index/store/coded.py"],
    "bm25s": ["index/lexical.py"],
    "pypdf": ["index/readers/pdf.py", "index/readers/pdf_lines.py"],
    "docx": ["index/readers/docx.py", "index/readers/docx_text.py", "index/readers/docx_styles.py"],
    "openpyxl": ["index/readers/xlsx.py"],
    "gradio": ["qa/web/page.py"],
    "fastapi": ["qa/web/", "app.py"],
    "starlette": ["qa/web/", "app.py"],
    "pydantic_settings": ["qa/settings.py", "qa/in_force.py"],
    "uvicorn": ["qa/web/", "app.py"],
}


def imported(path: Path) -> Iterator[str]:
    """The first name of every module that a file imports, at its top or later."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield str(node.module).split(".")[0]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


IMPORTS = {(place(path), name) for path in FILES for name in imported(path)}


def test_imports_run_from_app_to_qa_to_index() -> None:
    upwards = {
        (file, name)
        for file, name in IMPORTS
        if name in BELOW
        and name != (room := file.removesuffix(".py").split("/")[0])
        and name not in BELOW[room]
    }
    assert upwards == set()


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_has_one_door(library: str) -> None:
    users = {file for file, name in IMPORTS if name == library}
    assert {file for file in users if not file.startswith(tuple(DOORS[library]))} == set()


@pytest.mark.parametrize("package", ["qa", "index"])
def test_importing_a_package_loads_no_heavy_library(package: str) -> None:
    code = f"import sys, {package}; print(sorted({set(DOORS)} & sys.modules.keys()))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
