"""What a measurement was made on, and what a process holds in memory."""

import platform
import subprocess
from pathlib import Path


def memory(process: str = "self") -> dict[str, float]:
    """A process's memory in MB, as Linux tells it.

    `own` is its alone, `mapped` what it has mapped of files: the system takes that back at need,
    and processes share it. `resident` is both; `shared out` is own and its part of the mapped.
    """
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {
        name: int(rest.split()[0]) / 1024 for name, _, rest in (x.partition(":") for x in lines)
    }
    return {
        "resident": round(sizes["Rss"], 1),
        "own": round(sizes["Anonymous"], 1),
        "mapped": round(sizes["Rss"] - sizes["Anonymous"], 1),
        "shared out": round(sizes["Pss"], 1),
    }


def processor() -> str:
    """As Linux names it, else what the platform says."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def commit() -> str:
    """The commit that is checked out, with a + where files were changed since."""
    ran = [
        subprocess.run(["git", *asked], capture_output=True, text=True, check=False).stdout.strip()
        for asked in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "-uno"])
    ]
    return ran[0] + "+" * bool(ran[1]) or "none"
