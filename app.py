"""Serve Citewell: `python app.py --kb kb` is `citewell serve --kb kb`.

On a hosted Gradio Space, which runs this file without arguments, it also builds what it serves.
"""

import os
import sys
from pathlib import Path

from qa.cli import main

# What a Space wants: to be reached at its port through the host's proxy, in the host's frame. Its
# own variables go first.
SPACE = {
    "CITEWELL_HOST": "0.0.0.0",  # noqa: S104 (a container that only the host's proxy reaches)
    "CITEWELL_PORT": "7860",
    "CITEWELL_ALLOW_FRAMES": "https://huggingface.co",
    "CITEWELL_TRUSTED_PROXIES": "10.0.0.0/8",
}
SOURCES = Path(__file__).with_name("seeds")


def serve_on_a_space() -> None:
    """Build a knowledge base of `seeds/`, or of what the variable SOURCES names, and serve it."""
    for name, value in SPACE.items():
        os.environ.setdefault(name, value)
    try:
        main(["build", os.environ.get("SOURCES") or str(SOURCES)])
    except SystemExit as end:  # how a command ends
        if end.code:
            raise
    main(["serve"])


if __name__ == "__main__":
    if "SPACE_ID" in os.environ:
        serve_on_a_space()
    else:
        main(["serve", *sys.argv[1:]])
