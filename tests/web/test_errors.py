import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import index
import qa
from index import errors
from index.errors import CitewellError


def test_the_tree_at_the_top_shows_every_error_once_below_its_parent() -> None:
    for package in (index, qa):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)

    assert sorted(drawn()) == sorted(defined(CitewellError))


def drawn() -> Iterator[tuple[str, str]]:
    """(parent, error) as drawn, four columns a level."""
    branch = [CitewellError.__name__]
    for line in re.findall(r"^[│ ]*[├└]── \w+", errors.__doc__ or "", re.MULTILINE):
        stem, name = line.split("── ")
        depth = len(stem) // 4 + 1
        branch[depth:] = [name]
        yield branch[depth - 1], name


def defined(parent: type[CitewellError]) -> Iterator[tuple[str, str]]:
    """(parent, error) as Python has them."""
    for child in parent.__subclasses__():
        if child.__module__.startswith(("index.", "qa.")):
            yield parent.__name__, child.__name__
            yield from defined(child)
