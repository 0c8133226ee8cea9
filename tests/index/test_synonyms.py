from pathlib import Path

import numpy as np
import pytest

from index.errors import ReadError
from index.lexical import LexicalStore
from index.phrases import Phrases
from index.readers import SourceFile
from index.readers.synonyms import read_synonyms
from index.synonyms import NO_SYNONYMS, Group, Synonyms

REFUND = Group(("refund", "money back"), ("refund", "money back"))
LAPTOP = Group(("laptop",), ("notebook", "portable computer"))
TEXTS = [
    "You get your money back.",
    "No refunds at all.",
    "Turn back with the money.",
    "A notebook.",
]


def read(text: str) -> tuple[Synonyms | None, list[str]]:
    reading = read_synonyms(SourceFile("synonyms.txt", text.encode()))
    return reading.synonyms, [str(problem) for problem in reading.problems]


def test_a_line_is_a_group_that_goes_both_ways_or_one() -> None:
    text = """# what people call our things
refund, money   back   # the desk says reimbursement

laptop => notebook, portable computer
"""
    assert read(text) == (Synonyms((REFUND, LAPTOP)), [])


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n"])
def test_a_file_may_hold_no_group(text: str) -> None:
    assert read(text) == (NO_SYNONYMS, [])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("refund", "one entry has no synonym; add others after commas, or remove the line"),
        ("refund,", "one entry has no synonym; add others after commas, or remove the line"),
        ("a => b => c", "more than one => on a line; write a line for each"),
        ("=> b", "nothing on one side of =>; write words on both, or no arrow"),
        ("a => ,", "nothing on one side of =>; write words on both, or no arrow"),
        ("a, !?", "'!?' is no word or has more than 8; shorten it"),
        ("a, b c d e f g h i j", "'b c d e f g h i j' is no word or has more than 8; shorten it"),
        (",".join(["a"] * 51), "51 entries, at most 50 are read; part the line"),
    ],
)
def test_a_line_that_makes_no_group_is_told_by_its_number(line: str, problem: str) -> None:
    synonyms, problems = read(f"refund, money back\n{line}\n")
    assert synonyms == Synonyms((REFUND,))
    assert problems == [f"synonyms.txt:2: {problem}"]


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(ReadError, match=r"synonyms\.txt:1: not UTF-8 at byte 3; save the file"):
        read_synonyms(SourceFile("synonyms.txt", b"caf\xe9, bar"))


def test_a_record_gives_the_synonyms_back() -> None:
    both = Synonyms((REFUND, LAPTOP))
    assert Synonyms.from_list(both.to_list()) == both


def test_a_phrase_of_a_question_is_one_token_and_the_longest_counts() -> None:
    phrases = Phrases(Synonyms((REFUND, Group(("money back guarantee",), ("warranty",)))))
    asked = ["no", "money", "back", "guarante", "money", "back", "money"]
    assert phrases.parted(asked) == [
        ("no",),
        ("money", "back", "guarante"),
        ("money", "back"),
        ("money",),
    ]


def test_a_text_answers_to_all_that_mean_what_it_says() -> None:
    phrases = Phrases(Synonyms((REFUND, LAPTOP)))
    assert phrases.expanded(["your", "money", "back"]) == [
        "your",
        "money",
        "back",
        "refund",
        "money back",
    ]
    assert phrases.expanded(["refund"]) == ["refund", "money back"]
    assert phrases.expanded(["notebook"]) == ["notebook", "laptop"]
    assert phrases.expanded(["laptop"]) == ["laptop"]  # who asks for a notebook wants no other
    assert phrases.expanded([]) == []


@pytest.fixture(scope="module")
def store() -> LexicalStore:
    return LexicalStore(TEXTS, synonyms=Synonyms((REFUND, LAPTOP)), sentences=TEXTS)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("refund", [0, 1]),
        ("Refunds?", [0, 1]),
        ("money back", [0, 1]),
        ("money", [0, 2]),
        ("laptops", [3]),
        ("notebook", [3]),
    ],
)
def test_a_question_finds_what_it_means(
    store: LexicalStore, question: str, found: list[int]
) -> None:
    assert store.search(question).nonzero()[0].tolist() == found
    assert store.coverage(store.weigh(question)).nonzero()[0].tolist() == found
    shares = store.shares(store.weigh(question), "sentences", np.arange(len(TEXTS)))
    assert shares.nonzero()[0].tolist() == found


def test_a_phrase_is_as_rare_as_all_its_meanings_together(store: LexicalStore) -> None:
    assert store.weigh("is there money back?") == {"money back": store.rarity("refund")}
    assert store.rarity("money back") < store.rarity("notebook")


def test_a_question_is_reworded_as_the_texts_have_it(store: LexicalStore) -> None:
    assert store.reworded("Which  Laptops, please?") == "Which  notebook, please?"
    assert store.reworded("refund for my notebook") == "refund for my notebook"
    assert LexicalStore(TEXTS).reworded("laptop") == "laptop"


def test_of_several_meanings_the_question_gets_the_most_frequent() -> None:
    group = Synonyms((Group(("rma",), ("return slip", "return form", "voucher")),))
    store = LexicalStore(["A return form.", "The return slip, the return slip."], synonyms=group)
    assert store.reworded("Where is my RMA?") == "Where is my return slip?"
    assert LexicalStore(["A form."], synonyms=group).reworded("RMA") == "RMA"


def test_synonyms_are_stemmed_in_the_language_of_the_corpus() -> None:
    groups = Synonyms((Group(("Erstattung",), ("Rückzahlung",)),))
    store = LexicalStore(["Rückzahlungen dauern lange."], "de", groups)
    assert store.search("Gibt es Erstattungen?")[0] > 0


def test_a_saved_store_keeps_its_synonyms(store: LexicalStore, tmp_path: Path) -> None:
    store.save(tmp_path / "lexical")
    loaded = LexicalStore.load(tmp_path / "lexical")
    assert loaded.synonyms == store.synonyms
    assert loaded.weigh("money back") == store.weigh("money back")
    assert loaded.reworded("laptop") == "notebook"


def test_the_words_of_synonyms_are_no_typos(store: LexicalStore) -> None:
    assert {"laptop", "refund"} <= store.vocabulary.keys()
