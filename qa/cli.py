"""The command line."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import CitewellError, EncoderError, printable
from index.publish import KEEP
from qa import options
from qa.evaluation.commands import commands
from qa.export.commands import commands as exports
from qa.fetching import commands as fetching
from qa.options import Config, Json, Kb, Model, Version, found, settings
from qa.store.commands import commands as store_commands
from qa.terminal import complain, count, print_anything, progress_bar, say

if TYPE_CHECKING:
    from index.build import BuildReport
    from qa.answer import Answer
    from qa.settings import Settings

# The engine is imported inside each command: `citewell --help` has to answer at once.

cli = typer.Typer(
    help="Answers questions from your FAQs and articles, in verbatim quotes with citations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich takes a third of the time to --help
    pretty_exceptions_enable=False,
)
cli.add_typer(store_commands)
cli.add_typer(commands)
cli.add_typer(fetching)
cli.add_typer(exports)


@cli.callback()
def citewell(version: Version = False) -> None:
    """What may stand before a command."""


@cli.command()
def build(
    sources: Annotated[Path, typer.Argument(help="A folder of FAQs and articles, or one file.")],
    out: Annotated[Path | None, typer.Option(help="Where to put the knowledge base; kb.")] = None,
    model: Model = None,
    config: Config = None,
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Leave out what cannot be read, and say so.")
    ] = False,
    keep: Annotated[
        int, typer.Option(help="How many generations stay, to go back to.", min=1)
    ] = KEEP,
) -> None:
    """Make a knowledge base from a folder, encoding only what changed since the last time."""
    from index import build as building
    from index.backends import choice

    chosen = settings(config, kb=out, model=model)
    encoder = choice.open_encoder(chosen.model, chosen.backend, prepare=True, tell=complain)
    with progress_bar("Encoding") as progress:
        report = building.build(
            sources,
            chosen.kb,
            encoder,
            on_error="skip" if skip_errors or chosen.skip_errors else "fail",
            keep=keep,
            progress=progress,
        )
    _tell(report, chosen)


def _tell(report: "BuildReport", chosen: "Settings") -> None:
    from index.language import corpus_warning

    for problem in report.problems:
        complain(f"left out: {problem}")
    for name in report.ignored:
        complain(f"left out: {printable(name)}")
    for notice in report.notices:
        complain(notice)
    if warning := corpus_warning(report.language, chosen.model):
        complain(warning)
    entries = count(report.faq_entries, "FAQ entry", "FAQ entries")
    articles = count(report.articles, "article", "articles")
    out = len(report.problems) + len(report.ignored)
    left_out = f"; {out:,} left out" if out else ""
    say(f"{printable(str(chosen.kb))}: {entries} and {articles}{left_out}")
    passages = count(report.passages, "passage", "passages")
    changes = f"{report.unchanged:,} unchanged, {report.new:,} new, {report.removed:,} removed"
    same = f"nothing changed; {report.generation} still serves"
    say(f"{passages}: " + (f"{changes} ({report.generation})" if report.changed else same))


@cli.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question.")],
    kb: Kb = None,
    model: Model = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the wire form.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print how it was found.")] = False,
    server: Annotated[
        bool | None, typer.Option("--server/--no-server", help="Ask the server that runs here.")
    ] = None,
) -> None:
    """Print the answer to one question, or that the sources don't say."""
    import qa
    from qa import local, show

    chosen = settings(config, kb=kb, model=model, server=server)
    asked = " ".join(question)
    by_server = chosen.server and not explain
    if by_server and (given := local.asked(chosen.kb, chosen.model, chosen.backend, asked)):
        _print_answer(given, as_json)
        return
    answerer = qa.load(chosen.kb, model=chosen.model, backend=chosen.backend)
    if damage := answerer.knowledge.degraded:
        complain(f"citewell: damaged: {damage}")
    explained = answerer.explain(asked)
    _print_answer(explained.answer, as_json)
    if explain:
        say(show.explanation(explained), to_stderr=as_json)


def _print_answer(answer: "Answer", as_json: bool) -> None:
    from qa import show

    wire = json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) if as_json else ""
    say(wire or show.answer(answer))


@cli.command()
def serve(
    kb: Kb = None,
    model: Model = None,
    host: options.Host = None,
    port: options.Port = None,
    root_path: options.RootPath = None,
    allow_hosts: options.AllowHosts = None,
    allow_origins: options.AllowOrigins = None,
    allow_frames: options.AllowFrames = None,
    trusted_proxies: options.TrustedProxies = None,
    title: options.Title = None,
    contact: options.Contact = None,
    inspect: options.Inspect = None,
    mcp: options.Mcp = None,
    sources: options.Sources = None,
    watch: options.Watch = None,
    config: Config = None,
) -> None:
    """Serve the chat page, the widget and the API until interrupted."""
    in_force = found(**locals())  # each is named as its setting
    from qa.web import serving

    if in_force.exposed:
        complain(f"citewell: {in_force.exposed}")
    serving.serve(in_force.settings)


@cli.command("config")
def show_config(config: Config = None, as_json: Json = False) -> None:
    """Print every setting in force, and where it comes from."""
    from index.backends import choice
    from qa import in_force

    seen = in_force.read(file=config)
    if as_json:
        rows = {name: {"value": value, "from": place} for name, value, place in seen.rows()}
        say(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        say(seen.table())
        with suppress(EncoderError):  # the settings are what was asked for
            say(choice.standing(seen.settings.model, seen.settings.backend))


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


if __name__ == "__main__":
    main()
