"""Nothing piles up: questions, generations, threads, open files. A copy answers as its original."""

import gc
import os
import shutil
import threading
import weakref
from pathlib import Path

import pytest

from index.build import build
from index.errors import EncoderMismatch
from index.knowledge import Knowledge
from qa.answerer import Answerer
from tests.faults.store import QUESTIONS, TOPICS, answers, ask, built, encoder, sources
from tests.keyword_encoder import KeywordEncoder

FILES = Path("/proc/self/fd")


def open_files() -> int:
    gc.collect()
    return len(list(FILES.iterdir()))


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("long"), 2)


@pytest.mark.skipif(not FILES.exists(), reason="only Linux lists a process's open files")
def test_questions_leave_no_thread_and_no_open_file(kb: Path) -> None:
    answerer = Answerer(Knowledge.load(kb, encoder()), encoder())
    answerer.explain_each(QUESTIONS)
    before = (open_files(), threading.active_count())
    for number in range(200):
        answerer.explain_each([f"When does the {TOPICS[number % 8]} leave?"] * 10)
    assert (open_files(), threading.active_count()) == before


@pytest.mark.skipif(not FILES.exists(), reason="only Linux lists a process's open files")
def test_generations_that_are_let_go_are_freed(kb: Path) -> None:
    before, old = open_files(), []
    for _ in range(20):
        serving = Knowledge.load(kb, encoder())
        old.append(weakref.ref(serving))
        answers(serving)
    del serving  # what it has mapped is open until then
    assert open_files() == before
    assert [ref for ref in old if ref() is not None] == []


def test_a_copy_taken_while_it_serves_answers_the_same_elsewhere(kb: Path, tmp_path: Path) -> None:
    answerer = Answerer(Knowledge.load(kb, encoder()), encoder())
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            answerer.answer(QUESTIONS[0])

    threads = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in threads:
        thread.start()
    shutil.copytree(kb, tmp_path / "restored")
    done.set()
    for thread in threads:
        thread.join()
    restored = Answerer(Knowledge.load(tmp_path / "restored", encoder()), encoder())
    asked = [f"When does the {TOPICS[n % 8]} leave from quay {n % 13}?" for n in range(100)]
    wire = [[e.answer.to_dict() for e in a.explain_each(asked)] for a in (answerer, restored)]
    for answer in (answer for each in wire for answer in each):
        del answer["id"], answer["took_ms"]
    assert wire[0] == wire[1]


def test_a_copy_taken_while_builds_go_on_is_one_generation(tmp_path: Path) -> None:
    kb, done = built(tmp_path, 2), threading.Event()

    def keep_building() -> None:
        number = 3
        while not done.is_set():
            build(sources(tmp_path / "sources", number), kb, encoder())
            number += 1

    thread = threading.Thread(target=keep_building)
    thread.start()
    copies = []
    for number in range(10):
        copy = tmp_path / f"copy{number}"
        os.system(f"cp -r '{kb}' '{copy}' 2>/dev/null")  # what goes meanwhile is not copied
        copies.append(copy)
    done.set()
    thread.join()
    for said in map(ask, copies):
        number = said["generation"].removeprefix("gen-")
        texts = [answer["text"] for answer in said["answers"]]
        assert texts[0] == f"The ferry leaves quay 0 at {number} o'clock."
        assert texts[2].endswith(f"The gull sleeps until {number}.")


def test_one_in_a_hundred_changed_encodes_just_these(tmp_path: Path) -> None:
    counting = KeywordEncoder(*TOPICS)
    folder = sources(tmp_path / "sources", 1, 400)
    build(folder, tmp_path / "kb", counting)
    counting.calls.clear()
    text = (folder / "faq.md").read_text()
    for entry in (3, 99, 200, 311):
        text = text.replace(f"quay {entry} at 1 o'clock", f"quay {entry} at noon")
    (folder / "faq.md").write_text(text)
    report = build(folder, tmp_path / "kb", counting)
    assert (report.passages, report.new, report.encoded) == (401, 4, 8)
    leaves = [f"The {TOPICS[n % 8]} leaves quay {n} at noon." for n in (3, 99, 200, 311)]
    asked = [f"When does the {TOPICS[n % 8]} leave from quay {n}?" for n in (3, 99, 200, 311)]
    whole = [f"{q}\n{text}" for q, text in zip(asked, leaves, strict=True)]
    assert sorted(counting.calls) == sorted([*whole, *leaves])


def test_another_model_of_the_same_name_is_told_apart(kb: Path) -> None:
    other = encoder()
    other.fingerprint = "f00d" * 16
    told = r"was built with keywords \(keywords:fer\), not keywords \(f00df00df00d\); load it with"
    with pytest.raises(EncoderMismatch, match=told):
        Knowledge.load(kb, other)
