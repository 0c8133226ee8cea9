import pytest

from index.default_model import DEFAULT_MODEL
from index.language import NAMES, corpus_language, corpus_warning, detected, question_warning
from tests.index.texts import article, faq

GERMAN = "Wie breit ist die Zone, und wer bewacht sie?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How wide is the zone?", "en"),
        (GERMAN, "de"),
        ("¿Cuánto mide la zona?", "es"),
        ("Quelle est la largeur de la zone ?", "fr"),
        ("Какова ширина этой зоны?", "ru"),
        ("この地帯の幅はどのくらいですか", "ja"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    assert detected(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "Angebot",
        "refund status",  # two words
        "COVID-19 vaccine price",  # the same in several languages
        "12 34 56 78",
    ],
)
def test_a_text_that_could_be_in_any_tells_none(text: str) -> None:
    assert detected(text) is None


def test_any_length_of_text_is_read() -> None:
    assert detected("Wie breit ist die Zone? " * 100_000) == "de"


def test_a_corpus_has_the_language_of_more_than_half_of_its_documents() -> None:
    german, english = faq(GERMAN, "Vier Kilometer."), faq("How wide is it?", "It is four km wide.")
    assert corpus_language([german, german, english]) == "de"
    assert corpus_language([german, english]) == "en"
    assert corpus_language([]) == "en"


def test_what_a_document_declares_counts_more_than_how_it_reads() -> None:
    declared = article(("paragraph", "Quatre km."), title="DMZ", language="fr-CA")
    assert corpus_language([declared]) == "fr"
    assert corpus_language([article(("paragraph", "248 km."), title="DMZ")]) == "en"


def test_a_large_corpus_is_looked_at_in_all_its_parts() -> None:
    german, english = faq(GERMAN, "Vier Kilometer."), faq("How wide is it?", "It is four km wide.")
    assert corpus_language([english] * 400 + [german] * 600) == "de"


def test_a_build_warns_where_the_encoder_does_not_read_the_sources() -> None:
    assert corpus_warning("de", DEFAULT_MODEL) == (
        "the sources are in German, and all-MiniLM-L6-v2 reads English alone; a multilingual model "
        "finds more: build with --model paraphrase-multilingual-MiniLM-L12-v2 or "
        "intfloat/multilingual-e5-small"
    )
    said = corpus_warning("xh", "sentence-transformers/all-mpnet-base-v2")
    assert said is not None
    assert said.startswith("the sources are in the language 'xh', and sentence-transformers/all-")


@pytest.mark.parametrize(
    ("language", "encoder"),
    [
        ("en", DEFAULT_MODEL),
        ("de", "paraphrase-multilingual-MiniLM-L12-v2"),
        ("de", "our-own-model"),  # nothing is known of it
    ],
)
def test_a_build_says_nothing_where_it_does(language: str, encoder: str) -> None:
    assert corpus_warning(language, encoder) is None


def test_an_answer_warns_of_a_question_in_another_language() -> None:
    assert question_warning(GERMAN, DEFAULT_MODEL) == (
        "This seems to be German; only English is understood well here."
    )
    assert question_warning(GERMAN, "paraphrase-multilingual-MiniLM-L12-v2") is None
    assert question_warning("How wide is the zone?", DEFAULT_MODEL) is None
    assert question_warning("DMZ?", DEFAULT_MODEL) is None


def test_every_language_has_a_name_of_its_own() -> None:
    assert len(set(NAMES.values())) == len(NAMES)
