"""What a command prints: lines to standard output or error, and a bar while it works."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import Never

import typer

Progress = Callable[[int, int], None]  # done so far, of how many


def say(text: str, *, to_stderr: bool = False) -> None:
    """Print a line."""
    typer.echo(text, err=to_stderr)


def complain(text: str) -> None:
    """Print a line on standard error."""
    say(text, to_stderr=True)


def count(number: int, one: str, many: str) -> str:
    """`1 passage`, `43 passages`."""
    return f"{number:,} {one if number == 1 else many}"


def print_anything() -> None:
    """Have what the terminal's encoding lacks printed as an escape, and never fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def progress_bar(doing: str, unit: str = "texts") -> Iterator[Progress]:
    """A bar with rate and time left on standard error, drawn at the first report.

    What the first report says is done already does not count for the rate. Off a terminal there is
    none.
    """
    from tqdm import tqdm

    with ExitStack() as drawn:
        bar: tqdm[Never] | None = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            if bar is None:
                bar = tqdm(total=total, initial=done, desc=doing, unit=f" {unit}", disable=None)
                drawn.enter_context(bar)
            bar.update(done - bar.n)

        yield show
