"""Words and what they come down to: the stems by which a question and a text meet."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

import regex

ENGLISH = "en"
# In a text words come up again. So many together are a vocabulary, which holds each but once.
_VOCABULARY = 5_000

# Words with their combining marks, and single letters of scripts without spaces between words.
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
WORD = regex.compile(
    rf"{_UNSPACED}\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}]--{_UNSPACED}]+", flags=regex.VERSION1
)
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")  # the same in ASCII, five times as fast


def words(text: str) -> list[str]:
    """The words of a text in order: compatibility forms unified, lower case, no punctuation."""
    if text.isascii():
        return _ASCII_WORD.findall(text.casefold())
    found: list[str] = WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return found


def spelled(text: str) -> list[str]:
    """The same in the text's own capitals."""
    return _spellings(unicodedata.normalize("NFKC", text))


def _spellings(text: str) -> list[str]:
    found: list[str] = (_ASCII_WORD if text.isascii() else WORD).findall(text)
    return found


def stemmed(some_words: Sequence[str], language: str = ENGLISH) -> list[str]:
    """These words without their endings, by Snowball's stemmer (Porter 2001) for the language.

    They stay as they are where it has none. A stemmer hardly touches words of other scripts.
    """
    one, many = _stemmers(language)
    return many(list(some_words)) if len(some_words) > _VOCABULARY else [*map(one, some_words)]


@cache
def _stemmers(language: str) -> tuple[Callable[[str], str], Callable[[list[str]], list[str]]]:
    """What stems one word, keeping those of the last ones, 5 MB; what stems a list, keeping none.

    A stemmer is not safe to share between threads, so each call has its own.
    """
    import Stemmer

    try:
        Stemmer.Stemmer(language)
    except KeyError:
        return str, list

    @lru_cache(maxsize=16_000)
    def one(word: str) -> str:
        found: str = Stemmer.Stemmer(language, 0).stemWord(word)
        return word if found == word else found

    def many(some_words: list[str]) -> list[str]:
        found: list[str] = Stemmer.Stemmer(language, 0).stemWords(some_words)
        return found

    return one, many


def vocabulary(texts: Iterable[str]) -> dict[str, int]:
    """Each word of the texts in its most frequent spelling, and how often it stands there."""
    spellings = Counter(spelling for text in texts for spelling in _spellings(text))
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for spelling, count in sorted(spellings.items(), key=lambda item: (-item[1], item[0])):
        counts[first.setdefault(spelling.casefold(), spelling)] += count
    return dict(counts)
