from collections.abc import Sequence

import numpy as np

from index.encoder import Embedded, Role
from index.encoding import encoded
from index.known import Known
from index.passages import split
from index.token_readings import TokenReading
from index.tokens import to_codes
from tests.index.texts import article
from tests.keyword_encoder import KeywordEncoder

WORDS = ("walk", "dog", "cat", "cow", "hen", "fox")


class ShortEncoder(KeywordEncoder):
    """Reads no more than the first four words of a text."""

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        whole = super().embed(texts, role)
        return [Embedded(each.vector, each.tokens[:4], each.spans[:4]) for each in whole]


def tokens_of(text: str, encoder: KeywordEncoder) -> list[list[str]]:
    """The words whose tokens each sentence has, by their vectors."""
    (passage,) = split(article(("paragraph", text), id="a", title="Walk"))
    known = Known()
    stores, _ = encoded([passage], [], known, encoder, None)
    store = stores.tokens["sentences"]
    return [
        [WORDS[int(token.argmax())] for token in store.row(row) if token.any()]
        for row in range(len(store))
    ]


def test_a_sentence_has_its_own_tokens_and_none_of_the_title() -> None:
    assert tokens_of("A dog. A cat.", KeywordEncoder(*WORDS[:3], "a")) == [
        ["cow", "dog"],
        ["cow", "cat"],
    ]  # "a" is the fourth dimension, where "cow" stands in WORDS


def test_what_the_model_does_not_get_to_is_read_below_the_same_title() -> None:
    encoder = ShortEncoder(*WORDS)

    assert tokens_of("Dog cat. Cow hen. Fox dog.", encoder) == [
        ["dog", "cat"],
        ["cow", "hen"],
        ["fox", "dog"],
    ]
    assert [text for text in encoder.calls if text.startswith("Walk")] == [
        "Walk\nDog cat. Cow hen. Fox dog.",
        "Walk\nCow hen. Fox dog.",
        "Walk\nFox dog.",
    ]


def test_a_sentence_longer_than_the_model_reads_goes_on_where_it_stopped() -> None:
    assert tokens_of("Dog cat cow hen fox dog cat.", ShortEncoder(*WORDS)) == [
        ["dog", "cat", "cow", "hen", "fox", "dog", "cat"]
    ]


def test_what_the_model_does_not_get_to_is_read_in_company() -> None:
    texts = ("Dog cat cow hen fox.", "Cat cow hen fox dog.", "Hen fox dog cat cow.")
    passages = [split(article(("paragraph", text), id=text[:3]))[0] for text in texts]
    encoder = ShortEncoder(*WORDS)

    encoded(passages, [], Known(), encoder, None)

    assert encoder.calls[:6] == [
        f"T\n{text}" for text in (*texts, " hen fox.", " fox dog.", " cat cow.")
    ]


def test_what_is_known_is_not_read_again() -> None:
    (passage,) = split(article(("paragraph", "A dog."), id="a", title="Walk"))
    reading = TokenReading.of(passage)
    vector = np.array([1.0, 0.0], np.float32)
    known = Known(
        passages={reading.whole: vector},
        sentences={"A dog.": vector},
        tokens={reading: (to_codes(vector[np.newaxis]),)},
    )
    encoder = KeywordEncoder("dog")

    _, count = encoded([passage], [], known, encoder, None)

    assert (count, encoder.calls) == (0, [])
