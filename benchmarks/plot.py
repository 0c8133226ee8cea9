"""The figures of benchmarks as bars, in SVG that follows the reader's colours.

python -m benchmarks.plot build.json start.json peers.json --out docs/images

Each file is what a benchmark wrote with `--json`; a picture for each of its `bars`. Text is text,
with a title and a description for whoever cannot see; nothing is loaded from elsewhere.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Annotated, Any

import typer

OURS = re.compile(r"^(citewell|build$|serve|ask)", re.IGNORECASE)
_WIDTH, _LEFT, _ROW, _TOP, _BOTTOM = 720, 245, 30, 56, 34
_BAR = 18  # of a row's height
_ROOM = 90  # behind the longest bar, for its figure
_STYLE = """
svg { color: #1c1c1c; background: #fff; font: 14px system-ui, sans-serif }
text { fill: currentColor } .quiet { opacity: .75; font-size: 12px } .head { font-weight: 600 }
rect { fill: #767676 } .ours { fill: #1a6f54 }
@media (prefers-color-scheme: dark) {
svg { color: #ededed; background: #161616 } rect { fill: #8f8f8f } .ours { fill: #4fbf97 } }
"""


def main(
    files: Annotated[list[Path], typer.Argument(help="What benchmarks wrote.")],
    out: Annotated[Path, typer.Option(help="Where to put the pictures.")] = Path("docs/images"),
) -> None:
    """Draw them, and print the name of each."""
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        told = json.loads(file.read_text("utf-8"))
        for bars in told["bars"]:
            name = re.sub(r"\W+", "-", f"{file.stem} {bars['title']}".lower()).strip("-")
            path = out / f"{name}.svg"
            path.write_text(picture(bars, told["conditions"]), "utf-8")
            print(path)


def picture(bars: Mapping[str, Any], where: Mapping[str, Any]) -> str:
    """One picture: a bar for each value, on one scale from 0."""
    values: dict[str, float] = bars["values"]
    height = _TOP + _ROW * len(values) + _BOTTOM
    title = f"{bars['title']}, {bars['unit']}"
    told = "; ".join(f"{name}: {_shown(value)}" for name, value in values.items())
    origin = f"{where['machine'].split(',')[0]}, {where['cores']} cores, {where['date']}, " \
             f"commit {where['commit']}"  # fmt: skip
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(told)}. {escape(origin)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="head" x="16" y="30">{escape(title)}</text>',
        *_rows(values),
        f'<text class="quiet" x="16" y="{height - 12}">{escape(origin)}</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rows(values: Mapping[str, float]) -> Iterator[str]:
    scale = (_WIDTH - _LEFT - _ROOM) / max(*values.values(), 1e-9)
    for number, (name, value) in enumerate(values.items()):
        middle = _TOP + _ROW * number + _BAR / 2
        wide = max(1.0, value * scale)
        ours = ' class="ours"' if OURS.search(name) else ""
        yield f'<text x="{_LEFT - 10}" y="{middle + 5:g}" text-anchor="end">{escape(name)}</text>'
        yield (
            f'<rect{ours} x="{_LEFT}" y="{middle - _BAR / 2:g}" width="{wide:.1f}" '
            f'height="{_BAR}" rx="2"/>'
        )
        yield f'<text x="{_LEFT + wide + 8:.1f}" y="{middle + 5:g}">{_shown(value)}</text>'


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    typer.run(main)
