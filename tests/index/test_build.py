import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path

import pytest

from index.build import BuildReport, build, corpus_digest
from index.encoder import Vectors
from index.errors import BuildError, KnowledgeBaseMissing
from index.generation import read_manifest
from index.knowledge import Knowledge
from index.publish import building
from index.readers import Reading, read_folder
from tests.index.sources import ARTICLE, ENCODED, FAQ, encoder, sources
from tests.index.texts import article, faq
from tests.keyword_encoder import KeywordEncoder


def test_a_first_build_counts_what_it_found(tmp_path: Path) -> None:
    told = encoder()
    folder = sources(tmp_path / "sources")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    assert build(folder, tmp_path / "kb", told) == BuildReport(
        generation="gen-1",
        faq_entries=3,
        articles=1,
        passages=4,
        unchanged=0,
        new=4,
        removed=0,
        encoded=13,
        problems=(),
        ignored=("photo.png (no reader)",),
    )
    assert sorted(told.calls) == sorted(ENCODED)
    manifest = read_manifest(tmp_path / "kb")
    assert manifest.counts == {"documents": 4, "passages": 4, "sentences": 5, "questions": 4}
    assert (manifest.encoder, manifest.fingerprint, manifest.dim) == (
        "keywords",
        "keywords:dog,cat,km,armies",
        5,
    )


def test_a_second_build_with_nothing_new_does_nothing(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    build(folder, tmp_path / "kb", encoder())
    before = times(tmp_path / "kb")
    told = encoder()
    report = build(folder, tmp_path / "kb", told)
    assert told.calls == []
    assert report == BuildReport("gen-1", 3, 1, 4, 4, 0, 0, 0, (), (), changed=False)
    assert times(tmp_path / "kb") == before


def times(kb: Path) -> dict[Path, int]:
    """When each file was written, but the lock, which says who builds."""
    return {p: p.stat().st_mtime_ns for p in kb.rglob("*") if p.name != ".lock"}


def test_a_text_that_stands_twice_is_encoded_once(tmp_path: Path) -> None:
    told = encoder()
    build(sources(tmp_path / "s", "## Dog?\n\nSame.\n\n## Cat?\n\nSame.\n"), tmp_path / "kb", told)
    assert len(told.calls) == len(set(told.calls))
    assert told.calls.count("Same.") == 1


def test_only_what_changed_is_encoded(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    sources(tmp_path / "sources", FAQ.replace("Four km.", "About four km."))
    told = encoder()
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert told.calls == ["How wide is it?\nAbout four km.", "About four km."]
    assert report == BuildReport("gen-2", 3, 1, 4, 3, 1, 1, 2, (), ())
    assert Knowledge.load(tmp_path / "kb", told).passages[1].text == "About four km."


def test_an_incremental_build_equals_a_full_one(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    sources(tmp_path / "sources", FAQ.replace("Four km.", "A dog and a cat."), "# Cats\n\nA cat.\n")
    build(tmp_path / "sources", tmp_path / "kb", encoder())
    build(tmp_path / "sources", tmp_path / "fresh", encoder())
    assert read_manifest(tmp_path / "kb").files == read_manifest(tmp_path / "fresh").files


def test_what_went_is_counted(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    (tmp_path / "sources" / "walk.md").unlink()
    told = encoder()
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert told.calls == []
    assert report == BuildReport("gen-2", 3, 0, 3, 3, 0, 1, 0, (), ())


def test_metadata_alone_is_published_and_nothing_encoded(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    sources(tmp_path / "sources", article=ARTICLE.replace("/walk", "/stroll"))
    told = encoder()
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert told.calls == []
    assert report == BuildReport("gen-2", 3, 1, 4, 4, 0, 0, 0, (), ())
    loaded = Knowledge.load(tmp_path / "kb", told)
    assert loaded.document("walk.md").url == "https://example.org/stroll"


def test_for_another_encoder_everything_is_new(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    told = encoder("other")
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert sorted(told.calls) == sorted(ENCODED)
    assert report == BuildReport("gen-2", 3, 1, 4, 0, 4, 0, 13, (), ())


@pytest.mark.parametrize("lost", ["gen-1/manifest.json", "gen-1/documents.jsonl"])
@pytest.mark.parametrize("data", [None, b"", b"garbage"])
def test_a_damaged_knowledge_base_is_built_anew(
    tmp_path: Path, lost: str, data: bytes | None
) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    (tmp_path / "kb" / lost).unlink()
    if data is not None:
        (tmp_path / "kb" / lost).write_bytes(data)
    told = encoder()
    assert build(tmp_path / "sources", tmp_path / "kb", told).new == 4
    assert sorted(told.calls) == sorted(ENCODED)
    assert len(Knowledge.load(tmp_path / "kb", told).passages) == 4


@pytest.mark.parametrize(("data", "then"), [(None, "gen-1"), (b"", "gen-2"), (b"garbage", "gen-2")])
def test_where_only_the_name_is_damaged_nothing_is_encoded_anew(
    tmp_path: Path, data: bytes | None, then: str
) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    (tmp_path / "kb" / "CURRENT").unlink()
    if data is not None:
        (tmp_path / "kb" / "CURRENT").write_bytes(data)
    told = encoder()
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert (told.calls, report.unchanged, report.generation) == ([], 4, then)
    assert Knowledge.load(tmp_path / "kb", told).degraded == ""


def test_the_same_sources_by_another_spelling_are_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sources(tmp_path / "sources")
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    for spelling in (Path("sources"), folder, Path("sources/../link")):
        assert build(spelling, Path("kb"), encoder()).generation == "gen-1"
    assert read_manifest(Path("kb")).sources == str(folder.resolve())


def test_a_link_to_one_file_is_kept_as_a_link(tmp_path: Path) -> None:
    (sources(tmp_path / "sources") / "link.md").symlink_to("faq.md")
    build(tmp_path / "sources" / "link.md", tmp_path / "kb", encoder())
    kept = Path(read_manifest(tmp_path / "kb").sources)
    assert kept == (tmp_path / "sources").resolve() / "link.md"
    assert build(kept, tmp_path / "kb", encoder()).generation == "gen-1"


def test_other_bytes_with_the_same_text_are_noted_and_nothing_encoded(tmp_path: Path) -> None:
    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    sources(tmp_path / "sources", FAQ + "\n\n")
    told = encoder()
    report = build(tmp_path / "sources", tmp_path / "kb", told)
    assert (told.calls, report.generation) == ([], "gen-2")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    manifests = []
    for name in ("one", "two"):
        build(folder, tmp_path / name, encoder())
        manifests.append(replace(read_manifest(tmp_path / name), built=""))
    assert manifests[0] == manifests[1]  # which has the digest of every file


def test_progress_reaches_the_total(tmp_path: Path) -> None:
    entries = "".join(f"## Question {n}?\n\nAnswer {n}.\n\n" for n in range(50))
    seen: list[tuple[int, int]] = []
    build(
        sources(tmp_path / "s", entries, "A dog."),
        tmp_path / "kb",
        encoder(),
        progress=lambda done, total: seen.append((done, total)),
    )
    # Token by token 50 questions, alone and with their answers, and the article with its title;
    # and 50 answers and the article alone, between the two batches of the former.
    assert seen == [(0, 152), (64, 152), (115, 152), (152, 152)]


def test_a_synonyms_file_is_no_document_and_its_change_is_noticed(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    build(folder, tmp_path / "kb", encoder())
    (folder / "synonyms.txt").write_text("zone, area\narmies => troops\n")
    told = encoder()
    report = build(folder, tmp_path / "kb", told)
    assert (report.generation, report.passages, report.synonyms) == ("gen-2", 4, 2)
    assert told.calls == []
    knowledge = Knowledge.load(tmp_path / "kb", told)
    assert [group.asked for group in knowledge.lexical.synonyms.groups] == [
        ("zone", "area"),
        ("armies",),
    ]
    assert build(folder, tmp_path / "kb", encoder()).generation == "gen-2"
    (folder / "synonyms.txt").unlink()
    assert build(folder, tmp_path / "kb", encoder()).generation == "gen-3"


def test_the_build_itself_parses_no_synonyms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sources(tmp_path / "sources")
    (folder / "synonyms.txt").write_text("zone, area\n")
    monkeypatch.delattr("index.readers.synonyms.read_synonyms")
    assert build(folder, tmp_path / "kb", encoder()).synonyms == 1


def test_a_synonyms_file_that_is_wrong_stops_the_build_with_its_line(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    (folder / "synonyms.txt").write_text("zone, area\n\nzone\n")
    with pytest.raises(BuildError, match=r"1 problem; .* --skip-errors$") as caught:
        build(folder, tmp_path / "kb", encoder())
    assert [str(problem) for problem in caught.value.problems] == [
        "synonyms.txt:3: one entry has no synonym; add others after commas, or remove the line"
    ]
    assert build(folder, tmp_path / "kb", encoder(), on_error="skip").synonyms == 1


def test_a_synonyms_file_of_bytes_that_are_no_text_is_a_problem(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    (folder / "synonyms.txt").write_bytes(b"caf\xe9, bar")
    with pytest.raises(BuildError, match="1 problem") as caught:
        build(folder, tmp_path / "kb", encoder())
    assert [p.source for p in caught.value.problems] == ["synonyms.txt"]


def test_only_the_file_at_the_top_of_the_folder_holds_synonyms(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    (folder / "more").mkdir()
    (folder / "more" / "synonyms.txt").write_text("A dog and a cat are friends.")
    report = build(folder, tmp_path / "kb", encoder())
    assert (report.articles, report.synonyms) == (2, 0)
    alone = build(folder / "more" / "synonyms.txt", tmp_path / "alone", encoder())
    assert (alone.articles, alone.synonyms) == (1, 0)


def test_a_build_knows_the_language_of_its_sources(tmp_path: Path) -> None:
    german = "# Der Hund\n\nEin Hund ging den Weg entlang, und eine Katze kam ihm nach.\n"
    folder = sources(tmp_path / "sources", "## Wer ist das?\n\nDas ist der alte Hund.\n", german)
    assert build(folder, tmp_path / "kb", encoder()).language == "de"
    assert read_manifest(tmp_path / "kb").language == "de"
    knowledge = Knowledge.load(tmp_path / "kb", encoder())
    assert knowledge.language == "de"
    assert knowledge.speller.repaired("die Katez").text == "die Katze"


BROKEN = FAQ + "\n## And how high?\n"


def test_a_problem_stops_the_build(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources", BROKEN)
    with pytest.raises(BuildError, match=r"sources: 1 problem.* with --skip-errors$") as caught:
        build(folder, tmp_path / "kb", encoder())
    assert [str(problem) for problem in caught.value.problems] == [
        "faq.md:16: this question has no answer; add text below it or remove the heading"
    ]
    assert [path.name for path in (tmp_path / "kb").iterdir()] == [".lock"]


def test_equal_texts_are_counted_each(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    build(folder, tmp_path / "kb", encoder())
    (folder / "copy.md").write_text(ARTICLE, "utf-8")

    more = build(folder, tmp_path / "kb", encoder())
    (folder / "copy.md").unlink()
    fewer = build(folder, tmp_path / "kb", encoder())

    assert (more.unchanged, more.new, more.removed, more.encoded) == (4, 1, 0, 0)
    assert (fewer.unchanged, fewer.new, fewer.removed) == (4, 0, 1)


def test_a_path_that_no_file_can_have_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        BuildError, match=r"x: there is no such folder; name the one with your FAQs$"
    ):
        build(tmp_path / ("x" * 300), tmp_path / "kb", encoder())


def test_a_problem_may_be_skipped(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources", BROKEN)
    report = build(folder, tmp_path / "kb", encoder(), on_error="skip")
    assert (report.faq_entries, report.articles) == (3, 1)
    assert [(p.source, p.line) for p in report.problems] == [("faq.md", 16)]


@pytest.mark.parametrize(
    ("files", "left_out"),
    [
        ({}, ""),
        ({"a.png": "x", "b.doc": "y"}, r" \(2 left out\)"),
    ],
)
def test_a_folder_without_text_says_what_to_put_there(
    tmp_path: Path, files: dict[str, str], left_out: str
) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    complaint = rf"sources: no FAQ entry and no article found here{left_out}; put \.csv, "
    with pytest.raises(BuildError, match=complaint):
        build(folder, tmp_path / "kb", encoder())
    with pytest.raises(KnowledgeBaseMissing, match="kb: no knowledge base here"):
        Knowledge.load(tmp_path / "kb", encoder())


def test_two_documents_with_one_id_name_both_places(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.md").write_text("---\nid: walk\n---\n\nA dog.\n")
    (folder / "b.md").write_text("---\nid: walk\n---\n\n\nA cat.\n")
    complaint = r"b\.md:6: has the id 'walk', as has a\.md:5; give one of them another id"
    with pytest.raises(BuildError, match=complaint):
        build(folder, tmp_path / "kb", encoder())


def test_two_passages_with_one_id_name_both_places(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.md").write_text("---\nid: walk\n---\n\nA dog.\n")
    (folder / "b.csv").write_text("id,question,answer\nwalk:p1,Who?,A cat.\n")
    with pytest.raises(BuildError, match=r"b\.csv:2: has the id 'walk:p1', as has a\.md:5"):
        build(folder, tmp_path / "kb", encoder())


def test_a_second_builder_is_told(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    told = encoder()
    complaint = rf"kb: another build is running here \(process {os.getpid()}\); wait for it"
    with building(tmp_path / "kb"), pytest.raises(BuildError, match=complaint):
        build(folder, tmp_path / "kb", told)
    assert told.calls == []
    assert build(folder, tmp_path / "kb", told).generation == "gen-1"


def test_sources_are_read_by_one_builder_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, kb = sources(tmp_path / "sources"), tmp_path / "kb"

    def slowly(root: Path) -> Reading:
        read = read_folder(root)
        with pytest.raises(BuildError, match="kb: another build is running here"), building(kb):
            pass  # never reached: what it read meanwhile would be newer than this
        return read

    monkeypatch.setattr("index.build.read_folder_apart", slowly)
    assert build(folder, kb, encoder()).generation == "gen-1"


def test_a_builder_that_waits_reads_what_is_there_when_its_turn_comes(tmp_path: Path) -> None:
    folder, kb = sources(tmp_path / "sources"), tmp_path / "kb"
    with ThreadPoolExecutor(1) as other:
        with building(kb):
            waiting = other.submit(build, folder, kb, encoder(), wait=60)
            with pytest.raises(TimeoutError):
                waiting.result(0.1)
            sources(folder, FAQ.replace("Four km.", "Five km."))
        assert waiting.result().generation == "gen-1"
    assert Knowledge.load(kb, encoder()).passages[1].text == "Five km."


def test_a_place_that_is_a_file_is_no_place_to_build(tmp_path: Path) -> None:
    (tmp_path / "kb").write_text("mine")
    with pytest.raises(BuildError, match=r"kb: cannot be written \(File exists\); .* --out$"):
        build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    assert (tmp_path / "kb").read_text() == "mine"


def test_a_full_disk_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    build(sources(tmp_path / "sources"), tmp_path / "kb", encoder())
    sources(tmp_path / "sources", FAQ.replace("Four", "Five"))
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        complaint = r"kb: cannot be written \(No space left on device\); "
        with pytest.raises(BuildError, match=complaint):
            build(tmp_path / "sources", tmp_path / "kb", encoder())
    assert Knowledge.load(tmp_path / "kb", encoder()).passages[1].text == "Four km."
    assert build(tmp_path / "sources", tmp_path / "kb", encoder()).generation == "gen-2"


class FailingEncoder(KeywordEncoder):
    """Gives up at the word armies."""

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        if any("armies" in text for text in passages):
            raise MemoryError("no more")
        return super().encode_passages(passages)


def test_an_encoder_that_fails_leaves_the_old_generation(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources", "## How wide is it?\n\nFour km.\n")
    failing = FailingEncoder("km")
    build(folder, tmp_path / "kb", failing)
    with pytest.raises(MemoryError, match="no more"):
        build(sources(folder), tmp_path / "kb", failing)
    assert Knowledge.load(tmp_path / "kb", failing).passages[0].text == "Four km."


def test_the_corpus_is_its_documents_in_order_with_all_they_say() -> None:
    one, two = faq("Who?", "Two armies.", id="1"), article(("paragraph", "A dog."), id="2")
    digest = corpus_digest([one, two])
    assert corpus_digest([replace(one), replace(two)]) == digest
    others = [
        [two, one],
        [one],
        [one, replace(two, url="https://example.org/")],
        [one, replace(two, date="2026-01-02")],
        [one, replace(two, line=2)],
        [replace(one, alternates=("What?",)), two],
        [replace(one, title="Who is it?"), two],
        [faq("Who?", "Two cats.", id="1"), two],
    ]
    assert len({digest, *map(corpus_digest, others)}) == 9
