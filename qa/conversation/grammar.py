"""The words of English grammar that tell the parts of a question apart: closed, and few."""

from dataclasses import dataclass

import regex

from index.lexical import content_words

_WORD = regex.compile(r"\w+(?:[.'’&/-]\w+)*%?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NAMING = _set("what who what's who's")
ASKING = NAMING | _set("when where whom whose which why how")
BEING = _set("is are was were isn't aren't wasn't weren't what's who's")
HELPING = _set(
    "do does did has have had can could will would shall should may might must don't doesn't"
    " didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't"
)
VERBS = BEING | HELPING
ARTICLES = _set("a an the")
PREPOSITIONS = _set(
    "about above after against around as at because before behind besides between by despite"
    " during for from in into like near of off on over per since than through to toward towards"
    " under until upon via with within without"
)
JOINING = _set("and or but")
SPEAKERS = _set("i me my mine we us our you your")
PERSONS = _set("he she him her his hers")
THINGS = _set("it its they them their theirs")
OWNING = _set("his her its their")
POINTING = _set("this that these those")
# Words that BM25 counts as telling and that name nothing in a conversation.
_IDLE = _set(
    "okay ok yes no hi hello hmm oh wow thanks thank i'm i've i'd i'll let's how's where's it's"
    " that's there's like know want need think mean heard hear say said see something anything"
    " someone anyone anybody everything thing things one explain describe"
)
_PLAIN = _IDLE | ASKING | VERBS | PREPOSITIONS


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, at `text[start:end]`; `low` is its lower case with a plain apostrophe."""

    text: str
    start: int
    end: int
    low: str

    @property
    def tells(self) -> bool:
        """Whether it has a meaning of its own beside grammar."""
        return self.low not in _PLAIN and bool(content_words(self.text))


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    return [
        Word(match[0], match.start(), match.end(), match[0].casefold().replace("’", "'"))
        for match in _WORD.finditer(text)
    ]
