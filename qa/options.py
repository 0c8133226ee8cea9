"""The options that many commands take; one left out is looked for in the other places."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.in_force import InForce
    from qa.settings import Settings

Kb = Annotated[Path | None, typer.Option("--kb", help="The knowledge base's folder; kb.")]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="A file of settings; citewell.toml where there is one."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings(config: Path | None, **options: object) -> "Settings":
    """What is in force, these options of the command before all else."""
    return found(config, **options).settings


def found(config: Path | None, **options: object) -> "InForce":
    """The same with the place of each."""
    from qa import in_force  # loads pydantic, which --help needs not wait for

    given = {name: value for name, value in options.items() if value not in (None, [])}
    return in_force.read(given, config)
