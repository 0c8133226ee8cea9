"""`citewell status`, `verify` and `rollback`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.options import Config, Json, Kb, settings
from qa.terminal import say

commands = typer.Typer()


@commands.command()
def status(
    kb: Kb = None,
    sources: Annotated[
        Path | None, typer.Option(help="Where its sources stand now, if they have moved.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what a knowledge base was built from and with, and what has changed since."""
    from qa.store import condition, show

    found = condition.of(settings(config, kb=kb).kb, sources)
    say(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) if as_json else show.text(found))


@commands.command()
def verify(kb: Kb = None, config: Config = None, as_json: Json = False) -> None:
    """Check every byte of every generation; exit code 4 where what should serve is damaged."""
    from qa.store import show
    from qa.store.verification import verified

    folder = settings(config, kb=kb).kb
    found = verified(folder)
    say(json.dumps(found.to_dict(), indent=2) if as_json else show.verification(folder, found))
    if not found.sound:
        sys.exit(4)


@commands.command()
def rollback(
    generation: Annotated[
        str, typer.Argument(help="As in gen-7; else the newest earlier one that is whole.")
    ] = "",
    kb: Kb = None,
    config: Config = None,
) -> None:
    """Let an earlier generation serve again; the one that serves now is kept."""
    from index.errors import KnowledgeBaseMissing
    from index.generation import generations
    from index.publish import building, roll_back

    folder = settings(config, kb=kb).kb
    if not generations(folder):  # then no folder is to be made for the lock
        raise KnowledgeBaseMissing(folder)
    with building(folder):
        manifest, before = roll_back(folder, generation)
    again = "already" if before == manifest.generation else "again"
    say(f"{folder}: {manifest.generation} serves {again}, built {manifest.built}")
    if before and before != manifest.generation:
        say(f"{before} is kept: citewell rollback {before} --kb {folder}")
