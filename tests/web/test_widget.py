"""The widget's files: how they are served, how small they are, what they are made from."""

import gzip
import json
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.widget_routes import PAGES, PATHS, SCRIPT, WIDGET, widget_routes

from .fakes import FakeEngine
from .widget_sites import WIRE

ROOT = Path(__file__).parents[2]
SOURCES = sorted((WIDGET / "src").rglob("*.ts"))
LIMIT = 10 * 1024  # bytes, gzipped; what peers ship is 90 to 456 KB


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(widget_routes(["https://site.example", "https://other.example"]))
    return TestClient(app)


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9, mtime=0)) <= LIMIT


def test_any_site_may_load_the_script_and_keep_it_for_a_while(client: TestClient) -> None:
    response = client.get("/widget.js")

    assert response.content == SCRIPT.read_bytes()
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"].startswith("public, max-age=600")


def test_a_script_that_the_browser_has_is_not_sent_again(client: TestClient) -> None:
    etag = client.get("/widget.js").headers["etag"]

    again = client.get("/widget.js", headers={"If-None-Match": f'"older", W/{etag}'})
    other = client.get("/widget.js", headers={"If-None-Match": '"older"'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert other.status_code == 200


def test_only_listed_sites_may_frame_the_widget(client: TestClient) -> None:
    policy = client.get("/widget/frame").headers["content-security-policy"].split("; ")

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self' https://site.example https://other.example" in policy
    assert not [rule for rule in policy if "unsafe" in rule or "*" in rule]


def test_a_frame_takes_words_and_looks_from_its_address_and_nothing_else(
    client: TestClient,
) -> None:
    page = client.get("/widget/frame?lang=de&theme=dark&title=Frag&endpoint=//evil.example").text

    assert '<citewell-widget data-title="Frag" data-lang="de" data-theme="dark">' in page
    assert '<html lang="de" data-theme="dark">' in page
    assert "evil" not in page


@pytest.mark.parametrize("path", ["/widget/frame", "/demo"])
def test_an_address_cannot_become_markup(client: TestClient, path: str) -> None:
    attack = '"><script>window.__xss=1</script>'
    page = client.get(path, params={"title": attack, "lang": attack, "theme": attack}).text

    assert "<script>" not in page
    assert page.count("<script ") == 1


def test_the_demo_shows_the_line_to_copy(client: TestClient) -> None:
    page = client.get("/demo").text

    assert '&lt;script async src="http://testserver/widget.js"&gt;' in page


def test_every_path_answers_and_no_other_file_is_served(client: TestClient) -> None:
    assert [client.get(path).status_code for path in PATHS] == [200] * len(PATHS)
    for path in ("/widget/other.css", "/widget/demo.html", "/widget/..%2Fpackage.json"):
        assert client.get(path).status_code == 404


def test_the_package_holds_what_is_served() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    globs = project["tool"]["setuptools"]["package-data"]["qa"]
    served = [SCRIPT, *PAGES.iterdir()]

    names = [file.relative_to(ROOT / "qa").as_posix() for file in served]
    assert [name for name in names if not any(fnmatch(name, glob) for glob in globs)] == []


def test_nothing_is_ever_parsed_or_kept() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|DOMParser"
    kept = r"localStorage|sessionStorage|indexedDB|\.cookie|serviceWorker|\bcaches\b"
    found = re.findall(f"{forbidden}|{kept}", SCRIPT.read_text("utf-8"))

    assert found == []
    assert len(SOURCES) > 10


def test_the_recorded_answers_have_the_wire_form_of_today() -> None:
    wire = FakeEngine().answer("How wide is the zone?").to_dict()

    assert [set(each) ^ set(wire) for each in WIRE.values()] == [set()] * len(WIRE)
    for part in ("quotes", "citations"):
        assert set(WIRE["differ"][part][0]) == set(wire[part][0])


def test_every_language_says_all_of_it() -> None:
    keys = {
        file.stem: re.findall(r"^  (\w+): \"", file.read_text("utf-8"), re.MULTILINE)
        for file in (WIDGET / "src" / "strings").glob("??.ts")
    }

    assert sorted(keys) == ["ar", "de", "en", "es", "fr"]
    assert {tuple(each) for each in keys.values()} == {tuple(keys["en"])}


def test_no_word_holds_what_parts_them() -> None:
    """The build joins a language's strings with bars."""
    files = (WIDGET / "src" / "strings").glob("??.ts")
    said = [
        re.findall(r'^  \w+: "(.*)",$', file.read_text("utf-8"), re.MULTILINE) for file in files
    ]

    assert min(len(each) for each in said) > 30
    assert not [text for each in said for text in each if "|" in text]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The widget's sources in a folder of their own, with what builds them."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("no node here, so the widget cannot be built again")
    folder = tmp_path_factory.mktemp("widget") / "widget"
    shutil.copytree(WIDGET, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    if (WIDGET / "node_modules").exists():
        (folder / "node_modules").symlink_to(WIDGET / "node_modules")
        return folder
    ran = npm(folder, "ci", "--no-audit", "--no-fund", "--fetch-retries=1")
    if "EUSAGE" in ran.stderr:  # package.json and its lock differ: the tree's fault, not the net's
        pytest.fail(ran.stderr)
    if ran.returncode:
        said = " ".join(ran.stderr.split())[:200]
        pytest.skip(f"npm ci cannot bring esbuild, so the widget cannot be built again: {said}")
    return folder


def npm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True)


def test_the_committed_script_is_what_the_sources_make(checkout: Path) -> None:
    built = npm(checkout, "run", "build")

    assert built.returncode == 0, built.stderr
    assert (checkout / "dist" / "widget.js").read_bytes() == SCRIPT.read_bytes()


def test_the_sources_pass_the_type_checker(checkout: Path) -> None:
    checked = npm(checkout, "run", "check")

    assert checked.returncode == 0, checked.stdout


def test_esbuild_is_the_only_build_tool() -> None:
    package = json.loads((WIDGET / "package.json").read_text("utf-8"))

    assert sorted(package["devDependencies"]) == ["esbuild", "typescript"]
    assert "dependencies" not in package
