"""`citewell export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.options import Config, Kb, settings
from qa.terminal import complain, count

# The engine is imported inside the command: `citewell --help` has to answer at once.

commands = typer.Typer()


class Format(StrEnum):
    """The names of `job.FORMATS`, spelled out so that `--help` loads none of them."""

    JSONL = "jsonl"
    CSV = "csv"
    JSON_LD = "json-ld"
    HTML = "html"
    MARKDOWN = "markdown"
    QNAMAKER = "qnamaker"
    QNABOT = "qnabot"


@commands.command()
def export(
    kb: Kb = None,
    format_: Annotated[
        Format, typer.Option("--format", help="jsonl holds all; the others, FAQ entries.")
    ] = Format.JSONL,
    out: Annotated[Path, typer.Option(help="The file to write; - is standard output.")] = Path("-"),
    config: Config = None,
) -> None:
    """Write a knowledge base's documents to a file, to take them elsewhere or build them again."""
    from qa.export import job

    if out != Path("-"):
        job.check_place(out)
    served, damage = job.served_documents(settings(config, kb=kb).kb)
    written = job.FORMATS[format_](served)
    data = written.text.encode()
    if out == Path("-"):
        typer.echo(data, nl=False)
    else:
        job.write(out, data)
    entries = count(written.entries, "FAQ entry", "FAQ entries")
    if damage:
        complain(f"citewell: damaged: {damage}, and that is what was exported")
    complain(f"{entries} and {count(written.articles, 'article', 'articles')} written")
    for note in written.left_out:
        complain(f"left out: {note}")
