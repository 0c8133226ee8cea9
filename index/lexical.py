"""BM25 over passages: which words a question and a passage share, and how rare they are."""

import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.language import detected
from index.phrases import Phrases
from index.stemming import ENGLISH, spelled, stemmed, vocabulary, words
from index.synonyms import NO_SYNONYMS, Synonyms

__all__ = [
    "LexicalStore",
    "Scores",
    "Weights",
    "content_stems",
    "content_words",
    "function_words",
    "stems",
    "words",
]

Scores = NDArray[np.float32]
Weights = Mapping[str, float]  # a question's stems, each with how much it tells

# English words that carry grammar and no topic. In a small corpus "how" may stand nowhere, and
# would count as the rarest word of a question.
_GRAMMAR = """
a about after all also am an and any are as at be because been before being but by can could did do
does doing during each else ever every for from get gets getting give gives got had has have having
he her here hers him his how i if in into is it its itself just like many may me might mine more
most much must my of off on once only or other our out over own please same she should so some such
tell than that the their them then there these they this those through to too under until up us very
was we were what when where which while who whom whose why will with would you your yours
"""
# Languages with a list of such words in bm25s (NLTK's).
_LISTED = {
    "da": "DANISH",
    "de": "GERMAN",
    "es": "SPANISH",
    "fr": "FRENCH",
    "it": "ITALIAN",
    "nl": "DUTCH",
    "no": "NORWEGIAN",
    "pt": "PORTUGUESE",
    "ru": "RUSSIAN",
    "sv": "SWEDISH",
    "tr": "TURKISH",
}
_SETTINGS = "citewell.json"


@lru_cache
def function_words(language: str = ENGLISH) -> frozenset[str]:
    """The words of a language that carry grammar and no topic; none where no list is at hand."""
    if language == ENGLISH:
        return frozenset(_GRAMMAR.split())
    if language not in _LISTED:
        return frozenset()
    from bm25s import stopwords

    return frozenset(words(" ".join(getattr(stopwords, f"STOPWORDS_{_LISTED[language]}"))))


def stems(text: str) -> list[str]:
    """The words of a text without their English endings, so that *defections* finds *defect*."""
    return stemmed(words(text))


def content_words(text: str) -> list[str]:
    """The words that carry a text's topic: all but English function words, which may be none."""
    grammar = function_words()
    return [word for word in words(text) if word not in grammar]


def content_stems(text: str) -> list[str]:
    """The stems of a text's content words or, where it has none, of all its words."""
    return stemmed(content_words(text) or words(text))


def _joined(stems: list[str]) -> str:
    """A line for each: no stem holds a line's end, while a phrase's stems are joined by spaces."""
    return "\n".join(["", *dict.fromkeys(stems), ""])


class LexicalStore:
    """BM25 over the stems of texts: Lucene's variant, k1 = 1.5, b = 0.75 (Robertson, Zaragoza).

    A question is stemmed as the texts were, by the rules of `language`; a text also counts as
    holding what its words mean by `synonyms`. `vocabulary` has the words of texts and synonyms,
    each in its most frequent spelling, with how often they stand there.
    """

    def __init__(
        self, texts: Sequence[str], language: str = ENGLISH, synonyms: Synonyms = NO_SYNONYMS
    ) -> None:
        """Count the words of `texts`; there is at least one text with a word in it."""
        import bm25s

        self.language = language
        self.synonyms = synonyms
        self.vocabulary = vocabulary([*texts, *synonyms.asked])
        self._phrases = Phrases(synonyms, language)
        stemmed_texts = [self._stems(text) for text in texts]
        self._phrase_counts = self._phrases.counted(stemmed_texts)
        self._bm25 = bm25s.BM25()
        self._bm25.index([*map(self._phrases.expanded, stemmed_texts)], show_progress=False)
        self._prepare()

    def _prepare(self) -> None:
        # The same sentences come up again and again. As one string each takes a tenth of a set's
        # memory; the bound is 5 MB.
        self._held_stems = lru_cache(maxsize=10_000)(lambda text: _joined(self.stems(text)))
        self._learn_rarity()

    def _learn_rarity(self) -> None:
        """Each stem's rarity: ln(1 + (n - df + 0.5) / (df + 0.5)), as in BM25."""
        self._starts = np.asarray(self._bm25.scores["indptr"], np.int64)
        frequency = np.diff(self._starts)
        self._count = int(self._bm25.scores["num_docs"])
        self._rarity = np.log1p((self._count - frequency + 0.5) / (frequency + 0.5))

    def search(self, question: str) -> Scores:
        """The BM25 score of every row, shape (n,): 0 where no word is shared, no upper bound."""
        asked = [" ".join(part) for part in self._phrases.parted(self._stems(question))]
        if not asked:  # bm25s takes at least one
            return np.zeros(self._count, np.float32)
        scores: Scores = self._bm25.get_scores(asked)
        return scores

    def weigh(self, question: str) -> Weights:
        """The question's content stems, each with its rarity; all stems where it has no content.

        A phrase that has synonyms is one, its stems joined by spaces.
        """
        return {token: self.rarity(token) for token in self._content(question)}

    def share(self, asked: Weights, text: str) -> float:
        """The share, 0 to 1, of a question's weight whose stems `text` holds; 0 if it has none."""
        held = self._held_stems(text)
        total = found = 0.0
        for stem, weight in asked.items():  # in the question's order: a sum of another may differ
            total += weight
            if f"\n{stem}\n" in held:
                found += weight
        return found / (total or 1.0)

    def coverage(self, asked: Weights) -> Scores:
        """The `share` of every row, shape (n,)."""
        held = np.zeros(self._count, np.float32)
        for stem, rarity in asked.items():
            held[self._rows_with(stem)] += rarity
        return held / np.float32(sum(asked.values()) or 1.0)

    def held(self, question: str) -> dict[str, bool]:
        """The question's content words as they are spelled, each with whether any text holds it."""
        grammar = function_words(self.language) | function_words(detected(question) or ENGLISH)
        content = [word for word in spelled(question) if word.casefold() not in grammar]
        stems = stemmed([word.casefold() for word in content], self.language)
        rows = (self._rows_with(stem) for stem in stems)
        return {word: len(found) > 0 for word, found in zip(content, rows, strict=True)}

    def rarity(self, stem: str) -> float:
        """How much a stem tells: its inverse document frequency; highest for one never seen."""
        number = self._number(stem)
        if number is None:
            return float(np.log1p((self._count + 0.5) / 0.5))
        return float(self._rarity[number])

    def _rows_with(self, stem: str) -> NDArray[np.int32]:
        number = self._number(stem)
        if number is None:
            return np.empty(0, np.int32)
        rows: NDArray[np.int32] = self._bm25.scores["indices"][
            self._starts[number] : self._starts[number + 1]
        ]
        return rows

    def _number(self, stem: str) -> int | None:
        """The stem's column; None for one that no row holds, as is bm25s's own empty token."""
        number: int | None = self._bm25.vocab_dict.get(stem)
        return number if number is not None and number < len(self._rarity) else None

    def reworded(self, question: str) -> str:
        """The question in words that the texts use, as far as the synonyms tell."""
        return self._phrases.reworded(question, self._phrase_counts)

    def stems(self, text: str) -> list[str]:
        """The stems of a text and what they mean by the synonyms."""
        return self._phrases.expanded(self._stems(text))

    def _stems(self, text: str) -> list[str]:
        return stemmed(words(text), self.language)

    def _content(self, question: str) -> list[str]:
        asked = words(question)
        parts = self._phrases.parted(stemmed(asked, self.language))
        grammar = function_words(self.language)
        starts = accumulate((len(part) for part in parts), initial=0)
        content = [
            part
            for part, at in zip(parts, starts, strict=False)
            if len(part) > 1 or asked[at] not in grammar
        ]
        return [" ".join(part) for part in content or parts]

    def save(self, folder: Path) -> None:
        """Write it into `folder`, which is made."""
        self._save_counts(folder)
        settings = {
            "language": self.language,
            "synonyms": self.synonyms.to_list(),
            "vocabulary": self.vocabulary,
            "phrase_counts": self._phrase_counts,
        }
        (folder / _SETTINGS).write_text(json.dumps(settings) + "\n", "ascii")

    def _save_counts(self, folder: Path) -> None:
        try:
            self._bm25.save(str(folder), show_progress=False)
        except OSError as error:  # numpy counts items, and does not say that the disk is full
            reason = error.strerror or f"the disk took only a part: {error}"
            raise OSError(error.errno, reason) from error
        # numpy says nothing of a last block that does not reach the disk, so the bytes go there
        # once more, by a way that does.
        for path in folder.glob("*.npy"):
            written = io.BytesIO()
            np.save(written, self._bm25.scores[path.name.split(".")[0]], allow_pickle=False)
            path.write_bytes(written.getvalue())

    @classmethod
    def load(cls, folder: Path) -> "LexicalStore":
        """The store that `save` wrote."""
        import bm25s

        settings = json.loads((folder / _SETTINGS).read_text("ascii"))
        store = cls.__new__(cls)
        store.language = settings["language"]
        store.synonyms = Synonyms.from_list(settings["synonyms"])
        store.vocabulary = settings["vocabulary"]
        store._phrases = Phrases(store.synonyms, store.language)
        store._phrase_counts = settings["phrase_counts"]
        store._bm25 = bm25s.BM25.load(str(folder), show_progress=False, verbosity=0)
        store._prepare()
        return store
