"""BM25 over passages: which words a question and a passage share, and how rare they are."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Literal

import numpy as np

from index.contained import Contained
from index.language import detected
from index.phrases import Phrases
from index.postings import Counting, Postings
from index.stemming import ENGLISH, spelled, stemmed, vocabulary, words
from index.store.base import Mask, Rows, Scores
from index.store.mapped import Mapped, arrays_in, write_arrays
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

Weights = Mapping[str, float]  # a question's stems, each with how much it tells
Part = Literal["sentences", "questions"]

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
_SETTINGS = "words.json"
_POSTINGS = "postings.arrays"
_CONTAINED = "contained.arrays"


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


class LexicalStore:
    """BM25 over the stems of texts: Lucene's variant, k1 = 1.5, b = 0.75 (Robertson, Zaragoza).

    A question is stemmed as the texts were, by the rules of `language`; a text also counts as
    holding what its words mean by `synonyms`. `vocabulary` has the words of texts and synonyms,
    each in its most frequent spelling, with how often they stand there.
    """

    def __init__(
        self,
        texts: Sequence[str],
        language: str = ENGLISH,
        synonyms: Synonyms = NO_SYNONYMS,
        *,
        sentences: Sequence[str] = (),
        questions: Sequence[str] = (),
    ) -> None:
        """Count the words of `texts`; there is at least one text with a word in it.

        `sentences` and `questions` are parts of them, for `shares`.
        """
        self.vocabulary = vocabulary(chain(texts, synonyms.asked))
        self._phrase_counts: dict[str, int] = {}
        self._prepare(language, synonyms)
        if synonyms.groups:
            self._phrase_counts = self._phrases.counted(map(self._stems, texts))
        self._numbers: dict[str, int] = {}
        self._postings = self._counted(texts)
        self._parts: dict[Part, Contained] = {
            "sentences": self._contained(sentences),
            "questions": self._contained(questions),
        }

    def _prepare(self, language: str, synonyms: Synonyms) -> None:
        self.language = language
        self.synonyms = synonyms
        self._phrases = Phrases(synonyms, language)
        # A question is read for each of several scores.
        self._terms = lru_cache(maxsize=64)(self._read_terms)
        self._weighed = lru_cache(maxsize=64)(self._read_weights)

    def _counted(self, texts: Sequence[str]) -> Postings:
        """BM25 of these texts, in numbers: a hundred million strings would need far more room."""
        numbers, counting = self._numbers, Counting()
        for found in self._stems_of(texts):
            counting.add([numbers.setdefault(stem, len(numbers)) for stem in found])
        return counting.postings(len(numbers))

    def _contained(self, texts: Iterable[str]) -> Contained:
        """Which of the terms that were counted each of these texts holds."""
        numbers = self._numbers
        return Contained.of(
            [numbers[stem] for stem in found if stem in numbers] for found in self._stems_of(texts)
        )

    def _stems_of(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The stems of each text and what they mean by the synonyms; each word is stemmed once."""
        stem_of = lru_cache(maxsize=200_000)(lambda word: stemmed([word], self.language)[0])
        for text in texts:
            yield self._phrases.expanded([*map(stem_of, words(text))])

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many texts, sentences and questions were read."""
        return len(self._postings), len(self._parts["sentences"]), len(self._parts["questions"])

    def search(self, question: str) -> Scores:
        """The BM25 score of every row, shape (n,): 0 where no word is shared, no upper bound."""
        return self.scores(question, np.arange(len(self._postings)))

    def best(self, question: str, k: int, allowed: Mask | None = None) -> tuple[Rows, Scores]:
        """The `k` rows of the greatest scores above 0 and these, of all or of those `allowed`.

        Best first, equal scores in row order; as sorting what `search` gives would have it.
        """
        return self._postings.best(self._terms(question), k, allowed)

    def scores(self, question: str, rows: Rows) -> Scores:
        """What `search` gives, for these rows alone."""
        return self._postings.scores(self._terms(question), rows)

    def _read_terms(self, question: str) -> tuple[int, ...]:
        asked = (" ".join(part) for part in self._phrases.parted(self._stems(question)))
        return tuple(self._numbers[stem] for stem in asked if stem in self._numbers)

    def weigh(self, question: str) -> Weights:
        """The question's content stems, each with its rarity; all stems where it has no content.

        A phrase that has synonyms is one, its stems joined by spaces.
        """
        return self._weighed(question)

    def _read_weights(self, question: str) -> Weights:
        return {token: self.rarity(token) for token in self._content(question)}

    def shares(self, asked: Weights, part: Part, rows: Rows) -> Scores:
        """The share, 0 to 1, of a question's weight whose stems each of these sentences, or of
        these questions, holds; 0 if it has none.
        """
        known = {self._numbers[stem]: w for stem, w in asked.items() if stem in self._numbers}
        held = self._parts[part].weights(known, rows)
        return np.asarray(held / (sum(asked.values()) or 1.0), np.float32)

    def coverage(self, asked: Weights, rows: Rows | None = None) -> Scores:
        """The same of every text, shape (n,), or of those of these rows."""
        rows = np.arange(len(self._postings)) if rows is None else rows
        held = np.zeros(len(rows), np.float32)
        for stem, rarity in asked.items():
            if stem in self._numbers:
                held[self._postings.held(self._numbers[stem], rows)] += rarity
        return held / np.float32(sum(asked.values()) or 1.0)

    def held(self, question: str) -> dict[str, bool]:
        """The question's content words as they are spelled, each with whether any text holds it."""
        grammar = function_words(self.language) | function_words(detected(question) or ENGLISH)
        content = [word for word in spelled(question) if word.casefold() not in grammar]
        stems = stemmed([word.casefold() for word in content], self.language)
        return {word: stem in self._numbers for word, stem in zip(content, stems, strict=True)}

    def rarity(self, stem: str) -> float:
        """How much a stem tells: its inverse document frequency; highest for one never seen."""
        number = self._numbers.get(stem)
        if number is None:
            return float(np.log1p((len(self._postings) + 0.5) / 0.5))
        return float(self._postings.rarity[number])

    def reworded(self, question: str) -> str:
        """The question in words that the texts use, as far as the synonyms tell."""
        return self._phrases.reworded(question, self._phrase_counts)

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
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "language": self.language,
            "synonyms": self.synonyms.to_list(),
            "rows": len(self._postings),
            "vocabulary": self.vocabulary,
            "phrase_counts": self._phrase_counts,
            "stems": [*self._numbers],
        }
        (folder / _SETTINGS).write_text(json.dumps(settings) + "\n", "ascii")
        write_arrays(folder / _POSTINGS, self._postings.arrays())
        parts = (array for part in self._parts.values() for array in part.arrays())
        write_arrays(folder / _CONTAINED, [*parts])

    @classmethod
    def load(cls, folder: Path) -> "LexicalStore":
        """The store that `save` wrote, its postings mapped."""
        settings = json.loads((folder / _SETTINGS).read_text("ascii"))
        store = cls.__new__(cls)
        store._prepare(settings["language"], Synonyms.from_list(settings["synonyms"]))
        store.vocabulary = settings["vocabulary"]
        store._phrase_counts = settings["phrase_counts"]
        store._numbers = {stem: number for number, stem in enumerate(settings["stems"])}
        rows, worth, starts, greatest = arrays_in(Mapped(folder / _POSTINGS), 4)
        store._postings = Postings(rows, worth, starts, settings["rows"], greatest)
        contained = arrays_in(Mapped(folder / _CONTAINED), 4)
        sentences, questions = Contained(*contained[:2]), Contained(*contained[2:])
        store._parts = {"sentences": sentences, "questions": questions}
        return store
