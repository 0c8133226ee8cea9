"""Synonyms at work: phrases as stems, in a question and in the texts that answer to it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.stemming import ENGLISH, WORD, stemmed, words
from index.synonyms import Synonyms

Phrase = tuple[str, ...]  # words or stems in order


class Phrases:
    """Synonyms as stems of one language.

    A phrase of several words is one token where a question says it; a text that holds a phrase gets
    the tokens of all that mean it. So each token is as rare as all its meanings together.
    """

    def __init__(self, synonyms: Synonyms, language: str = ENGLISH) -> None:
        self._language = language
        self._meanings: dict[Phrase, dict[Phrase, str]] = {}  # of a question's, as written
        for group in synonyms.groups:
            meant = {self._stems(words(text)): text for text in group.meant}
            for text in group.asked:
                asked = self._stems(words(text))
                self._meanings.setdefault(asked, {asked: text}).update(meant)
        self._asked = _by_first(self._meanings)
        self._tokens: dict[Phrase, list[str]] = {}  # that a text's phrase also answers to
        for asked, meanings in self._meanings.items():
            for phrase in meanings:
                self._tokens.setdefault(phrase, []).extend(_token(asked, phrase))
        self._held = _by_first(self._tokens)

    def _stems(self, some_words: Sequence[str]) -> Phrase:
        return tuple(stemmed(some_words, self._language))

    def parted(self, stems: Sequence[str]) -> list[Phrase]:
        """A question's stems in order, those of a phrase together; the longest phrase counts."""
        parts: list[Phrase] = []
        at = 0
        while at < len(stems):
            parts.append(next(_found(self._asked, stems, at), (stems[at],)))
            at += len(parts[-1])
        return parts

    def expanded(self, stems: Sequence[str]) -> list[str]:
        """A text's stems and, after them, the tokens that its phrases also answer to."""
        return [*stems, *(token for phrase in self._in(stems) for token in self._tokens[phrase])]

    def counted(self, texts: Iterable[Sequence[str]]) -> dict[str, int]:
        """How often these texts, as stems, hold each phrase (its stems joined by spaces)."""
        return dict(Counter(" ".join(phrase) for stems in texts for phrase in self._in(stems)))

    def _in(self, stems: Sequence[str]) -> Iterator[Phrase]:
        for at in range(len(stems)) if self._held else ():
            yield from _found(self._held, stems, at)

    def reworded(self, question: str, counts: Mapping[str, int]) -> str:
        """The question with each phrase that no text holds in the words that most texts use.

        `counts` are those of `counted`. An encoder then reads words that the texts have too.
        """
        if not self._meanings:
            return question
        found = list(WORD.finditer(question))
        stems = self._stems([" ".join(words(word[0])) for word in found])
        pieces, at, number = [], 0, 0
        for part in self.parted(stems):
            first, last = found[number], found[number + len(part) - 1]
            number += len(part)
            if held := self._usual(part, counts):
                pieces += [question[at : first.start()], held]
                at = last.end()
        return "".join([*pieces, question[at:]])

    def _usual(self, asked: Phrase, counts: Mapping[str, int]) -> str | None:
        """What the texts call it; None where they hold `asked` itself or nothing that it means."""
        often = {p: counts.get(" ".join(p), 0) for p in self._meanings.get(asked, ())}
        best = max(often, key=often.__getitem__, default=asked)
        return None if often.get(asked) or not often.get(best) else self._meanings[asked][best]


def _token(asked: Phrase, phrase: Phrase) -> list[str]:
    """The token of a question's phrase, unless it is the one word of a text's."""
    return [] if len(asked) == 1 and asked == phrase else [" ".join(asked)]


def _by_first(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    """Phrases by their first stem, longest first."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(phrase)
    return by_first


def _found(phrases: Mapping[str, list[Phrase]], stems: Sequence[str], at: int) -> Iterator[Phrase]:
    """Those of the phrases that stand at this place."""
    for phrase in phrases.get(stems[at], ()):
        if tuple(stems[at : at + len(phrase)]) == phrase:
            yield phrase
