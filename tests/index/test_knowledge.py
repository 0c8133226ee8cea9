import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.build import assemble, build
from index.errors import EncoderMismatch, KnowledgeBaseDamaged
from index.knowledge import Knowledge
from index.known import known_vectors
from index.publish import publish_files, roll_back
from index.store.faiss import FaissStore
from index.store.mapped import write_arrays
from index.store.rounded import RoundedStore
from index.stores import Stores
from tests.index.sources import ENCODED, FAQ, encoder, sources
from tests.index.texts import article, faq
from tests.keyword_encoder import KeywordEncoder

LONG = faq("How long?", "Two km. Or three.", id="long", alternates=("What length?",))
WALK = article(("paragraph", "A dog."), ("heading", "B", 1), ("paragraph", "A cat."), id="walk")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(sources(folder / "sources"), folder / "kb", encoder())
    return folder / "kb"


@pytest.fixture
def kb(built: Path, tmp_path: Path) -> Path:
    """A knowledge base of its own for each test."""
    return Path(shutil.copytree(built, tmp_path / "kb"))


def test_rows_lead_to_passages() -> None:
    knowledge, encoded = assemble([WALK, LONG], encoder())
    assert [p.id for p in knowledge.passages] == ["walk:p1", "walk:p2", "long"]
    assert knowledge.first_sentence.tolist() == [0, 1, 2, 4]
    assert knowledge.questions == ("How long?", "What length?")
    assert knowledge.question_owner.tolist() == [2, 2]
    assert encoded == 9
    assert knowledge.document("walk") is WALK
    assert knowledge.passage("long").text == "Two km. Or three."


def test_vectors_stand_in_the_rows_of_their_texts() -> None:
    knowledge, _ = assemble([WALK, LONG], encoder())
    query = encoder().encode_queries(["cat"])
    assert knowledge.passage_store.search(query, 1)[1].tolist() == [[1]]
    assert knowledge.lexical.search("dog").argmax() == 0
    dog, cat, km, _, none = np.eye(5).tolist()
    assert knowledge.sentence_store.vectors(np.arange(4)).tolist() == [dog, cat, km, none]
    assert knowledge.sentence_store.cosines(query[0], np.arange(4)).tolist() == [0, 1, 0, 0]


def test_articles_alone_have_no_question() -> None:
    knowledge, _ = assemble([WALK], encoder())
    assert (len(knowledge.question_store), knowledge.question_store.dim) == (0, 5)
    assert (knowledge.questions, knowledge.question_owner.tolist()) == ((), [])


def test_an_unknown_id_is_a_key_error() -> None:
    knowledge, _ = assemble([WALK], encoder())
    with pytest.raises(KeyError, match="walk:p9"):
        knowledge.passage("walk:p9")
    with pytest.raises(KeyError, match="talk"):
        knowledge.document("talk")


def test_stores_have_a_row_for_each_text() -> None:
    whole, _ = assemble([WALK], encoder())
    row = np.eye(5, dtype=np.float32)[:1]
    tokens = {"sentences": whole.sentence_tokens, "questions": whole.question_tokens}
    one = FaissStore(row), RoundedStore.of([row], 1, 5)
    stores = Stores(whole.passage_store, *one, tokens)
    complaint = r"vectors for \(2, 1, 1\) passages, sentences, questions, not \(2, 2, 0\)"
    with pytest.raises(ValueError, match=complaint):
        Knowledge(whole.documents, whole.passages, stores, whole.lexical)


def test_what_was_built_is_loaded(kb: Path) -> None:
    loaded = Knowledge.load(kb, encoder())
    assert loaded.generation == "gen-1"
    assert [d.title for d in loaded.documents] == [
        "How long is it?",
        "How wide is it?",
        "Who guards it?",
        "A walk",
    ]
    assert [p.text for p in loaded.passages] == [
        "It runs 248 km.",
        "Four km.",
        "Two armies.",
        "A dog went along. A cat came too.",
    ]
    scores, rows = loaded.passage_store.search(encoder().encode_queries(["armies"]), 1)
    assert (scores.tolist(), rows.tolist()) == ([[1.0]], [[2]])
    assert loaded.lexical.search("armies").argmax() == 2


def test_every_text_is_known_by_its_vector(kb: Path) -> None:
    known = known_vectors(Knowledge.load(kb, encoder()))
    vectors = {**known.passages, **known.questions, **known.sentences}
    assert sorted(vectors) == sorted(ENCODED)
    expected = encoder().encode_passages([*vectors])
    np.testing.assert_array_equal(list(vectors.values()), expected)
    assert [(r.whole, len(tokens)) for r, tokens in known.tokens.items()] == [
        ("How long is it?\nIt runs 248 km.", 1),
        ("How wide is it?\nFour km.", 1),
        ("Who guards it?\nTwo armies.", 1),
        ("A walk\nThe way\nA dog went along. A cat came too.", 2),
        ("How long is it?", 1),
        ("What is its length?", 1),
        ("How wide is it?", 1),
        ("Who guards it?", 1),
    ]


def test_another_encoder_is_refused_by_both_names(kb: Path) -> None:
    complaint = (
        r"kb was built with keywords \(keywords:dog\), not other \(other:dog,ca\); "
        r"load it with the first, or rebuild: citewell build DIR --out .*kb$"
    )
    with pytest.raises(EncoderMismatch, match=complaint):
        Knowledge.load(kb, encoder("other"))


def test_a_model_of_the_same_name_may_be_another(kb: Path) -> None:
    complaint = r"was built with keywords \(keywords:dog\), not keywords \(keywords:fox\); load it"
    with pytest.raises(EncoderMismatch, match=complaint):
        Knowledge.load(kb, KeywordEncoder("fox", "dog"))


FILES = [
    "documents.jsonl",
    "passages.jsonl",
    "outline.arrays",
    "passages.faiss",
    "sentences.vectors",
    "questions.faiss",
    "sentences.tokens",
    "questions.tokens",
    "lexical/contained.arrays",
    "lexical/postings.arrays",
    "lexical/words.json",
]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


DAMAGES = {
    flip: "has other bytes than were built",
    truncate: r"has \d+ bytes, was built with \d+",
    append: r"has \d+ bytes, was built with \d+",
    Path.unlink: "is missing",
}


def test_these_are_all_the_files(kb: Path) -> None:
    place = kb / "gen-1"
    names = {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()}
    assert names == {*FILES, "sources.json", "manifest.json"}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*FILES, "sources.json"])
def test_a_damaged_file_is_refused_by_name_and_mended_by_a_build(
    kb: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(kb / "gen-1" / name)
    complaint = f"gen-1/{name}: {DAMAGES[damage]}; build it again with: citewell build DIR --out "
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        Knowledge.load(kb, encoder())
    assert build(sources(tmp_path / "sources"), kb, encoder()).generation == "gen-2"
    assert Knowledge.load(kb, encoder()).generation == "gen-2"


def one_sentence(stage: Path) -> None:
    RoundedStore.of([np.eye(5, dtype=np.float32)[:1]], 1, 5).save(stage / "sentences.vectors")


def words_of_others(stage: Path) -> None:
    assemble([WALK], encoder())[0].lexical.save(stage / "lexical")


def no_outline(stage: Path) -> None:
    write_arrays(stage / "outline.arrays", [np.empty(0, np.int64)] * 11)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (one_sentence, r"vectors for \(4, 1, 4\) passages, .*"),
        (words_of_others, r"words of \(2, 2, 0\) passages, .*, not \(4, 5, 4\)"),
        (no_outline, "index -1 is out of bounds .*"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(
    kb: Path, tmp_path: Path, spoil: Callable[[Path], None], why: str
) -> None:
    whole = Knowledge.load(kb, encoder())
    described = {
        name: getattr(generation.read_manifest(kb), name)
        for name in (
            "built",
            "sources",
            "corpus",
            "encoder",
            "fingerprint",
            "dim",
            "language",
            "counts",
            "searches",
        )
    }

    def write(stage: Path) -> None:
        whole.save(stage)
        spoil(stage)

    publish_files(tmp_path / "odd", write, described)
    complaint = f"gen-1: does not fit together: {why}; build it again"
    with pytest.raises(KnowledgeBaseDamaged, match=complaint):
        Knowledge.load(tmp_path / "odd", encoder())


def two_generations(folder: Path) -> Path:
    build(sources(folder / "sources"), folder / "kb", encoder())
    build(sources(folder / "sources", FAQ.replace("Four", "Five")), folder / "kb", encoder())
    return folder / "kb"


@pytest.mark.parametrize("name", ["gen-2/documents.jsonl", "gen-2/manifest.json", "gen-2/"])
def test_where_a_generation_is_damaged_the_one_before_serves(tmp_path: Path, name: str) -> None:
    kb = two_generations(tmp_path)
    path = kb / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(path.read_bytes()[:-1])

    loaded = Knowledge.load(kb, encoder())

    assert (loaded.generation, loaded.passages[1].text) == ("gen-1", "Four km.")
    assert loaded.degraded.startswith(f"{kb}/gen-2/")
    assert loaded.degraded.endswith("; gen-1 serves in its place")


def test_a_current_that_was_bent_to_another_generation_is_noticed(tmp_path: Path) -> None:
    kb = two_generations(tmp_path)
    (kb / "CURRENT").write_text((kb / "CURRENT").read_text().replace("gen-2", "gen-1"))

    loaded = Knowledge.load(kb, encoder())

    said = f"{kb}/CURRENT: names another gen-1 than is here; gen-2 serves in its place"
    assert (loaded.generation, loaded.degraded) == ("gen-2", said)


def test_a_generation_that_was_rolled_back_does_not_come_back_by_itself(tmp_path: Path) -> None:
    kb = two_generations(tmp_path)
    roll_back(kb)
    (kb / "gen-1" / "documents.jsonl").unlink()
    with pytest.raises(KnowledgeBaseDamaged, match=r"gen-1/documents\.jsonl: is missing"):
        Knowledge.load(kb, encoder())


def test_another_model_is_told_though_earlier_generations_are_there(tmp_path: Path) -> None:
    kb = two_generations(tmp_path)
    with pytest.raises(EncoderMismatch, match=r"was built with .*, not other"):
        Knowledge.load(kb, encoder("other"))


def test_filters_are_tried_on_what_they_tell_apart() -> None:
    entries = [faq(f"Q{n}?", "A.", id=f"e{n}", publisher="AB"[n % 2]) for n in range(4)]
    knowledge, _ = assemble([*entries, WALK], encoder())
    assert [(f.kind, f.publisher) for f in knowledge.facets] == [
        ("faq", "A"), ("faq", "B"), ("article", "")
    ]  # fmt: skip
    assert knowledge.facets is knowledge.facets  # no document is read again for another filter
    assert knowledge.outline.facet.tolist() == [0, 1, 0, 1, 2, 2]
    assert knowledge.faq_rows.tolist() == [0, 1, 2, 3]
