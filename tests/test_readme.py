"""What the README shows is what a reader gets."""

import re
import shlex

import pytest
import typer

from qa.cli import cli
from tests.conftest import Citewell
from tests.test_public_api import README

SHOWN = re.findall(r"^```console\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SESSIONS = [session for block in SHOWN for session in block.split("$ ")[1:]]


def test_no_place_is_left_to_fill_in() -> None:
    assert re.findall("@@|TODO|TBD", README) == []


def test_every_command_and_option_it_names_is_there() -> None:
    group = typer.main.get_command(cli)
    assert isinstance(group, typer.core.TyperGroup)
    taken = [p for c in group.commands.values() for p in c.params]
    options = {o for p in taken for o in (*p.opts, *p.secondary_opts)}

    assert set(re.findall(r"citewell ([a-z]+) ", README)) <= set(group.commands)
    named = set(re.findall(r"(?<![\w-])--[a-z]+[a-z-]*", README))
    assert named - options == {"--help"}


@pytest.mark.model
@pytest.mark.parametrize("session", [s for s in SESSIONS if s.startswith("citewell ask")])
def test_an_answer_is_printed_as_shown(citewell: Citewell, seeds_kb: object, session: str) -> None:
    command, _, shown = session.partition("\n")

    ran = citewell(*shlex.split(command)[1:], "--kb", seeds_kb)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip() == shown.strip()
