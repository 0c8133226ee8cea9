"""Hits to the words that answer: which sentences to quote, as spans of their passages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lexical import LexicalStore, content_stems, stems
from qa.retriever import Hit

# A sentence's worth: its cosine with the question, how much of the question's words it holds, and
# how well its passage fits. On squad2 (1,500 questions) the best sentence by this sum holds the
# gold answer for .755, by the cosine alone, in the first passage, for .691.
COVERAGE_WEIGHT = 0.5
PASSAGE_WEIGHT = 2.0
# Another document is quoted beside the first where its own words fit about as well.
SECOND_MARGIN = 0.12
MAX_QUOTES = 3
# An FAQ answer up to this length is quoted whole: it was written to be read whole.
WHOLE_CHARS = 700


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words worth quoting: `hit.passage.text[start:end]`.

    `fit` is how well they meet the question by themselves; `worth` counts their passage too.
    """

    hit: Hit
    start: int
    end: int
    fit: float

    @property
    def worth(self) -> float:
        """What orders the evidence for one question."""
        return self.fit + PASSAGE_WEIGHT * self.hit.score

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.passage.text[self.start : self.end]


def coverage(question: str, text: str, lexical: LexicalStore) -> float:
    """The share, 0 to 1, of the question's words that the text holds, rare words counting more."""
    rarity = {stem: lexical.rarity(stem) for stem in content_stems(question)}
    held = rarity.keys() & set(stems(text))
    return sum(rarity[stem] for stem in held) / max(sum(rarity.values()), 1e-9)


def best_coverage(question: str, hit: Hit, lexical: LexicalStore) -> float:
    """The most of the question that any one sentence, or question, of a hit holds: 0 to 1."""
    texts = [hit.passage.sentence(number) for number in range(len(hit.sentences))]
    return max(coverage(question, text, lexical) for text in [*texts, hit.asked])


def evidence(question: str, hits: Sequence[Hit], lexical: LexicalStore) -> tuple[Evidence, ...]:
    """What to quote from `hits`, most telling first: one span a document, at most MAX_QUOTES.

    Nothing where there are no hits.
    """
    found = sorted((_best(question, hit, lexical) for hit in hits), key=lambda one: -one.worth)
    return tuple(_distinct(found))[:MAX_QUOTES]


def _best(question: str, hit: Hit, lexical: LexicalStore) -> Evidence:
    """The best sentence of a hit, or the whole of an FAQ entry that was found by its question."""
    passage = hit.passage
    fits = [
        cosine + COVERAGE_WEIGHT * coverage(question, passage.sentence(number), lexical)
        for number, cosine in enumerate(hit.sentences)
    ]
    best = max(range(len(fits)), key=fits.__getitem__)
    if hit.asked and len(passage.text) <= WHOLE_CHARS:
        asked = hit.question + COVERAGE_WEIGHT * coverage(question, hit.asked, lexical)
        if asked >= fits[best]:
            return Evidence(hit, passage.sentences[0][0], passage.sentences[-1][1], asked)
    return Evidence(hit, *passage.sentences[best], fits[best])


def _distinct(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """The first, and those close to it that come from further documents and say something else."""
    documents: set[str] = set()
    texts: set[tuple[str, ...]] = set()
    for one in found:
        said = tuple(stems(one.text))
        if found[0].fit - one.fit > SECOND_MARGIN:
            continue
        if one.hit.passage.document_id in documents or said in texts:
            continue
        documents.add(one.hit.passage.document_id)
        texts.add(said)
        yield one
