"""Settings: which place goes first, and what is said of one that cannot be."""

import json
from pathlib import Path

import pytest

from index.errors import SettingsError
from qa import in_force
from qa.settings import Settings
from qa.web.rates import Limits, Rate
from tests.conftest import Citewell


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "citewell.toml") -> Path:
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


def test_the_command_line_goes_before_a_variable_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('kb = "from-file"\nport = 1\ntitle = "From a file"\n')
    monkeypatch.setenv("CITEWELL_PORT", "2")
    monkeypatch.setenv("CITEWELL_KB", "from-variable")

    found = in_force.read({"kb": "from-option"})

    settings = found.settings
    assert (settings.kb, settings.port) == (Path("from-option"), 2)
    assert (settings.title, settings.host) == ("From a file", "127.0.0.1")
    assert [found.places[name] for name in ("kb", "port", "title", "host")] == [
        "--kb",
        "CITEWELL_PORT",
        "citewell.toml",
        "default",
    ]


def test_one_limit_is_set_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    write("[limits]\nwaiting = 8\n\n[limits.ask]\nburst = 3\n")
    monkeypatch.setenv("CITEWELL_LIMITS__ASK__PER_SECOND", "0.5")

    limits = in_force.read().settings.limits

    assert limits == Limits(ask=Rate(0.5, 3), waiting=8)


def test_a_variable_holds_several_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_ALLOW_ORIGINS", "https://a.example, HTTPS://B.example:443,")
    monkeypatch.setenv("CITEWELL_TRUSTED_PROXIES", "10.0.0.1,fd00::/8")
    monkeypatch.setenv("CITEWELL_TITLE", "")  # not set

    settings = in_force.read().settings

    assert settings.allow_origins == ("https://a.example", "https://b.example")
    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.title == "Citewell"


def test_another_file_is_named_by_an_option_or_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    write("port = 1\n")
    write("port = 2\n", "two.toml")
    write("port = 3\n", "three.toml")
    monkeypatch.setenv("CITEWELL_CONFIG", "two.toml")

    assert in_force.read().settings.port == 2
    assert in_force.read(file=Path("three.toml")).settings.port == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prot = 1", "citewell.toml: no setting prot; did you mean port?"),
        ("[limits.ask]\nbrust = 1", "citewell.toml: no setting limits.ask.brust; did you mean "
         "limits.ask.burst?"),
        ("zzzzzz = 1", "citewell.toml: no setting zzzzzz; citewell config names them all"),
        ("port = 70000", "citewell.toml: port 70000: should be less than or equal to 65535; leave "
         "it out for 7860"),
        ('port = "high"', "citewell.toml: port high: should be a valid integer, unable to parse "
         "string as an integer; leave it out for 7860"),
        ("port = true", "citewell.toml: port true: neither true nor false goes here; leave it out "
         "for 7860"),
        ("allow_hosts = 3", "citewell.toml: allow_hosts 3: should be a valid list; leave it out "
         "for none"),
        ('allow_hosts = ["a.example", "b/"]', "citewell.toml: allow_hosts b/: not a host's name; "
         "give it alone, without scheme, port or path, as in faq.example.org"),
        ('allow_frames = ["*"]', "citewell.toml: allow_frames *: not an origin; give scheme and "
         "host, and the port where it is not the usual one, as in https://www.example.org"),
        ('trusted_proxies = ["*"]', "citewell.toml: trusted_proxies *: not an address or network; "
         "give the proxy's own, as in 127.0.0.1 or 10.0.0.0/8"),
        ('root_path = "faq"', "citewell.toml: root_path faq: not a path; give it from the first "
         "slash, as in /faq"),
        ('root_path = "/api/faq"', "citewell.toml: root_path /api/faq: Citewell has addresses that "
         "begin so; choose another, as in /faq"),
        ('contact = "javascript:alert(1)"', "citewell.toml: contact javascript:alert(1): not a "
         "link; give a web address, a path, or an address of mail as in mailto:help@example.org"),
        ('title = "A\\nB"', "citewell.toml: title A\\nB: not a title; give one line of at most 100 "
         "characters"),
        ("[limits.ask]\nburst = 0", "citewell.toml: limits.ask.burst 0: burst has to be 1 or more, "
         "per_second more than 0"),
        ("[limits]\nworkers = 0", "citewell.toml: limits.workers 0: workers has to be 1 or more, "
         "waiting 0 or more"),
        ("port 7860", "citewell.toml: not TOML: expected '=' after a key in a key/value pair (at "
         "line 1, column 6); mend it there, as in: port = 7860"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named_with_its_place(text: str, told: str) -> None:
    write(text)

    with pytest.raises(SettingsError) as caught:
        in_force.read()

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CITEWELL_PROT", "80", "CITEWELL_PROT: no setting of that name; did you mean "
         "CITEWELL_PORT?"),
        ("CITEWELL_PORT", "tcp://10.0.0.1:80", "CITEWELL_PORT tcp://10.0.0.1:80: should be a valid "
         "integer, unable to parse string as an integer; leave it out for 7860"),
        ("CITEWELL_INSPECT", "maybe", "CITEWELL_INSPECT maybe: should be a valid boolean, unable "
         "to interpret input; leave it out for false"),
        ("CITEWELL_LIMITS__ASK__BURST", "0", "CITEWELL_LIMITS__ASK__BURST 0: burst has to be 1 or "
         "more, per_second more than 0"),
    ],
)  # fmt: skip
def test_a_variable_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        in_force.read()

    assert str(caught.value) == told


def test_a_file_that_is_named_has_to_be_there(citewell: Citewell) -> None:
    ran = citewell("config", "--config", "none.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "citewell: none.toml: no such file or directory; name a file that can be read with "
        "--config\n"
    )


def test_a_file_in_another_encoding_is_not_guessed_at() -> None:
    Path("citewell.toml").write_bytes(b'title = "caf\xe9"\n')

    with pytest.raises(SettingsError, match=r"^citewell\.toml: not UTF-8; save the file as UTF-8$"):
        in_force.read()


def test_what_is_in_force_is_printed_with_its_place(
    citewell: Citewell, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('allow_hosts = ["a.example", "b.example"]\n')
    monkeypatch.setenv("CITEWELL_INSPECT", "yes")

    ran = citewell("config")

    assert (ran.code, ran.err) == (0, "")
    *table, standing = ran.out.splitlines()
    lines = [line.split(maxsplit=1) for line in table]
    rows = {name: tuple(rest.rsplit(maxsplit=1)) for name, rest in lines}
    assert [name for name, _ in lines] == list(in_force.DEFAULTS)
    assert standing.startswith(("torch, until citewell build", "onnx, exported in"))
    assert rows["allow_hosts"] == ("a.example, b.example", "citewell.toml")
    assert rows["inspect"] == ("true", "CITEWELL_INSPECT")
    assert rows["port"] == ("7860", "default")
    assert rows["limits.ask.per_second"] == ("2", "default")


def test_the_same_as_json_can_be_read_back(citewell: Citewell) -> None:
    write('kb = "my-kb"\n[limits.ask]\nburst = 3\n')

    told = json.loads(citewell("config", "--json").out)

    assert told["kb"] == {"value": "my-kb", "from": "citewell.toml"}
    values = {name: row["value"] for name, row in told.items()}
    assert Settings(**in_force.nested(values)) == in_force.read().settings


@pytest.mark.usefixtures("keyword_model")
def test_every_command_works_on_the_knowledge_base_that_is_set(
    citewell: Citewell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "faq.md").write_text("## When does the ferry leave?\n\nThe ferry leaves at nine.\n")
    monkeypatch.setenv("CITEWELL_KB", "harbour")

    assert citewell("build", sources).out.startswith("harbour: 1 FAQ entry")
    assert citewell("ask", "When does the ferry leave?").out.startswith("“The ferry leaves at nine")
    assert citewell("status").code == 0


def test_an_origin_may_be_pasted_with_its_slash() -> None:
    given = Settings(allow_origins=("https://www.example.org/",))

    assert given.allow_origins == ("https://www.example.org",)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (0o644, "citewell.toml: holds admin_token and others can read it; chmod o-r it"),
        (0o640, ""),
    ],
)
def test_a_token_in_a_file_that_others_can_read_is_told(mode: int, said: str) -> None:
    write('admin_token = "0123456789abcdef"\n').chmod(mode)

    assert in_force.read().exposed == said


def test_a_file_without_the_token_may_be_read_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    write('title = "Help"\n').chmod(0o644)
    assert in_force.read().exposed == ""

    monkeypatch.setenv("CITEWELL_ADMIN_TOKEN", "0123456789abcdef")
    assert in_force.read().exposed == ""
