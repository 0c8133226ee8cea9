"""The options of the commands; one left out is looked for in the other places."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.terminal import say

if TYPE_CHECKING:
    from qa.in_force import InForce
    from qa.settings import Settings

Kb = Annotated[Path | None, typer.Option("--kb", help="The knowledge base's folder; kb.")]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="A file of settings; citewell.toml where there is one."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Model = Annotated[
    str | None, typer.Option(help="A sentence-transformers model, by its folder or name.")
]

# How to serve: each is named as its setting is, but in the singular where it may be repeated.
Host = Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(help="The port to listen on; 7860.", min=0, max=65535)]
RootPath = Annotated[
    str | None, typer.Option(help="The path that a proxy serves it under, as in /faq.")
]
AllowHosts = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A name the site is reached by; may be repeated."),
]
AllowOrigins = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        help="Another site whose pages may ask, as https://host; may be repeated.",
    ),
]
AllowFrames = Annotated[
    list[str] | None,
    typer.Option("--allow-frame", help="Another site that may frame the page; may be repeated."),
]
TrustedProxies = Annotated[
    list[str] | None,
    typer.Option(
        "--trust-proxy",
        help="A proxy's address, to believe its X-Forwarded-For; may be repeated.",
    ),
]
Title = Annotated[str | None, typer.Option(help="The heading of the chat page.")]
Contact = Annotated[
    str | None, typer.Option(help="A link for readers whom the sources don't help.")
]
Inspect = Annotated[
    bool | None, typer.Option("--inspect/--no-inspect", help="Show editors how it decides.")
]
Mcp = Annotated[bool | None, typer.Option("--mcp/--no-mcp", help="Let programs ask over MCP.")]
Sources = Annotated[
    str | None,
    typer.Option(help="The folder that a rebuild reads; the one built from last."),
]
Watch = Annotated[
    bool | None, typer.Option("--watch/--no-watch", help="Rebuild when the sources change.")
]


def _tell_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        say(f"citewell {version('citewell')}")
    except PackageNotFoundError:  # run from its folder, as on a hosted Space
        say("citewell, not installed as a package")
    raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version."),
]


def settings(config: Path | None, **options: object) -> "Settings":
    """What is in force, these options of the command before all else."""
    return found(config, **options).settings


def found(config: Path | None, **options: object) -> "InForce":
    """The same with the place of each."""
    from qa import in_force  # loads pydantic, which --help needs not wait for

    given = {name: value for name, value in options.items() if value not in (None, [])}
    return in_force.read(given, config)
