"""The command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from index.default_model import DEFAULT_MODEL
from index.errors import CitewellError, printable
from qa.evaluation.commands import commands
from qa.terminal import complain, count, print_anything, progress_bar, say

# The engine is imported inside each command: `citewell --help` has to answer at once.

DEFAULT_KB = Path("kb")

cli = typer.Typer(
    help="Answers questions from your FAQs and articles, in verbatim quotes with citations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich takes a third of the time to --help
    pretty_exceptions_enable=False,
)
cli.add_typer(commands)

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
    from index.language import corpus_warning

    with progress_bar("Encoding") as progress:
        report = building.build(
            sources,
            out,
            SentenceTransformerEncoder(model),
            on_error="skip" if skip_errors else "fail",
            progress=progress,
        )
    for problem in report.problems:
        complain(f"left out: {problem}")
    for name in report.ignored:
        complain(f"left out: {printable(name)}")
    if warning := corpus_warning(report.language, model):
        complain(warning)
    entries = count(report.faq_entries, "FAQ entry", "FAQ entries")
    articles = count(report.articles, "article", "articles")
    say(f"{printable(str(out))}: {entries} and {articles}")
    passages = count(report.passages, "passage", "passages")
    changes = f"{report.unchanged:,} unchanged, {report.new:,} new, {report.removed:,} removed"
    say(f"{passages}: {changes} ({report.generation})")


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
        say(json.dumps(explained.answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        say(show.answer(explained.answer))
    if explain:
        say(show.explanation(explained), to_stderr=as_json)


@cli.command()
def serve(
    kb: Kb = DEFAULT_KB,
    model: Model = DEFAULT_MODEL,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 7860,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A name the site is reached by; may be repeated.")
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Another site whose pages may ask, as https://host; may be repeated."),
    ] = None,
    trust_proxy: Annotated[
        list[str] | None,
        typer.Option(help="A proxy's address, to believe its X-Forwarded-For; may be repeated."),
    ] = None,
) -> None:
    """Serve the chat page until interrupted."""
    from qa.web import serving

    serving.serve(kb, host, port, model, allow_host or (), allow_origin or (), trust_proxy or ())


@cli.command()
def status(
    kb: Kb = DEFAULT_KB,
) -> None:
    """Say what a knowledge base was built from, and whether its calibration still fits."""
    from index import generation
    from qa import show
    from qa.calibration import stored

    say(show.status(kb, generation.read_manifest(kb), stored(kb)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every failure is one line on standard error and an exit code.

    `arguments` are those after the program's name; None for those it was started with.
    """
    print_anything()
    try:
        cli(arguments)
    except CitewellError as error:
        for problem in getattr(error, "problems", ()):
            complain(str(problem))
        complain(f"citewell: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
