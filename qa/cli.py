"""The command line: `citewell build`, `citewell ask`, `citewell serve`."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from index.default_model import DEFAULT_MODEL
from index.errors import BuildError, CitewellError, printable

if TYPE_CHECKING:
    from index.build import Progress

# The engine is imported inside each command: `citewell --help` has to answer at once.

DEFAULT_KB = Path("kb")

cli = typer.Typer(
    help="Answers questions from your FAQs and articles, in verbatim quotes with citations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich takes a third of the time to --help
    pretty_exceptions_enable=False,
)

Kb = Annotated[Path, typer.Option("--kb", help="The knowledge base's folder.")]
Model = Annotated[str, typer.Option(help="A sentence-transformers model: its folder or name.")]


@cli.command()
def build(
    sources: Annotated[Path, typer.Argument(help="A folder of FAQs and articles, or one file.")],
    out: Annotated[Path, typer.Option(help="Where to put the knowledge base.")] = DEFAULT_KB,
    model: Model = DEFAULT_MODEL,
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Leave out what cannot be read, and say so.")
    ] = False,
) -> None:
    """Make a knowledge base from a folder, encoding only what changed since the last time."""
    from index import build as building
    from index.encoder import SentenceTransformerEncoder

    with progress_bar("Encoding") as progress:
        report = building.build(
            sources,
            out,
            SentenceTransformerEncoder(model),
            on_error="skip" if skip_errors else "fail",
            progress=progress,
        )
    for problem in report.problems:
        _complain(f"left out: {problem}")
    for name in report.ignored:
        _complain(f"left out: {printable(name)}")
    entries = _count(report.faq_entries, "FAQ entry", "FAQ entries")
    articles = _count(report.articles, "article", "articles")
    _say(f"{printable(str(out))}: {entries} and {articles}")
    passages = _count(report.passages, "passage", "passages")
    changes = f"{report.unchanged:,} unchanged, {report.new:,} new, {report.removed:,} removed"
    _say(f"{passages}: {changes} ({report.generation})")


@cli.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question.")],
    kb: Kb = DEFAULT_KB,
    model: Model = DEFAULT_MODEL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the wire form.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print how it was found.")] = False,
) -> None:
    """Print the answer to one question, or that the sources don't say."""
    import qa
    from qa import show

    explained = qa.load(kb, model=model).explain(" ".join(question))
    if as_json:
        _say(json.dumps(explained.answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        _say(show.answer(explained.answer))
    if explain:
        _say(show.explanation(explained), to_stderr=as_json)


@cli.command()
def serve(
    kb: Kb = DEFAULT_KB,
    model: Model = DEFAULT_MODEL,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 7860,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A name the site is reached by; may be repeated.")
    ] = None,
) -> None:
    """Serve the chat page until interrupted."""
    from qa.web import serving

    serving.serve(kb, host, port, model, allow_host or ())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every failure is one line on standard error and an exit code.

    `arguments` are those after the program's name; None for those it was started with.
    """
    _print_anything()
    try:
        cli(arguments)
    except BuildError as error:
        for problem in error.problems:
            _complain(str(problem))
        _fail(error)
    except CitewellError as error:
        _fail(error)
    except KeyboardInterrupt:
        sys.exit(130)


def _print_anything() -> None:
    """Have what the terminal's encoding lacks printed as an escape, and never fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _fail(error: CitewellError) -> None:
    _complain(f"citewell: {error}")
    sys.exit(error.exit_code)


def _say(text: str, *, to_stderr: bool = False) -> None:
    typer.echo(text, err=to_stderr)


def _complain(text: str) -> None:
    typer.echo(text, err=True)


@contextmanager
def progress_bar(doing: str) -> "Iterator[Progress]":
    """A bar on standard error, drawn at the first report; none off a terminal."""
    from tqdm import tqdm

    with ExitStack() as drawn:
        bar: tqdm[Never] | None = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            if bar is None:
                bar = tqdm(total=total, desc=doing, unit=" texts", disable=None)
                drawn.enter_context(bar)
            bar.update(done - bar.n)

        yield show
