import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.model
def test_building_asking_and_serving_reach_nobody(tmp_path: Path) -> None:
    # A process of its own, with nothing cached and nothing said to be offline: what is imported
    # counts as well, and no setting of this machine's keeps a library from calling out.
    ours = re.compile("(HF|GRADIO|TRANSFORMERS)_|.*_proxy$", re.IGNORECASE)
    settings = {name: value for name, value in os.environ.items() if not ours.match(name)}
    settings |= {"HF_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.offline", ROOT / "seeds", tmp_path / "kb"],
        capture_output=True, text=True, check=False, env=settings, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])

    # The guard holds …
    away = ["('192.0.2.1', 443)", "('192.0.2.1', 443)", "('192.0.2.1', 53)"]
    away += ["('example.org',)", "('192.0.2.1',)"]
    assert seen["proof"] == [f"offline: {place}" for place in away]
    assert seen["proved"] == away
    # … everything works behind it, and nothing leans on it.
    assert "Korean Berlin Wall" in seen["answer"]["text"]
    assert seen["served"] == [200, 200, 200]
    assert seen["tried"] == []
