from math import log
from pathlib import Path

import numpy as np
import pytest

from index.lexical import LexicalStore, content_stems, function_words, stems, words
from index.stemming import WORD, spelled, stemmed, vocabulary

TEXTS = ["cat dog", "Cat, cat: bird!", "fish"]  # 2, 3 and 1 words; 2 on average


@pytest.fixture(scope="module")
def store() -> LexicalStore:
    return LexicalStore(TEXTS)


def bm25(rarity: float, count: int, length: int, average: float = 2.0) -> float:
    """One word's part of a score, k1 = 1.5 and b = 0.75."""
    return rarity * count / (count + 1.5 * (1 - 0.75 + 0.75 * length / average))


def scores(store: LexicalStore, question: str) -> list[float]:
    return [float(score) for score in store.search(question)]


def test_a_score_follows_the_formula(store: LexicalStore) -> None:
    cat = log(1 + (3 - 2 + 0.5) / (2 + 0.5))  # in two texts of three
    assert scores(store, "cat?") == pytest.approx([cat * 0.4, cat * 2 / 4.0625, 0.0], abs=1e-6)
    assert bm25(cat, 1, 2) == pytest.approx(cat * 0.4)


def test_scores_of_several_words_add_up(store: LexicalStore) -> None:
    cat, dog = log(1.6), log(1 + 2.5 / 1.5)
    assert scores(store, "Dog or cat") == pytest.approx(
        [bm25(cat, 1, 2) + bm25(dog, 1, 2), bm25(cat, 2, 3), 0.0], abs=1e-6
    )


@pytest.mark.parametrize("question", ["", "   ", "?!…", "horse", "horse zebra?", "\x00"])
def test_a_question_that_shares_no_word_scores_zero_everywhere(
    store: LexicalStore, question: str
) -> None:
    assert scores(store, question) == [0.0, 0.0, 0.0]


def test_an_unknown_word_changes_no_score(store: LexicalStore) -> None:
    assert scores(store, "the cat of horses") == scores(store, "cat")


def test_a_text_without_a_word_scores_zero() -> None:
    assert scores(LexicalStore(["…", "cat"]), "cat")[0] == 0.0


def test_a_question_finds_another_form_of_the_word() -> None:
    defect = log(1 + (2 - 1 + 0.5) / (1 + 0.5))  # in one text of two, each of two words
    store = LexicalStore(["Soldiers defected", "Cats sleep"])
    assert scores(store, "defections") == pytest.approx([defect * 0.4, 0.0], abs=1e-6)


def test_coverage_is_the_share_of_the_question_weighed_by_rarity(store: LexicalStore) -> None:
    cat, dog, horse = log(1.6), log(1 + 2.5 / 1.5), log(8)
    whole = cat + dog + horse
    assert store.coverage(store.weigh("Cat?")).tolist() == [1.0, 1.0, 0.0]
    assert store.coverage(store.weigh("cat dog horse cat")).tolist() == pytest.approx(
        [(cat + dog) / whole, cat / whole, 0.0], abs=1e-6
    )


@pytest.mark.parametrize("question", ["", "?!", "horse"])
def test_a_question_that_shares_no_word_is_covered_nowhere(
    store: LexicalStore, question: str
) -> None:
    assert store.coverage(store.weigh(question)).tolist() == [0.0, 0.0, 0.0]


def test_of_a_questions_words_it_is_known_whether_they_stand_anywhere() -> None:
    known = LexicalStore(["The ferries leave at nine.", "Fog stays."])

    assert known.held("When does the FERRY leave Oban?") == {
        "FERRY": True,
        "leave": True,
        "Oban": False,
    }
    assert known.held("Wie lang ist die Fahrt mit der Fähre nach Oban?") == dict.fromkeys(
        ("lang", "Fahrt", "Fähre", "Oban"), False
    )


def test_a_word_is_the_rarer_the_fewer_texts_hold_it(store: LexicalStore) -> None:
    assert store.rarity("cat") == pytest.approx(log(1 + 1.5 / 2.5))
    assert store.rarity("dog") == pytest.approx(log(1 + 2.5 / 1.5))
    assert store.rarity("horse") == pytest.approx(log(1 + 3.5 / 0.5))
    assert store.rarity("") == pytest.approx(log(1 + 3.5 / 0.5))


def test_a_saved_store_answers_as_before(store: LexicalStore, tmp_path: Path) -> None:
    store.save(tmp_path / "lexical")
    loaded = LexicalStore.load(tmp_path / "lexical")
    for question in ("cat", "dog fish", "horse", "?"):
        np.testing.assert_array_equal(loaded.search(question), store.search(question))
        asked = store.weigh(question)
        assert loaded.weigh(question) == asked
        np.testing.assert_array_equal(loaded.coverage(asked), store.coverage(asked))
    assert [loaded.rarity(w) for w in ("cat", "dog", "horse")] == [
        store.rarity(w) for w in ("cat", "dog", "horse")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How wide's the DMZ—4 km?", ["how", "wide", "s", "the", "dmz", "4", "km"]),
        ("snake_case", ["snake", "case"]),
        ("ＡＢＣ　１２３", ["abc", "123"]),
        ("Привет, МИР!", ["привет", "мир"]),
        ("你好，abc世界", ["你", "好", "abc", "世", "界"]),
        ("ｶﾞ", ["ガ"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("cafe\u0301 café", ["café", "café"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("…", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_stems_leave_the_endings_of_english_words_out() -> None:
    assert stems("Defections, defected; DEFECT!") == ["defect", "defect", "defect"]
    assert stems("你好 привет 4") == ["你", "好", "привет", "4"]


def test_words_of_grammar_carry_no_topic_unless_there_is_nothing_else() -> None:
    assert content_stems("How wide is the zone?") == ["wide", "zone"]
    assert content_stems("Who are you?") == ["who", "are", "you"]
    assert content_stems("…") == []


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("fog", "Fog comes.", 1.0),
        ("fog", "The sun.", 0.0),
        # Fog is in all three passages, tide in one: ln(1 + ½ / 3½) and ln(1 + 2½ / 1½).
        ("fog tide", "Fog.", log(8 / 7) / (log(8 / 7) + log(8 / 3))),
        ("fog tide", "Tide.", log(8 / 3) / (log(8 / 7) + log(8 / 3))),
        # A word never seen weighs most, ln(1 + 3½ / ½), and no text of ours holds it.
        ("fog whale", "Fog.", log(8 / 7) / (log(8 / 7) + log(8))),
        ("fog fog tide", "Tide.", log(8 / 3) / (log(8 / 7) + log(8 / 3))),
        ("Tides?", "tide", 1.0),
        ("What is the tide?", "Tide.", 1.0),  # grammar does not count
        ("?!", "fog", 0.0),
        ("fog", "", 0.0),
    ],
)
def test_a_text_holds_a_share_of_the_questions_words_by_rarity(
    question: str, text: str, expected: float
) -> None:
    store = LexicalStore(["fog tide", "fog boat", "fog"], sentences=["boat", text])

    share = store.shares(store.weigh(question), "sentences", np.array([1]))
    assert share.tolist() == pytest.approx([expected], rel=1e-6)


def test_grammar_counts_where_a_question_has_nothing_else() -> None:
    store = LexicalStore(["The fog.", "A whale."], sentences=["The fog."])
    asked = store.weigh("Is the?")

    # "the" is in one of two texts, "is" in none: ln(1 + 1½ / 1½), ln(1 + 2½ / ½).
    share = store.shares(asked, "sentences", np.arange(1))
    assert share.tolist() == pytest.approx([log(2) / (log(2) + log(6))], rel=1e-6)


GERMAN = ["Die Häuser sind alt.", "Ein Baum."]


def test_a_store_stems_by_the_rules_of_its_language(tmp_path: Path) -> None:
    store = LexicalStore(GERMAN, "de", questions=["Viele Häuser."])
    store.save(tmp_path / "lexical")
    for german in (store, LexicalStore.load(tmp_path / "lexical")):
        assert german.language == "de"
        assert scores(german, "Wem gehört ein altes Haus?")[0] > 0
        assert german.weigh("Sind das die alten Häuser?").keys() == {"alt", "haus"}
        asked = german.weigh("Haus")
        assert german.shares(asked, "questions", np.arange(1)).tolist() == [1.0]
        assert german.shares(asked, "sentences", np.arange(0)).tolist() == []
    assert scores(LexicalStore(GERMAN), "Haus") == [0.0, 0.0]


@pytest.mark.parametrize("language", ["zh", "xx", ""])
def test_a_language_without_a_stemmer_keeps_its_words(language: str) -> None:
    assert stemmed(["houses", "房子"], language) == ["houses", "房子"]
    assert function_words(language) == frozenset()
    assert scores(LexicalStore(["houses", "trees"], language), "houses house")[1] == 0.0


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "how"), ("de", "wie"), ("es", "como"), ("fr", "dans"), ("ru", "если"), ("tr", "ama")],
)
def test_some_languages_have_function_words(language: str, word: str) -> None:
    assert word in function_words(language)


def test_a_vocabulary_has_each_word_in_its_most_frequent_spelling() -> None:
    assert vocabulary(["The DMZ, the dmz", "the DMZ"]) == {"the": 3, "DMZ": 3}
    assert LexicalStore(["Cat, cat: bird!", "cat"]).vocabulary == {"cat": 3, "bird": 1}
    assert vocabulary([]) == {}


def test_words_in_ascii_are_those_of_every_script() -> None:
    letters = "".join(map(chr, range(128)))
    mixed = f"{letters} It's o'clock_at 3.14, e-mail\nA1b2C3!"
    assert words(mixed) == WORD.findall(mixed.casefold()) == words(f"{mixed} \u2026")
    assert spelled(mixed) == WORD.findall(mixed) == spelled(f"{mixed} \u2026")


def test_a_share_is_of_whole_stems_alone() -> None:
    store = LexicalStore(["cat dog at"], sentences=["dogs, cats"])
    asked = {"cat": 1.0, "at": 1.0, "cat dog": 2.0}
    assert store.shares(asked, "sentences", np.arange(1)).tolist() == [1 / 4]


def test_every_score_is_that_of_bm25s_to_the_bit() -> None:
    import bm25s

    rng = np.random.default_rng(0)
    known = [f"{letter}{number}" for letter in "abcdefg" for number in range(9)]
    texts = [" ".join(rng.choice(known, length)) for length in rng.integers(1, 30, 200)]
    peer = bm25s.BM25()
    peer.index([text.split() for text in texts], show_progress=False)
    store = LexicalStore(texts, "xx")  # a language without a stemmer
    for question in ("a1", "b2 c3 a1", "a1 a1 g8 f4 e0"):
        assert store.search(question).tolist() == peer.get_scores(question.split()).tolist()


def test_texts_that_are_counted_apart_make_the_same_postings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = LexicalStore(TEXTS)
    monkeypatch.setattr("index.postings._AT_ONCE", 2)
    assert scores(LexicalStore(TEXTS), "dog cat fish") == scores(whole, "dog cat fish")


def test_the_best_rows_come_with_their_scores(store: LexicalStore) -> None:
    rows, best = store.best("cat bird", 2)
    assert rows.tolist() == [1, 0]
    assert best.tolist() == sorted(scores(store, "cat bird"), reverse=True)[:2]
