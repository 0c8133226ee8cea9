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
    from qa.store import show
    from qa.store.going_back import gone_back

    chosen = settings(config, kb=kb)
    say(show.rollback(chosen.kb, gone_back(chosen, generation)))
