"""`citewell export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
    kb: Annotated[
        Path | None, typer.Option("--kb", help="The knowledge base's folder; kb.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="jsonl holds all; the others, FAQ entries.")
    ] = Format.JSONL,
    out: Annotated[Path, typer.Option(help="The file to write; - is standard output.")] = Path("-"),
    config: Annotated[
        Path | None,
        typer.Option("--config", help="A file of settings; citewell.toml where there is one."),
    ] = None,
) -> None:
    """Write a knowledge base's documents to a file, to take them elsewhere or build them again."""
    from qa import in_force
    from qa.export import job

    if out != Path("-"):
        job.check_place(out)
    folder = in_force.read({"kb": kb} if kb else {}, config).settings.kb
    written = job.FORMATS[format_](job.served_documents(folder))
    data = written.text.encode()
    if out == Path("-"):
        typer.echo(data, nl=False)
    else:
        job.write(out, data)
    entries = count(written.entries, "FAQ entry", "FAQ entries")
    complain(f"{entries} and {count(written.articles, 'article', 'articles')} written")
    for note in written.left_out:
        complain(f"left out: {note}")
