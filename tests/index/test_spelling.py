import pytest

from index.spelling import Repaired, Speller

# A corpus that never speaks of quarks, numbers above 12 or anybody called Kissinger.
CORPUS = {
    "protein": 9,
    "Beyoncé": 3,
    "supplement": 5,
    "receivers": 2,
    "weight": 4,
    "kissing": 1,
    "handle": 2,
    "gained": 2,
    "help": 6,
    "prime": 2,
    "price": 5,
    "lead": 1,
    "loss": 8,
    "B12b": 1,
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(CORPUS)


@pytest.mark.parametrize(
    ("question", "repaired"),
    [
        ("How much protien?", "How much protein?"),  # two letters swapped
        ("How much protin?", "How much protein?"),  # one dropped
        ("How much proteein?", "How much protein?"),  # one doubled
        ("How much prorein?", "How much protein?"),  # one hit beside its key
        ("my  supplimant,please", "my  supplement,please"),  # nine letters and more: two wrong
        ("hepl me", "help me"),  # four letters: only where all are there
        ("the waight of protien", "the weight of protein"),
    ],
)
def test_a_typo_becomes_the_word_of_the_corpus_and_all_else_stays(
    speller: Speller, question: str, repaired: str
) -> None:
    assert speller.repaired(question).text == repaired


def test_what_was_changed_is_told(speller: Speller) -> None:
    assert speller.repaired("Waight of protien!") == Repaired(
        "Weight of protein!", (("Waight", "Weight"), ("protien", "protein"))
    )
    assert speller.repaired("weight") == Repaired("weight")


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "weight proteins SUPPLEMENTED",  # in the corpus, or another form of a word in it
        "leaf boss",  # English words, though the corpus has lead and loss
        "priceless",
        "B12c 2021 4 b12bb",  # numbers
        "xrotein",  # another first letter
        "lozs",  # four letters, one of them wrong
        "gainer",  # kin of gained, no typo
        "handlers",
        "dont",  # no typo of done, if the corpus had it
        "protxxn suxxlxment",  # too far
        "протеин 蛋白质",
        "What did Henry Kissingee say?",  # a name, and kissing is none
    ],
)
def test_a_word_that_may_be_right_is_left_alone(speller: Speller, question: str) -> None:
    assert speller.repaired(question) == Repaired(question)


def test_a_name_is_repaired_to_a_name(speller: Speller) -> None:
    assert speller.repaired("When did Beyonse sing?").text == "When did Beyoncé sing?"
    assert speller.repaired("when did beyonse sing?").text == "when did beyoncé sing?"


def test_an_accent_left_out_is_put_back(speller: Speller) -> None:
    assert speller.repaired("by Beyonce").text == "by Beyoncé"
    assert Speller({"Čapek": 1}).repaired("who is capek").text == "who is čapek"


def test_where_every_word_is_capital_a_capital_tells_no_name(speller: Speller) -> None:
    assert speller.repaired("Cancel My Waight Order").text == "Cancel My Weight Order"


def test_of_words_equally_near_one_with_the_same_letters_then_the_more_frequent() -> None:
    assert Speller({"prices": 1, "process": 9}).repaired("pricess").text == "prices"
    assert Speller({"prime": 2, "price": 5}).repaired("prihe").text == "price"
    assert Speller({"prime": 5, "price": 5}).repaired("prihe").text == "price"  # by the alphabet


def test_forms_of_a_word_are_known_in_the_corpus_s_language() -> None:
    assert Speller({"Grenzgänger": 1}, "de").repaired("der Grenzgängern").changes == ()
    assert Speller({"Grenzgänger": 1}, "de").repaired("der Grenzgägner").text == "der Grenzgänger"


def test_an_empty_corpus_repairs_nothing() -> None:
    assert Speller({}).repaired("protien") == Repaired("protien")


def test_a_long_word_without_sense_is_left_alone(speller: Speller) -> None:
    assert speller.repaired("p" * 500) == Repaired("p" * 500)
