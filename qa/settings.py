"""What Citewell works with. One setting is a secret, `admin_token`, and is never shown.

Importing this loads pydantic-settings, so commands import it when they run.
"""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.backends.names import Backend
from index.default_model import DEFAULT_MODEL
from qa.web.rates import Limits

PREFIX = "CITEWELL_"
NESTED = "__"  # CITEWELL_LIMITS__ASK__BURST

LAST_PORT = 65_535
MOST_ANSWERS = 1_000_000
_LONGEST_TITLE = 100  # characters; a heading in one or two lines
_SHORTEST_TOKEN = 16  # characters
_TOKEN = re.compile(rf"[!-~]{{{_SHORTEST_TOKEN},512}}")
_HOST = re.compile(r"\*|(\*\.)?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_ORIGIN = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_CONTACT = re.compile(r"(https?://|mailto:|/)[^\s\x00-\x1f]+")
_SUB_PATH = re.compile(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+)+")
# A sub-path that began as an address of ours does could not be told from it.
_OURS = (
    "api", "assets", "citewell", "demo", "favicon.ico", "gradio_api", "healthz", "inspect",
    "manifest.json", "openapi.json", "readyz", "robots.txt", "source", "static", "theme.css",
    "widget", "widget.js",
)  # fmt: skip


def _parted(value: object) -> object:
    """A variable holds several with commas between them."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def _folder(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("no folder is named so; give one, as in my-kb")
    return path


def _sources(text: str) -> str:
    return str(_folder(Path(text))) if text else ""


def _token(secret: SecretStr) -> SecretStr:
    token = secret.get_secret_value()
    if token and not _TOKEN.fullmatch(token):
        raise ValueError(
            f"not a token; give {_SHORTEST_TOKEN} to 512 letters, digits and marks without a space,"
            " as openssl rand -hex 32 makes"
        )
    return secret


def _host(name: str) -> str:
    """A name that no request can ask for would shut everybody out without a word."""
    if not _HOST.fullmatch(name):
        raise ValueError(
            "not a host's name; give it alone, without scheme, port or path, as in faq.example.org"
        )
    return name


def _origin(text: str) -> str:
    """An origin as browsers write it: one written otherwise would never match."""
    found = _ORIGIN.fullmatch(text.lower().removesuffix("/"))
    if not found:
        raise ValueError(
            "not an origin; give scheme and host, and the port where it is not the usual one, "
            "as in https://www.example.org"
        )
    scheme, host, port = found.groups()
    return f"{scheme}://{host}{'' if port == _DEFAULT_PORTS[scheme] else port or ''}"


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False)) if "/" in text else str(ip_address(text))
    except ValueError:
        raise ValueError(
            "not an address or network; give the proxy's own, as in 127.0.0.1 or 10.0.0.0/8"
        ) from None


def _title(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _LONGEST_TITLE:
        raise ValueError(f"not a title; give one line of at most {_LONGEST_TITLE} characters")
    return text.strip()


def _contact(text: str) -> str:
    if text and not _CONTACT.fullmatch(text):
        raise ValueError(
            "not a link; give a web address, a path, or an address of mail "
            "as in mailto:help@example.org"
        )
    return text


def _sub_path(text: str) -> str:
    path = text.rstrip("/")
    if path and not _SUB_PATH.fullmatch(path):
        raise ValueError("not a path; give it from the first slash, as in /faq")
    if path and path.split("/")[1] in _OURS:
        raise ValueError("Citewell has addresses that begin so; choose another, as in /faq")
    return path


T = TypeVar("T")
Some = Annotated[tuple[T, ...], NoDecode, BeforeValidator(_parted)]
Host = Annotated[str, AfterValidator(_host)]
Origin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]


class Settings(BaseSettings):
    """All of them, checked; made by itself it takes what is not given from the environment.

    `qa.in_force` reads the other places too.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    kb: Annotated[Path, AfterValidator(_folder)] = Path("kb")
    """The knowledge base's folder, from the working directory."""
    model: str = DEFAULT_MODEL
    """A sentence-transformers model, by its folder or name."""
    backend: Backend = "auto"
    """What computes its vectors; `docs/performance.md`."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=LAST_PORT)] = 7860
    """The port to listen on; 0 for any that is free."""
    root_path: Annotated[str, AfterValidator(_sub_path)] = ""
    """The path that a proxy serves it under, as in `/faq`."""
    allow_hosts: Some[Host] = ()
    """Names that the site is reached by; none given, any, or on a loopback address its own."""
    allow_origins: Some[Origin] = ()
    """Other sites whose pages may use the API and frame the widget."""
    allow_frames: Some[Origin] = ()
    """Other sites whose pages may frame the chat page."""
    trusted_proxies: Some[Network] = ()
    """Addresses or networks whose `X-Forwarded-For` is believed."""
    title: Annotated[str, AfterValidator(_title)] = "Citewell"
    """The heading of the chat page."""
    contact: Annotated[str, AfterValidator(_contact)] = ""
    """A link for readers whose question the sources don't answer."""
    inspect: bool = False
    """Whether `/inspect` shows editors why an answer is what it is."""
    mcp: bool = False
    """Whether programs may ask over MCP; needs the extra `mcp`."""
    sources: Annotated[str, AfterValidator(_sources)] = ""
    """The folder that a rebuild reads; none given, the one that was built from last."""
    skip_errors: bool = False
    """Whether a build leaves out what cannot be read, rather than fail."""
    watch: bool = False
    """Whether the server rebuilds when the sources change."""
    rebuild_timeout: Annotated[float, Field(gt=0, le=10_080)] = 120.0
    """Minutes that a rebuild may take before it is ended: it hangs."""
    server: bool = True
    """Whether `ask` asks the server that the user runs here for the same, and `serve` is one."""
    reload: bool = True
    """Whether the server takes over what a build publishes while it serves."""
    answer_cache: Annotated[int, Field(ge=0, le=MOST_ANSWERS)] = 1_000
    """Answers that are kept for those who ask the same; 0 for none."""
    admin_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    """The owner's token for `/api/admin/`, which is shut without one."""
    limits: Limits = Limits()
    """What one client may send, and how many questions are taken on."""
