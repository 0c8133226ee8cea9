"""A build that is killed goes on where it stopped."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import index.build
from index.build import build
from index.encoder import Vectors
from index.readers import read_folder
from index.scratch import FILE, Piece, Scratch, scratch_in
from tests.faults.forks import forked
from tests.index.sources import sources
from tests.keyword_encoder import KeywordEncoder

ENTRIES = "".join(f"## Question {n}?\n\nThe dog has {n} bones.\n\n" for n in range(150))
BATCHES = 8  # 300 texts with tokens and 150 without make 5 and 3


class CompanyEncoder(KeywordEncoder):
    """A text's vector leans a little on how many texts it comes with; ends after some calls."""

    def __init__(self, calls: int = 1000, end: int | None = None) -> None:
        super().__init__("dog", "bones", "question")
        self.left, self.end = calls, end

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        if not self.left:
            if self.end:
                os.kill(os.getpid(), self.end)
            raise RuntimeError("enough")
        self.left -= 1
        vectors = super().encode_passages(passages) + np.float32(len(passages) / 1000)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(autouse=True)
def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build, "read_folder_apart", read_folder)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    sources(tmp_path / "sources", ENTRIES, "A dog.")
    return tmp_path


def built(place: Path, name: str, encoder: KeywordEncoder) -> dict[str, bytes]:
    """What the generation holds but for the manifest, which tells the time."""
    build(place / "sources", place / name, encoder)
    made = place / name / "gen-1"
    return {
        path.relative_to(made).as_posix(): path.read_bytes()
        for path in made.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.mark.parametrize("exact", [50_000, 100], ids=["small", "large"])
def test_after_a_kill_only_the_rest_is_encoded_to_the_same_bytes(
    place: Path, exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.encoding.EXACT", exact)
    whole = CompanyEncoder()
    unharmed = built(place, "unharmed", whole)
    killed = forked(lambda: built(place, "kb", CompanyEncoder(5, signal.SIGKILL)))
    assert killed.code == -signal.SIGKILL
    seen: list[tuple[int, int]] = []
    second = CompanyEncoder()

    report = build(place / "sources", place / "kb", second, progress=lambda *at: seen.append(at))

    assert second.left == 1000 - (BATCHES - 5)
    assert 0 < len(second.calls) == report.encoded < len(whole.calls)
    assert seen[0] == (len(whole.calls) - report.encoded, len(whole.calls))
    assert built(place, "kb", second) == unharmed
    assert not (place / "kb" / FILE).exists()


def test_what_another_model_encoded_is_not_taken_over(place: Path) -> None:
    with pytest.raises(RuntimeError, match="enough"):
        built(place, "kb", CompanyEncoder(5))
    other = KeywordEncoder("dog", "cat")

    report = build(place / "sources", place / "kb", other)

    assert (
        report.encoded == len(other.calls) == 3 * 150 + 2
    )  # the article has a passage, a sentence


def test_changed_sources_take_over_what_stayed(place: Path) -> None:
    with pytest.raises(RuntimeError, match="enough"):
        built(place, "kb", CompanyEncoder(BATCHES - 1))
    sources(place / "sources", ENTRIES + "## One more?\n\nNo cat.\n", "A dog.")
    second = CompanyEncoder()

    report = build(place / "sources", place / "kb", second)

    assert report.encoded <= 64 + 3
    assert {"One more?", "One more?\nNo cat.", "No cat."} <= set(second.calls)


def test_one_that_has_become_large_takes_over_no_tokens(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match="enough"):
        built(place, "kb", CompanyEncoder(BATCHES - 1))
    monkeypatch.setattr("index.encoding.EXACT", 100)

    assert built(place, "kb", CompanyEncoder()) == built(place, "unharmed", CompanyEncoder())


def piece(value: float) -> Piece:
    return Piece(np.full(2, value, np.float32), (np.full((3, 2), int(value), np.int8),))


def test_packed_tokens_come_back_as_they_were(tmp_path: Path) -> None:
    codes = (np.arange(6, dtype=np.uint8).reshape(2, 3), np.empty((0, 3), np.uint8))
    with (tmp_path / "scratch").open("w+b") as stream:
        Scratch(stream, "f").update({"one": Piece(np.ones(9, np.float32), codes)})
        kept = Scratch(stream, "f")["one"]

    assert [(rows.tolist(), str(rows.dtype)) for rows in kept.codes] == [
        ([[0, 1, 2], [3, 4, 5]], "uint8"),
        ([], "uint8"),
    ]
    assert kept.vector.tolist() == [1] * 9


@pytest.mark.parametrize("torn", [1, 40, 41, 100])
def test_a_torn_end_is_dropped(tmp_path: Path, torn: int) -> None:
    path = tmp_path / "scratch"
    with path.open("w+b") as stream:
        Scratch(stream, "f").update({"first": piece(1)})
        whole = path.stat().st_size
        Scratch(stream, "f").update({"second": piece(2), "third": piece(3)})
    os.truncate(path, path.stat().st_size - torn)

    with path.open("r+b") as stream:
        left = Scratch(stream, "f")

        assert (left.started, "first" in left, "second" in left) == (1, True, False)
        assert path.stat().st_size == whole
        left.update({"second": piece(4)})
        assert left["second"].vector.tolist() == [4, 4]
        assert [rows.tolist() for rows in left["first"].codes] == [[[1, 1]] * 3]


def test_altered_bytes_are_dropped_with_all_that_follows(tmp_path: Path) -> None:
    path = tmp_path / "scratch"
    with path.open("w+b") as stream:
        scratch = Scratch(stream, "f")
        scratch.update({"first": piece(1)})
        scratch.update({"second": piece(2)})
    data = bytearray(path.read_bytes())
    data[len(data) // 2 - 3] ^= 1
    path.write_bytes(data)

    with path.open("r+b") as stream:
        assert Scratch(stream, "f").started in (0, 1)
        assert "second" not in Scratch(stream, "f")


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / FILE).symlink_to(tmp_path / "theirs")

    with scratch_in(tmp_path, "f") as scratch:
        scratch.update({"first": piece(1)})

    assert (tmp_path / "theirs").read_text() == "theirs"
    assert not (tmp_path / FILE).exists()


def interrupted(folder: Path) -> None:
    with scratch_in(folder, "f") as scratch:
        scratch.update({"first": piece(1)})
        raise KeyboardInterrupt


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path)

    with scratch_in(tmp_path, "f") as scratch:
        assert scratch.started == 1
