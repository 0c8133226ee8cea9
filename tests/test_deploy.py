"""The files that docs/deploy.md hands out, read by the programs that they are for."""

import configparser
import re
import runpy
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import app
import qa
from index.default_model import DEFAULT_MODEL
from qa import in_force
from qa.settings import Settings
from qa.web import serving
from qa.web.security import BODY_LIMIT, BODY_SECONDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def program(name: str) -> str:
    """Its path; without it the test is left out."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"no {name} here to read the example with")
    return found


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def test_the_guide_leads_to_every_file_and_leaves_none_out() -> None:
    linked = set(re.findall(r"\(\.\./deploy/([\w.-]+)\)", GUIDE))

    assert linked == {file.name for file in DEPLOY.iterdir()}


def test_the_settings_are_settings() -> None:
    text = (DEPLOY / "citewell.toml").read_text("utf-8")
    active = tomllib.loads(text)
    # A line that is commented out is one to take up, so it has to be right as well.
    offered = tomllib.loads("\n".join(re.findall(r"^# (\w+ = .*|\[.*)$", text, re.MULTILINE)))

    for given in (active, offered):
        found = in_force.read(in_force.flat(given))
        assert {name for name, _, place in found.rows() if place != "default"} == set(
            in_force.flat(given)
        )


def test_a_guide_to_settings_names_each_of_them_and_its_default() -> None:
    guide = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([\w.]+)` \| ([^|]*?) +\|", guide, re.MULTILINE))

    shown = {name: in_force.shown(value) for name, value in in_force.DEFAULTS.items()}
    assert rows == {name: "" if v in ("none", '""') else f"`{v}`" for name, v in shown.items()}


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text("utf-8").replace("/opt/citewell/bin/citewell", "/bin/true"))

    ran = run(program("systemd-analyze"), "verify", here)

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_locked_up(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(unit.read_text("utf-8"))
    service = dict(read["Service"])

    for name in ("NoNewPrivileges", "DynamicUser", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert service[name] == "yes"
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")
    assert service["StateDirectory"] == service["User"] == "citewell"


def test_both_units_work_on_one_knowledge_base_and_one_export() -> None:
    texts = [unit.read_text("utf-8") for unit in UNITS]

    places = [
        re.findall(r"(?:CITEWELL_KB|XDG_CACHE_HOME|--config)[ =](\S+)", text) for text in texts
    ]
    assert places[0] == places[1]
    assert places[0] == ["/etc/citewell.toml", "%S/citewell/kb", "%S/citewell/cache"]


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    nginx = program("nginx")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    run(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
        "-days", "1", "-keyout", key, "-out", certificate)  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = re.sub(r"/etc\S+fullchain\.pem", str(certificate), text)
    text = re.sub(r"/etc\S+privkey\.pem", str(key), text)
    text = re.sub(r"(listen (?:\[::\]:)?)(80|443)\b", r"\g<1>18\2", text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{own}{text}\n}}\n"
    )

    ran = run(nginx, "-t", "-c", whole, "-p", tmp_path, "-e", "stderr")

    assert ran.returncode == 0, ran.stderr
    assert "[warn]" not in ran.stderr


def test_caddy_understands_its_file() -> None:
    read = ("validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")

    ran = run(program("caddy"), *read)

    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_takes_no_more_than_the_server_and_waits_no_longer(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")

    (size,) = re.findall(r"max_(?:body_)?size +(\d+)k", text.lower())
    assert int(size) == BODY_LIMIT // 1024
    assert re.findall(r"(?:body_timeout|read_body) +(\w+)", text) == [f"{BODY_SECONDS:g}s"]
    assert f"127.0.0.1:{Settings().port}" in text
    assert text.count("{") == text.count("}")


def stages() -> list[list[str]]:
    """The instructions of the Dockerfile, a list a stage, each on one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    starts = [n for n, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


def test_the_image_holds_what_was_installed_and_not_what_installed_it() -> None:
    build, image = stages()

    assert build[0].endswith(" AS build")
    assert [line for line in image if line.startswith("COPY")] == [
        "COPY --from=build /opt/citewell /opt/citewell"
    ]
    assert not [line for line in image if "pip " in line or "apt" in line]
    assert "PIP_NO_CACHE_DIR=1" in DOCKERFILE


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    _, image = stages()
    words = {line.split()[0]: line for line in image}

    assert int(words["USER"].split()[1]) > 0
    assert "/readyz" in words["HEALTHCHECK"]
    assert (words["ENTRYPOINT"], words["CMD"]) == ('ENTRYPOINT ["citewell"]', 'CMD ["serve"]')


def test_the_image_sets_settings_and_is_sent_what_it_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in re.findall(r"(CITEWELL_\w+)=(\S+)", DOCKERFILE):
        monkeypatch.setenv(name, value)
    settings = in_force.read().settings
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    copied = {
        word for line in stages()[0] if line.startswith("COPY") for word in line.split()[1:-1]
    }

    assert (str(settings.kb), settings.host, settings.port) == ("/data/kb", "0.0.0.0", 7860)
    assert f"EXPOSE {settings.port}" in DOCKERFILE
    assert {"VOLUME /data", "WORKDIR /data"} <= set(stages()[1])
    assert " XDG_CACHE_HOME=/data/cache " in DOCKERFILE  # outlives the container, as kb does
    assert copied == sent
    assert [name for name in sent if not (ROOT / name).exists()] == []


def pins(file: str) -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in lines}


def test_a_space_installs_what_the_project_needs_in_the_locked_versions() -> None:
    needed = {re.split("[<>=]", line)[0] for line in PROJECT["dependencies"]}
    locked = pins("constraints.txt")

    assert pins("requirements.txt") == {name: locked[name] for name in needed}


def test_a_space_is_told_what_to_run() -> None:
    _, matter, _ = (ROOT / "README.md").read_text("utf-8").split("---\n", 2)
    told = yaml.safe_load(matter)

    assert (told["sdk"], told["app_file"]) == ("gradio", "app.py")
    assert told["sdk_version"] == pins("constraints.txt")["gradio"]
    assert PROJECT["requires-python"] == f">={told['python_version']}"
    assert told["license"] == PROJECT["license"].lower()


@pytest.mark.usefixtures("keyword_model")
def test_a_space_builds_its_sources_and_serves_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "faq.md").write_text("## When does the ferry leave?\n\nThe ferry leaves at nine.\n")
    served: list[Settings] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "serve", served.append)
    for name in app.SPACE:
        monkeypatch.setenv(name, "")  # so that it is as before afterwards
        monkeypatch.delenv(name)
    monkeypatch.setenv("SPACE_ID", "someone/citewell")
    monkeypatch.setenv("SOURCES", str(sources))
    monkeypatch.setenv("CITEWELL_TITLE", "Ferries")

    with pytest.raises(SystemExit, match=r"^0$"):
        runpy.run_path(app.__file__, run_name="__main__")

    (settings,) = served
    assert (settings.host, settings.port, settings.title) == ("0.0.0.0", 7860, "Ferries")
    assert settings.allow_frames == ("https://huggingface.co",)
    assert qa.load("kb", model=DEFAULT_MODEL).answer("When does the ferry leave?").answered
