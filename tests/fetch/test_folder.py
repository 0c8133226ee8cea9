"""Where pages are saved: names that stay in the folder, files that are whole, notes of a fetch."""

import json
from pathlib import Path

import pytest

from index.errors import FetchError
from index.fetch.address import Address
from index.fetch.folder import STATE, Kept, file_name, opened
from index.lock import locked
from index.readers import read_folder

KEPT = Kept("https://help.example/sitemap.xml", main=False, digest="d")


def at(target: str) -> Address:
    return Address.parse(f"https://help.example{target}")


@pytest.mark.parametrize(
    ("target", "slug"),
    [
        ("/", "index"),
        ("/returns", "returns"),
        ("/Help/Returns.html", "help-returns"),
        ("/a/../../../etc/passwd", "a-etc-passwd"),
        ("/..%2f..%2fetc%2fpasswd", "2f-2fetc-2fpasswd"),
        ("/%00", "00"),
        ("/.hidden", "hidden"),
        ("/" + "a" * 500, "a" * 80),
        ("/Rückgabe", "r-c3-bcckgabe"),
        ("/con", "con"),
        ("/a.php?id=../../b", "a"),
    ],
)
def test_a_name_comes_from_the_path_and_stays_in_the_folder(target: str, slug: str) -> None:
    name = file_name(at(target))

    assert name == f"{slug}-{name.removesuffix('.html')[-12:]}.html"
    assert Path(name).name == name


def test_each_address_has_a_name_of_its_own_and_always_the_same() -> None:
    targets = ["/", "/a", "/A", "/a/", "/a.html", "/a?", "/a?b", "/a?c", "/a%20", "/%61"]
    addresses = {str(at(target)) for target in targets}
    addresses.add("https://www.help.example/a")

    names = {file_name(Address.parse(address)).casefold() for address in addresses}

    assert len(names) == len(addresses)
    assert file_name(at("/returns")) == "returns-74495f85b570.html"  # as it was at first


def test_what_is_kept_is_known_the_next_time(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "pages") as folder:
        folder.keep(at("/a"), "<p>Here.", KEPT)

    with opened(tmp_path / "new" / "pages") as folder:
        assert folder.known(at("/a"), main=False) == KEPT
        assert folder.known(at("/a"), main=True) is None  # saved in another manner
        assert folder.known(at("/b"), main=False) is None
        assert folder.file(at("/a")).read_text() == "<p>Here."
        folder.file(at("/a")).unlink()
        assert folder.known(at("/a"), main=False) is None  # to be fetched again


def test_a_build_passes_over_all_but_the_pages(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        folder.keep(at("/a"), "<p>Here.", KEPT)

    reading = read_folder(tmp_path)

    assert [file.name for file in reading.files] == [file_name(at("/a"))]
    assert (reading.problems, reading.ignored) == ((), ())


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    pages = tmp_path / "pages"
    pages.mkdir()
    name = file_name(at("/a"))
    (pages / name).symlink_to(outside)
    (pages / f".{name}.new").symlink_to(outside)

    with opened(pages) as folder:
        folder.keep(at("/a"), "<p>Here.", KEPT)

    assert outside.read_text() == "untouched"
    assert (pages / name).read_text() == "<p>Here."
    assert not (pages / name).is_symlink()
    assert not (pages / f".{name}.new").exists()


@pytest.mark.parametrize(
    "notes",
    [
        "no JSON",
        "[]",
        '{"https://help.example/a": 1}',
        '{"https://help.example/a": {"via": "x"}}',
        '{"https://help.example/a": {"via": 1, "main": false, "digest": "d"}}',
        '{"https://help.example/a": {"via": "", "main": 0, "digest": "d"}}',
        '{"../../etc/passwd": {"via": "", "main": false, "digest": "d"}}',
        "[" * 100_000,
    ],
)
def test_notes_that_no_fetch_wrote_are_refused(tmp_path: Path, notes: str) -> None:
    (tmp_path / STATE).write_text(notes)

    with (
        pytest.raises(FetchError, match=r"is not what an earlier fetch wrote; remove it"),
        opened(tmp_path),
    ):
        pass

    assert (tmp_path / STATE).read_text() == notes


@pytest.mark.parametrize(
    ("etag", "modified", "headers"),
    [
        ('"a1"', "", {"If-None-Match": '"a1"'}),
        ('W/"a1"', "Fri, 27 Nov 2026 10:00:00 GMT", {
            "If-None-Match": 'W/"a1"', "If-Modified-Since": "Fri, 27 Nov 2026 10:00:00 GMT"}),
        ('"a"\r\nHost: other', "Fri, 27\r\nA: b", {}),
        ('"é"', "yesterday", {}),
        ('"' + "a" * 500 + '"', "", {}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_marks_that_are_none_are_not_sent(
    etag: str, modified: str, headers: dict[str, str]
) -> None:
    kept = Kept("", main=False, digest="", etag=etag, modified=modified)

    assert kept.conditions() == headers


def test_one_fetch_at_a_time(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(FetchError, match="another fetch is saving pages there; wait for it"),
        opened(tmp_path),
    ):
        pass


def test_a_place_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file")

    with (
        pytest.raises(FetchError, match=r"pages: cannot be used \(File exists\); name another"),
        opened(tmp_path / "pages"),
    ):
        pass


def test_notes_are_kept_when_a_run_is_interrupted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), opened(tmp_path) as folder:  # noqa: PT012
        folder.keep(at("/a"), "<p>Here.", KEPT)
        raise KeyboardInterrupt

    assert list(json.loads((tmp_path / STATE).read_text())) == ["https://help.example/a"]
