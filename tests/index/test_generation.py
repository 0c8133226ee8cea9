import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import (
    BuildError,
    KnowledgeBaseDamaged,
    KnowledgeBaseError,
    KnowledgeBaseMissing,
)
from index.generation import current, earlier, read_manifest, serving, verify
from index.manifest import SCHEMA, Manifest
from index.publish import building, publish_files, roll_back

DESCRIBED = {
    "built": "2026-01-02T03:04:05+00:00",
    "sources": "seeds",
    "corpus": "c0ffee",
    "encoder": "keywords",
    "fingerprint": "f00d",
    "dim": 2,
    "language": "en",
    "counts": {"documents": 1, "passages": 1, "sentences": 1, "questions": 0},
    "searches": {"passages": {"kind": "exact", "rows": 1}},
}
# printf 'one' | sha256sum
ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


def saying(text: str) -> Callable[[Path], None]:
    """Write one file in a folder of its own."""

    def write(stage: Path) -> None:
        (stage / "sub").mkdir()
        (stage / "sub" / "text").write_text(text)

    return write


def published(kb: Path, *texts: str) -> Path:
    for text in texts:
        publish_files(kb, saying(text), DESCRIBED)
    return kb


def served(kb: Path) -> str:
    manifest = read_manifest(kb)
    verify(kb, manifest)
    return (kb / manifest.generation / "sub" / "text").read_text()


def folders(kb: Path) -> list[str]:
    return sorted(path.name for path in kb.iterdir() if path.is_dir())


def test_what_is_published_is_read(tmp_path: Path) -> None:
    manifest = publish_files(tmp_path / "kb", saying("one"), DESCRIBED)
    assert manifest == Manifest(
        generation="gen-1",
        schema=SCHEMA,
        built="2026-01-02T03:04:05+00:00",
        sources="seeds",
        corpus="c0ffee",
        encoder="keywords",
        fingerprint="f00d",
        dim=2,
        language="en",
        counts={"documents": 1, "passages": 1, "sentences": 1, "questions": 0},
        searches={"passages": {"kind": "exact", "rows": 1}},
        files={"sub/text": (3, ONE)},
    )
    assert read_manifest(tmp_path / "kb") == manifest
    assert served(tmp_path / "kb") == "one"


def test_the_last_three_are_kept_and_older_ones_go(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two", "three")
    assert (current(kb), folders(kb)) == ("gen-3", ["gen-1", "gen-2", "gen-3"])
    published(kb, "four")
    assert (current(kb), folders(kb)) == ("gen-4", ["gen-2", "gen-3", "gen-4"])
    assert served(kb) == "four"


def test_numbers_go_on_past_nine(tmp_path: Path) -> None:
    kb = published(tmp_path, *"abcdefghijk")
    assert (current(kb), folders(kb)) == ("gen-11", ["gen-10", "gen-11", "gen-9"])


def test_what_served_until_now_stays_however_few_are_kept(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two", "three")
    roll_back(kb, "gen-1")
    publish_files(kb, saying("four"), DESCRIBED, keep=1)
    assert folders(kb) == ["gen-1", "gen-4"]


def test_whoever_reads_an_old_generation_does_not_keep_it_on_disk(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    with (kb / "gen-1" / "manifest.json").open() as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        published(kb, "two", "three", "four")
    assert folders(kb) == ["gen-2", "gen-3", "gen-4"]


def test_a_write_that_fails_leaves_the_old_generation(tmp_path: Path) -> None:
    def full(stage: Path) -> None:
        (stage / "half").write_text("hal")
        raise OSError("No space left on device")

    published(tmp_path, "one")
    with pytest.raises(OSError, match="No space left on device"):
        publish_files(tmp_path, full, DESCRIBED)
    assert served(tmp_path) == "one"


def test_every_byte_is_synced_before_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(os.fstat(fd).st_ino))
    kb = published(tmp_path, "one")
    whole = [kb / "gen-1", *(kb / "gen-1").rglob("*"), kb, kb / "CURRENT"]
    assert set(synced) == {path.stat().st_ino for path in whole}
    inodes = [path.stat().st_ino for path in (kb / "CURRENT", kb)]
    assert synced[-2:] == inodes  # last the file that switches over, and its name


def test_what_a_dead_build_left_is_swept(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    (kb / ".building" / "sub").mkdir(parents=True)
    (kb / ".building" / "sub" / "rest").write_text("half a fi")
    (kb / "gen-2").mkdir()  # renamed, but never made current
    published(kb, "two")
    assert (current(kb), folders(kb)) == ("gen-3", ["gen-1", "gen-3"])
    assert read_manifest(kb).files.keys() == {"sub/text"}
    assert served(kb) == "two"


def test_the_one_generation_of_a_build_that_died_serves_and_the_next_build_names_it(
    tmp_path: Path,
) -> None:
    kb = published(tmp_path, "one")
    named = (kb / "CURRENT").read_bytes()
    (kb / "CURRENT").unlink()
    assert (current(kb), serving(kb)[1], served(kb)) == ("gen-1", "", "one")
    with building(kb):
        assert (kb / "CURRENT").read_bytes() == named
    published(kb, "two")
    assert (current(kb), folders(kb)) == ("gen-2", ["gen-1", "gen-2"])


def test_where_one_of_several_must_have_served_its_lost_name_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two")
    (kb / "CURRENT").unlink()
    assert serving(kb)[1] == f"{kb}/CURRENT: is missing; gen-2 serves in its place"


def test_one_generation_without_a_name_that_is_not_whole_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    (kb / "CURRENT").unlink()
    (kb / "gen-1" / "sub" / "text").write_text("on")
    with pytest.raises(KnowledgeBaseDamaged, match="text: has 2 bytes, was built with 3"):
        serving(kb)
    with building(kb):
        assert not (kb / "CURRENT").exists()


@pytest.mark.parametrize("place", ["none", "empty", "file", "file/below"])
def test_where_nothing_was_built_the_command_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    complaint = f"{place}: no knowledge base here; build one with: citewell build DIR --out "
    with pytest.raises(KnowledgeBaseMissing, match=complaint):
        read_manifest(tmp_path / place)


GARBAGE = [b"", b"\n", b"gen-", b"gen-x\n", b"gen-1/../gen-1", b"../gen-1", b"\xff\xfe\0", b"1"]


@pytest.mark.parametrize("data", GARBAGE)
def test_a_current_that_names_no_generation_is_damage(tmp_path: Path, data: bytes) -> None:
    kb = published(tmp_path, "one")
    (kb / "CURRENT").write_bytes(data)
    complaint = r"CURRENT: (names no generation|cannot be read): .*; build it again with: citewell"
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        read_manifest(kb)


@pytest.mark.parametrize("data", [*GARBAGE, b"gen-7\n"])
def test_the_next_build_mends_current(tmp_path: Path, data: bytes) -> None:
    kb = published(tmp_path, "one")
    (kb / "CURRENT").write_bytes(data)
    published(kb, "two")
    assert (current(kb), served(kb)) == ("gen-2", "two")


def test_a_current_that_names_a_missing_generation_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    (kb / "CURRENT").write_text("gen-7 c0ffee\n")
    complaint = r"gen-7.manifest\.json: is missing; build it again with: citewell build DIR --out"
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        read_manifest(kb)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"gen-1"', "{}", '{"schema": 4}', '{"schema": 4, "files": []}']
)
def test_a_manifest_that_is_none_is_damage(tmp_path: Path, text: str) -> None:
    kb = published(tmp_path, "one")
    (kb / "gen-1" / "manifest.json").write_text(text)
    complaint = r"gen-1.manifest\.json: is no manifest: .*; build it again with: citewell build DIR"
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        read_manifest(kb)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("more", 1),
        ("files", {"sub/text": [3]}),
        ("files", {"sub/text": [1e999, ONE]}),
        ("generation", "gen-2"),
        ("generation", 1),
    ],
)
def test_a_manifest_with_other_fields_is_damage(tmp_path: Path, field: str, value: object) -> None:
    kb = published(tmp_path, "one")
    path = kb / "gen-1" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(KnowledgeBaseDamaged, match=r"gen-1.manifest\.json: is no manifest: "):
        read_manifest(kb)


def test_files_of_a_newer_citewell_are_left_alone(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    path = kb / "gen-1" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": SCHEMA + 1}))
    complaint = (
        rf"manifest\.json: was made by another version of Citewell \(schema {SCHEMA + 1}, "
        rf"this one reads {SCHEMA}\); build it again with"
    )
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        read_manifest(kb)


@pytest.mark.parametrize("name", ["gen-1/manifest.json", "CURRENT"])
def test_no_flipped_bit_of_what_vouches_goes_unseen(tmp_path: Path, name: str) -> None:
    kb = published(tmp_path, "one")
    path = kb / name
    whole = path.read_bytes()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        path.write_bytes(data)
        with pytest.raises(KnowledgeBaseDamaged, match=r"build it again with"):
            served(kb)


def test_a_generation_in_the_place_of_another_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two")
    (kb / "gen-2" / "sub" / "text").write_bytes((kb / "gen-1" / "sub" / "text").read_bytes())
    with pytest.raises(KnowledgeBaseDamaged, match="text: has other bytes than were built"):
        served(kb)
    for path in ("manifest.json", "sub/text"):
        (kb / "gen-2" / path).write_bytes((kb / "gen-1" / path).read_bytes())
    with pytest.raises(KnowledgeBaseDamaged, match="of gen-2, it says 'gen-1'"):
        served(kb)


def test_what_comes_back_from_the_disk_altered_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = published(tmp_path, "one")

    def lose(stage: Path) -> None:
        (stage / "sub" / "text").write_text("tw")

    monkeypatch.setattr("index.publish.sync_tree", lose)
    with pytest.raises(BuildError, match=r"came back from the disk altered: sub/text; check the"):
        published(kb, "two")
    assert served(kb) == "one"


def test_going_back_and_forth(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two", "three")
    manifest, before = roll_back(kb)
    assert (manifest.generation, before, served(kb)) == ("gen-2", "gen-3", "two")
    assert roll_back(kb, "gen-3")[0].generation == "gen-3"
    assert (served(kb), folders(kb)) == ("three", ["gen-1", "gen-2", "gen-3"])


def test_going_back_passes_over_what_is_damaged(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two", "three")
    (kb / "gen-2" / "sub" / "text").write_text("tw0")
    assert earlier(kb) == ["gen-2", "gen-1"]
    roll_back(kb)
    assert served(kb) == "one"
    with pytest.raises(KnowledgeBaseError, match="there is no earlier generation to go back to"):
        roll_back(kb)
    with pytest.raises(KnowledgeBaseDamaged, match="gen-2/sub/text: has other bytes than"):
        roll_back(kb, "gen-2")
    with pytest.raises(KnowledgeBaseError, match="holds no generation 'gen-9'; it has: gen-1, "):
        roll_back(kb, "gen-9")
    assert served(kb) == "one"


def test_where_none_before_is_whole_it_has_to_be_built_again(tmp_path: Path) -> None:
    kb = published(tmp_path, "one", "two")
    (kb / "gen-1" / "sub" / "text").unlink()
    with pytest.raises(KnowledgeBaseError, match="no generation before this one is whole; build"):
        roll_back(kb)


def test_a_file_that_became_a_folder_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    (kb / "gen-1" / "sub" / "text").unlink()
    (kb / "gen-1" / "sub" / "text").mkdir()
    with pytest.raises(KnowledgeBaseDamaged, match=r"sub.text: "):
        served(kb)


def test_a_folder_that_became_a_file_is_damage(tmp_path: Path) -> None:
    kb = published(tmp_path, "one")
    (kb / "gen-1" / "sub" / "text").unlink()
    (kb / "gen-1" / "sub").rmdir()
    (kb / "gen-1" / "sub").write_text("one")
    with pytest.raises(KnowledgeBaseDamaged, match=r"sub.text: is missing"):
        served(kb)


def test_a_second_builder_is_told(tmp_path: Path) -> None:
    with (
        building(tmp_path),
        pytest.raises(BuildError, match=rf"is running here \(process {os.getpid()}\); wait for it"),
        building(tmp_path),
    ):
        pass  # never reached


def test_the_right_to_build_is_given_back(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stop"), building(tmp_path):
        raise RuntimeError("stop")
    with building(tmp_path / "deep" / "er"), building(tmp_path):
        assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"
