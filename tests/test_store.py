"""What a keeper of a knowledge base sees: its condition, whether it is whole, and going back."""

import json
import re
from pathlib import Path

import pytest

from index import tracking
from index.errors import KnowledgeBaseDamaged
from index.generation import read_manifest
from index.readers import Content, Reading, SourceFile
from index.tracking import Source, compared, sources_of
from tests.conftest import Citewell
from tests.keyword_encoder import KeywordEncoder

FERRY = "## When does the ferry leave?\n\nThe ferry leaves at nine.\n"
TIDE = "# Tides\n\nThe tide turns at noon.\n"


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("sources")
    folder.mkdir()
    (folder / "faq.md").write_text(FERRY)
    (folder / "tides.md").write_text(TIDE)
    return folder


@pytest.fixture
def kb(citewell: Citewell, keyword_model: KeywordEncoder, sources: Path) -> Path:
    """Three generations; the ferry leaves an hour later in each."""
    assert citewell("build", sources).code == 0
    for hour in ("ten", "eleven"):
        (sources / "faq.md").write_text(FERRY.replace("nine", hour))
        assert citewell("build", sources).code == 0
    assert keyword_model.calls
    return Path("kb")


def told(citewell: Citewell, *command: str) -> list[str]:
    """The lines of standard output, each day and hour as T."""
    ran = citewell(*command)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "T", ran.out).splitlines()


def test_a_new_knowledge_base_is_fresh(citewell: Citewell, kb: Path) -> None:
    lines = told(citewell, "status")

    assert lines[0] == f"{kb}: gen-3, built T from sources"
    assert lines[1] == "2 documents, 2 passages, 1 questions, 2 sentences"
    assert lines[4:] == [
        "sources: 2 fresh",
        "  fresh    faq.md (1 document)",
        "  fresh    tides.md (1 document)",
    ]


def test_what_changed_since_is_named_with_the_command_that_takes_it_in(
    citewell: Citewell, kb: Path, sources: Path
) -> None:
    (sources / "faq.md").write_text(FERRY)
    (sources / "tides.md").unlink()
    (sources / "more.txt").write_text("More.")

    assert told(citewell, "status")[4:] == [
        "sources: 1 changed, 1 gone, 1 new",
        "  changed  faq.md (1 document)",
        "  gone     tides.md (1 document)",
        "  new      more.txt",
        f"To take that in: citewell build sources --out {kb}",
    ]


def test_what_could_not_be_read_is_named_with_the_reason(
    citewell: Citewell, kb: Path, sources: Path
) -> None:
    (sources / "tides.md").write_bytes(b"# Tides\n\nThe tide \xff turns.\n")
    assert citewell("build", sources, "--skip-errors").code == 0

    assert told(citewell, "status")[4:] == [
        "sources: 1 failed, 1 fresh",
        "  failed   tides.md (no document)",
        "           tides.md:3: not UTF-8 at byte 18; save the file as UTF-8",
        "  fresh    faq.md (1 document)",
    ]
    (found,) = [f for f in status(citewell)["files"] if f["state"] == "failed"]
    assert found["why"] == ["tides.md:3: not UTF-8 at byte 18; save the file as UTF-8"]
    assert kb.exists()


def status(citewell: Citewell) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(citewell("status", "--json").out)
    return found


def test_sources_that_have_moved_can_be_named(
    citewell: Citewell, kb: Path, sources: Path, tmp_path: Path
) -> None:
    sources.rename("elsewhere")
    assert told(citewell, "status")[-1] == (
        "sources: sources is not here to compare with; name the folder with --sources"
    )
    assert told(citewell, "status", "--sources", "elsewhere")[4] == "sources: 2 fresh"
    assert (tmp_path / kb).exists()


def test_from_another_working_directory_the_same_sources_are_looked_at(
    citewell: Citewell, kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "sources").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    lines = told(citewell, "status", "--kb", f"../{kb}")

    assert lines[0] == f"../{kb}: gen-3, built T from {tmp_path.resolve()}/sources"
    assert lines[4] == "sources: 2 fresh"


def test_every_generation_is_checked(citewell: Citewell, kb: Path) -> None:
    lines = told(citewell, "verify")
    assert [re.sub(r"[\d,]+ bytes", "N bytes", line) for line in lines] == [
        "gen-1: whole, 12 files, N bytes, built T",
        "gen-2: whole, 12 files, N bytes, built T",
        "gen-3 (serves): whole, 12 files, N bytes, built T",
    ]
    assert citewell("verify", "--kb", kb).code == 0


def test_damage_is_named_and_what_serves_in_its_place(citewell: Citewell, kb: Path) -> None:
    path = kb / "gen-3" / "passages.faiss"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    ran = citewell("verify")
    assert ran.code == 4
    assert ran.out.splitlines()[1].startswith("gen-2 (serves): whole, 12 files, ")
    assert ran.out.splitlines()[2:] == [
        f"gen-3 (current): DAMAGED: {path}: has other bytes than were built",
        "Build it again with: citewell build DIR --out kb; or go back to one that is whole: "
        "citewell rollback gen-2 --kb kb",
    ]
    instead = f"{path}: has other bytes than were built; gen-2 serves in its place"
    assert told(citewell, "status")[0] == f"DAMAGED: {instead}"
    asked = citewell("ask", "When does the ferry leave?")
    assert "leaves at ten" in asked.out
    assert asked.err == f"citewell: damaged: {instead}\n"
    assert told(citewell, "rollback")[1] == (
        "gen-3 is damaged, and no going back to: remove kb/gen-3 at will"
    )


def test_where_nothing_is_whole_no_going_back_is_offered(citewell: Citewell, kb: Path) -> None:
    for path in kb.glob("gen-*/passages.faiss"):
        path.unlink()
    assert citewell("verify").out.splitlines()[-1] == (
        "Build it again with: citewell build DIR --out kb"
    )


def test_a_current_that_is_damaged_is_named(citewell: Citewell, kb: Path) -> None:
    (kb / "CURRENT").write_text("gen-3\n")
    ran = citewell("verify")
    assert ran.code == 4
    assert ran.out.startswith(f"DAMAGED: {kb}/CURRENT: names no generation: 'gen-3\\n'\n")
    assert json.loads(citewell("verify", "--json").out)["sound"] is False
    assert citewell("rollback", "gen-3").code == 0  # which makes it the current one again
    assert citewell("verify").code == 0


def test_damage_that_does_not_serve_is_told_and_no_failure(citewell: Citewell, kb: Path) -> None:
    (kb / "gen-2" / "passages.faiss").unlink()
    ran = citewell("verify")
    assert (ran.code, ran.out.splitlines()[-1]) == (
        0,
        "What serves is whole. There is no going back to kb/gen-2: remove it at will.",
    )


def test_going_back_and_forth(citewell: Citewell, kb: Path) -> None:
    assert told(citewell, "rollback") == [
        "kb: gen-2 serves again, built T",
        "gen-3 is kept: citewell rollback gen-3 --kb kb",
        "It stays so until sources changes or you run: citewell build sources --out kb",
    ]
    assert "leaves at ten" in citewell("ask", "When does the ferry leave?").out
    stands = told(citewell, "status")
    assert stands[1] == (
        "rolled back: it stays so until sources changes or you run: citewell build sources --out kb"
    )
    assert stands[5] == "sources: 1 changed, 1 fresh"
    assert json.loads(citewell("status", "--json").out)["held"]
    Path("sources").rename("elsewhere")
    assert json.loads(citewell("status", "--json").out)["held"] is None
    Path("elsewhere").rename("sources")
    assert kb.exists()
    assert told(citewell, "rollback", "gen-3") == [
        "kb: gen-3 serves again, built T",
        "gen-2 is kept: citewell rollback gen-2 --kb kb",
    ]
    assert told(citewell, "rollback", "gen-3") == ["kb: gen-3 serves already, built T"]
    assert not json.loads(citewell("status", "--json").out)["held"]
    assert "leaves at eleven" in citewell("ask", "When does the ferry leave?").out


def test_going_back_to_what_is_not_there(citewell: Citewell, kb: Path) -> None:
    ran = citewell("rollback", "gen-9")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "citewell: kb: holds no generation 'gen-9'; it has: gen-1, gen-2, gen-3\n"
    assert citewell("rollback", "gen-1").code == 0
    none = "citewell: kb: there is no earlier generation to go back to\n"
    assert citewell("rollback").err == none
    assert kb.exists()


@pytest.mark.parametrize("command", ["status", "verify", "rollback"])
def test_where_nothing_was_built_nothing_is_made(
    citewell: Citewell, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = citewell(command)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("citewell: kb: no knowledge base here; build one with: ")
    assert list(tmp_path.iterdir()) == []


def test_only_as_many_generations_stay_as_are_wanted(
    citewell: Citewell, kb: Path, sources: Path
) -> None:
    (sources / "faq.md").write_text(FERRY.replace("nine", "noon"))
    assert citewell("build", sources, "--keep", "1").code == 0
    # What served until now stays whatever is wanted: a server may still have it.
    assert sorted(path.name for path in kb.glob("gen-*")) == ["gen-3", "gen-4"]


def test_what_became_of_the_sources_is_checked_and_no_other_file_read_for_it(kb: Path) -> None:
    manifest = read_manifest(kb)
    (kb / "gen-3" / "documents.jsonl").unlink()
    assert [source.name for source in tracking.load(kb, manifest)] == ["faq.md", "tides.md"]

    file = kb / "gen-3" / "sources.json"
    file.write_text(file.read_text().replace("faq.md", "faw.md"))
    with pytest.raises(KnowledgeBaseDamaged, match=r"sources\.json: has other bytes than were"):
        tracking.load(kb, manifest)


def test_a_file_that_could_never_be_opened_is_failed_and_not_gone() -> None:
    problem = SourceFile("a.md", b"").problem(0, "cannot be opened")
    built = sources_of(Reading(problems=(problem,), files=(Content("b.md", 1, "0f"),)))
    assert built == (
        Source("a.md", 0, "", 0, ("a.md: cannot be opened",)),
        Source("b.md", 1, "0f"),
    )
    states = [(one.name, one.state) for one in compared(built, [Content("b.md", 1, "0f")])]
    assert states == [("a.md", "failed"), ("b.md", "fresh")]
