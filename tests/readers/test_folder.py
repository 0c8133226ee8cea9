"""A folder: each file to its reader, each one left out named."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from index.errors import ReadError
from index.readers import MAX_BYTES, READERS, Reading, SourceFile, read_folder
from tests.readers.shape import problems


def write(folder: Path, name: str, data: bytes = b"Some text.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def ids(reading: Reading) -> list[str]:
    return [document.id for document in reading.documents]


def test_files_are_read_in_sorted_order_and_named_by_their_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c.TXT", "c.html"):
        write(tmp_path, name)
    reading = read_folder(tmp_path)
    assert ids(reading) == ["a/c.TXT", "a/z.md", "b.txt", "c.html"]
    assert [d.source for d in reading.documents] == ids(reading)
    assert problems(reading) == []


def test_a_single_file_is_read_too(tmp_path: Path) -> None:
    assert ids(read_folder(write(tmp_path, "one.txt"))) == ["one.txt"]


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, ".git/readme.md")
    write(tmp_path, ".draft.md")
    assert read_folder(tmp_path) == Reading()


def test_notes_on_who_has_a_file_open_are_skipped_and_other_odd_names_are_not(
    tmp_path: Path,
) -> None:
    for name in ("~$guide.docx", "~mine.txt", "#draft.txt", "guide~$.txt"):
        write(tmp_path, name)
    reading = read_folder(tmp_path)
    assert ids(reading) == ["#draft.txt", "guide~$.txt", "~mine.txt"]
    assert (reading.problems, reading.ignored) == ((), ())


def test_a_suffix_without_a_reader_is_named(tmp_path: Path) -> None:
    write(tmp_path, "logo.png")
    write(tmp_path, "LICENSE")
    assert read_folder(tmp_path) == Reading(ignored=("LICENSE (no reader)", "logo.png (no reader)"))


def test_a_format_that_is_not_text_joins_with_one_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_sizes(file: SourceFile) -> Reading:
        return Reading(problems=(file.problem(0, f"{len(file.data)} bytes"),))

    monkeypatch.setitem(READERS, ".bin", read_sizes)
    write(tmp_path, "x.bin", b"\0\1\2")
    assert problems(read_folder(tmp_path)) == ["x.bin: 3 bytes"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt: this file is empty; write something in it or remove it"),
        ("a.md", b" \n\n", "a.md: this file is empty; write something in it or remove it"),
        ("a.txt", b"one\ntwo \xff", "a.txt:2: not UTF-8 at byte 8; save the file as UTF-8"),
        (
            "a.md",
            b"one\n\0\1",
            "a.md:2: holds binary data, not text; remove it or give it the suffix of its format",
        ),
        ("a.csv", b"\xff\xfeq\0", "a.csv:1: saved as UTF-16; save the file as UTF-8"),
        ("a.html", b"<p hidden>x", "a.html: no readable text in this file; add some or remove it"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    write(tmp_path, name, data)
    write(tmp_path, "good.txt")
    reading = read_folder(tmp_path)
    assert problems(reading) == [message]
    assert ids(reading) == ["good.txt"]


def test_the_text_of_a_binary_file_raises() -> None:
    with pytest.raises(ReadError, match=r"^x\.md:1: holds binary data, not text"):
        _ = SourceFile("x.md", b"\0").text


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"\xef\xbb\xbf-\r\nWhy?\r\nBecause.\r\n")
    (document,) = read_folder(tmp_path).documents
    assert (document.title, document.text, document.line) == ("Why?", "Because.", 2)


def test_a_file_one_byte_too_large_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "big.txt", b"a" * (MAX_BYTES + 1))
    assert problems(read_folder(tmp_path)) == [
        "big.txt: larger than 20,000,000 bytes; split it into several files"
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt")
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/a.txt").symlink_to(secret)
    (tmp_path / "kb/b").symlink_to(tmp_path)
    assert problems(read_folder(tmp_path / "kb")) == [
        "a.txt: this link leads out of the folder; copy the file into it",
        "b: this link leads out of the folder; copy the file into it",
    ]


def test_links_within_the_folder_lead_to_files_but_not_in_circles(tmp_path: Path) -> None:
    write(tmp_path, ".data/a.txt")
    (tmp_path / "a.txt").symlink_to(".data/a.txt")
    (tmp_path / "again").symlink_to(".")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    reading = read_folder(tmp_path)
    assert (ids(reading), reading.ignored) == (["a.txt"], ("again (a link to a folder)",))
    gone, loop = problems(reading)
    assert gone == "gone.txt: no such file or folder; check the path or the link"
    assert loop.startswith("loop.txt: cannot be opened (")


def test_a_fifo_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert problems(read_folder(tmp_path)) == [
        "pipe.md: not a regular file; remove it from the folder"
    ]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert problems(read_folder(tmp_path / "none")) == [
        "none: no such file or folder; check the path or the link"
    ]


def test_a_name_without_print_is_made_printable(tmp_path: Path) -> None:
    write(tmp_path, "a\nb.txt")
    assert ids(read_folder(tmp_path)) == ["a_b.txt"]


@pytest.mark.parametrize(
    "files", [["CURRENT", "gen-2/documents.json"], ["gen-1/manifest.json", "gen-1/a.txt"]]
)
def test_a_knowledge_base_is_no_source(tmp_path: Path, files: list[str]) -> None:
    write(tmp_path, "a.txt")
    for file in files:
        write(tmp_path, f"b/kb/{file}")
    reading = read_folder(tmp_path)
    assert (ids(reading), reading.ignored, problems(reading)) == (
        ["a.txt"],
        ("b/kb/ (a knowledge base)",),
        [],
    )
    assert read_folder(tmp_path / "b/kb") == Reading(ignored=("./ (a knowledge base)",))


def test_a_folder_that_only_looks_like_a_knowledge_base_is_read(tmp_path: Path) -> None:
    for name in ("CURRENT", "a/gen-1/x.txt", "gen-1.txt", "old/manifest.json/x.txt"):
        write(tmp_path, name)
    reading = read_folder(tmp_path)
    assert ids(reading) == ["a/gen-1/x.txt", "gen-1.txt", "old/manifest.json/x.txt"]
    assert (reading.ignored, problems(reading)) == (("CURRENT (no reader)",), [])


def test_a_name_longer_than_any_is_a_problem(tmp_path: Path) -> None:
    assert problems(read_folder(tmp_path / ("a" * 300))) == [
        f"{'a' * 300}: cannot be opened (File name too long); check its name and permissions"
    ]


def test_a_folder_that_may_be_listed_but_not_searched_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(look: Any) -> Any:  # the tests may run as root, whom no permission stops
        def refused(path: Any, *args: Any, **options: Any) -> Any:
            if "closed/" in str(path):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return look(path, *args, **options)

        return refused

    for name in ("closed/a.txt", "closed/gen-1/manifest.json", "good.txt"):
        write(tmp_path, name)
    monkeypatch.setattr(os, "stat", refusing(os.stat))
    monkeypatch.setattr(os, "lstat", refusing(os.lstat))
    reading = read_folder(tmp_path)
    assert ids(reading) == ["good.txt"]
    assert problems(reading) == [
        "closed/a.txt: cannot be opened (Permission denied); check its name and permissions",
        "closed/gen-1: cannot be opened (Permission denied); check its name and permissions",
    ]


def test_a_draft_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndraft: true\n---\nText.")
    assert read_folder(tmp_path) == Reading(ignored=("a.md (draft)",))


def test_every_file_whose_bytes_were_read_is_told_with_their_digest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.png").write_bytes(b"abc")

    told = [(file.name, file.size, file.sha256[:8]) for file in read_folder(tmp_path).files]

    # The digest of "abc" is the example of FIPS 180-4; c.png has no reader.
    assert told == [("a.txt", 3, "ba7816bf"), ("b.txt", 0, "e3b0c442")]
