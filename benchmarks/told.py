"""What every measurement says of itself: the machine, the day, the commit; a table and a file."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import commit, processor

Row = Mapping[str, str | float]


def conditions(**counts: object) -> dict[str, object]:
    """Where and when this runs; `counts` say of what."""
    return {
        "machine": f"{processor()}, {platform.platform()}, Python {platform.python_version()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),  # when it ended: what else the machine did
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit(),
        **counts,
    }


def tell(
    title: str, rows: Sequence[Row], to: Path | None, where: Mapping[str, object], **more: Any
) -> None:
    """Print the table, and write it to a file of JSON where one is named."""
    print(f"{title}\n{', '.join(f'{name} {value}' for name, value in where.items())}\n")
    names = list(dict.fromkeys(name for row in rows for name in row))
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(_shown(row.get(name, "")) for name in names) + " |")
    if to:
        told = {"title": title, "conditions": where, "rows": list(rows), **more}
        to.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _shown(value: str | float) -> str:
    if isinstance(value, str):
        return value
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}" if abs(value) >= 0.01 or not value else f"{value:.0e}"
