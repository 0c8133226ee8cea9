"""Where the user's own files lie that can be made again."""

import os
from pathlib import Path


def cache() -> Path:
    """The user's folder for them; `XDG_CACHE_HOME` moves it."""
    moved = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(moved) if os.path.isabs(moved) else Path("~/.cache").expanduser()  # noqa: PTH117
    return home / "citewell"
