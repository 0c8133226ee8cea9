"""The settings in force, and where each came from.

A value is taken from the first place that has it: the command line, the environment
(`CITEWELL_PORT`), a TOML file, the defaults in `qa.settings`.
"""

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from index.errors import SettingsError, printable
from qa.settings import NESTED, PREFIX, Settings

FILE = Path("citewell.toml")  # read where there is one in the working directory
FILE_VARIABLE = f"{PREFIX}CONFIG"  # names another; the one variable that is no setting
OPTIONS = {
    "allow_hosts": "--allow-host",
    "allow_origins": "--allow-origin",
    "allow_frames": "--allow-frame",
    "trusted_proxies": "--trust-proxy",
}

SECRETS = ("admin_token",)  # not shown, and no option of a command, which every user could see
_HIDDEN = "(not shown)"

# Settings by their names, those of a table with a dot: `limits.ask.burst`.
Flat = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where values were given. `kind` is `command line`, `environment`, `file` or `default`."""

    kind: str
    values: Flat
    file: str = ""

    def of(self, name: str) -> str:
        """The place of one setting, as a reader would look for it."""
        if self.kind == "command line":
            return OPTIONS.get(name, f"--{name.replace('_', '-')}")
        return {"environment": variable(name), "file": self.file}.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class InForce:
    """Settings, with the place of each by its name."""

    settings: Settings
    places: Mapping[str, str]

    def rows(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value as JSON has it, and place of every setting."""
        for name, value in flat(self.settings.model_dump(mode="json")).items():
            yield name, value, self.places[name]

    def table(self) -> str:
        """The same in columns, for a terminal."""
        rows = [(name, printable(shown(value)), place) for name, value, place in self.rows()]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            f"{name:{wide[0]}}  {value:{wide[1]}}  {place}" for name, value, place in rows
        )

    @property
    def exposed(self) -> str:
        """That others of this machine can read the token in its file; empty where they cannot."""
        place = self.places["admin_token"]
        token = self.settings.admin_token.get_secret_value()
        if not token or place in ("default", variable("admin_token")):
            return ""
        if not Path(place).stat().st_mode & stat.S_IROTH:
            return ""
        return f"{printable(place)}: holds admin_token and others can read it; chmod o-r it"


def read(given: Flat | None = None, file: Path | None = None) -> InForce:
    """What is in force, where `given` are the options of a command and `file` is its `--config`.

    Raises SettingsError for a setting that there is not, for a value that is not of its kind, and
    for a file that cannot be read.
    """
    places = (
        Place("command line", given or {}),
        Place("environment", _environment()),
        *_file(file),
        Place("default", DEFAULTS),
    )
    for place in places:
        _check_names(place)
    chosen = {name: next(p for p in places if name in p.values) for name in DEFAULTS}
    values = {name: place.values[name] for name, place in chosen.items()}
    try:
        settings = Settings(**nested(values))
    except ValidationError as error:
        raise SettingsError(_told(error, chosen)) from None
    return InForce(settings, {name: place.of(name) for name, place in chosen.items()})


def variable(name: str) -> str:
    """`limits.ask.burst` as CITEWELL_LIMITS__ASK__BURST."""
    return PREFIX + name.replace(".", NESTED).upper()


def flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Tables in tables as one, the names joined by dots."""
    named: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{above}{key}"
        named |= flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return named


def nested(values: Flat) -> dict[str, Any]:
    """The inverse of `flat`."""
    table: dict[str, Any] = {}
    for name, value in values.items():
        *parents, last = name.split(".")
        inner = table
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return table


DEFAULTS: Flat = flat(Settings.model_construct().model_dump())


def _environment() -> Flat:
    """The variables that are set; an empty one counts as not set."""
    known = {variable(name): name for name in DEFAULTS}
    for name in sorted(os.environ):
        spelled = name.upper()
        if spelled.startswith(PREFIX) and spelled not in known and spelled != FILE_VARIABLE:
            raise SettingsError(f"{name}: no setting of that name; {_like(spelled, known)}")
    return flat(EnvSettingsSource(Settings)())


def _file(named: Path | None) -> Sequence[Place]:
    """The file that is named, or the usual one where it is there."""
    wanted = named or os.environ.get(FILE_VARIABLE)
    if not wanted and not FILE.exists():
        return ()
    path = Path(wanted or FILE)
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        told = f"{path}: {(error.strerror or str(error)).lower()}"
        raise SettingsError(f"{told}; name a file that can be read with --config") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)[:1].lower() + str(error)[1:]
        told = f"{path}: not TOML: {said}; mend it there, as in: port = 7860"
        raise SettingsError(told) from None
    return (Place("file", flat(table), str(path)),)


def _check_names(place: Place) -> None:
    """Raise SettingsError for a name that is none, and for yes or no where something else goes."""
    for name, value in place.values.items():
        if name not in DEFAULTS:
            raise SettingsError(f"{place.of(name)}: no setting {name}; {_like(name, DEFAULTS)}")
        if isinstance(value, bool) and not isinstance(DEFAULTS[name], bool):
            told = f"{_place(place, name)} {shown(value)}: neither true nor false goes here"
            raise SettingsError(f"{told}; leave it out for {shown(DEFAULTS[name])}")


def _like(name: str, names: Mapping[str, object]) -> str:
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]}?" if near else "citewell config names them all"


def _told(error: ValidationError, chosen: Mapping[str, Place]) -> str:
    """The first fault: its place, the value, what is wrong, what to do."""
    fault = error.errors()[0]
    path = ".".join(part for part in fault["loc"] if isinstance(part, str))
    concerned = [n for n in chosen if n == path or n.startswith(f"{path}.")]
    name = next((n for n in concerned if chosen[n].kind != "default"), concerned[0])
    value = chosen[name].values[name] if isinstance(fault["input"], Mapping) else fault["input"]
    told = f"{_place(chosen[name], name)} {_HIDDEN if name in SECRETS else shown(value)}"
    if fault["type"] == "value_error":
        return f"{told}: {fault['ctx']['error']}"
    reason = fault["msg"].replace("Input should", "should").replace("tuple", "list")
    return f"{told}: {reason}; leave it out for {shown(DEFAULTS[name])}"


def _place(place: Place, name: str) -> str:
    return f"{place.file}: {name}" if place.file else place.of(name)


def shown(value: object) -> str:
    """A value as a reader would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or '""'
