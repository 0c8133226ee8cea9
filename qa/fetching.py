"""`citewell fetch`: web pages into a folder, from which a build reads them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import FetchError, printable
from qa.terminal import complain, count, progress_bar, say

if TYPE_CHECKING:
    from index.fetch.job import FetchReport
    from index.fetch.policy import Policy

commands = typer.Typer()


def policy(*, http: bool, ports: list[int], delay: float) -> "Policy":
    """The limits, with what the command line may widen. Private networks are not among it."""
    from index.fetch.policy import Policy

    return Policy(http=http, ports=frozenset(ports), delay=delay)


@commands.command()
def fetch(
    addresses: Annotated[list[str], typer.Argument(help="Pages, or sitemaps (.xml, .xml.gz).")],
    out: Annotated[Path, typer.Option(help="The folder to save pages in.")] = Path("pages"),
    limit: Annotated[int, typer.Option(help="Pages at most.", min=1, max=50_000)] = 500,
    include: Annotated[
        list[str] | None,
        typer.Option(help="Of a sitemap only what starts so, as /help/; may be repeated."),
    ] = None,
    main: Annotated[
        bool, typer.Option("--main", help="Keep the main text alone; needs the extra web.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the files of pages that are gone.")
    ] = False,
    delay: Annotated[
        float, typer.Option(help="Seconds between two requests to a site.", min=0.1, max=60)
    ] = 1.0,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Fetch without encryption too.")
    ] = False,
    allow_port: Annotated[
        list[int] | None,
        typer.Option(help="A port besides 443; may be repeated.", min=1, max=65535),
    ] = None,
) -> None:
    """Save web pages as files that build reads. Only this command goes to the network.

    Public addresses alone are fetched, and what robots.txt allows. A second run asks only for what
    changed. Exit code 7: no page was saved, and none was there.
    """
    from index.fetch import job

    options = job.Options(tuple(include or ()), limit, main, prune)
    held_to = policy(http=allow_http, ports=allow_port or [], delay=delay)
    with progress_bar("Fetching", "pages") as progress:
        report = job.fetch(addresses, out, options, held_to, progress)
    tell(report, out)


def tell(report: "FetchReport", out: Path) -> None:
    """Print what came of it. Raises FetchError where there is no page to show for it."""
    for outcome in report.of("failed", "gone", "removed"):
        complain(printable(f"{outcome.kind}: {outcome}"))
    if report.left_out:
        left_out = count(report.left_out, "page", "pages")
        complain(f"left out: {left_out} beyond --limit; set it higher, or choose with --include")
    told = {kind: len(report.of(kind)) for kind in ("saved", "unchanged", "gone", "removed")}
    if not told["saved"] + told["unchanged"]:
        raise FetchError(str(out), "no page was saved; mend what is said above, then run it again")
    parts = ", ".join(f"{number:,} {kind}" for kind, number in told.items() if number)
    failed = count(len(report.of("failed")), "address", "addresses")
    say(f"{printable(str(out))}: {parts}; {failed} failed")
