"""The words of English grammar that tell the parts of a question apart: closed, and few."""

from dataclasses import dataclass

import regex

from index.lexical import content_words

_WORD = regex.compile(r"\w+(?:[.'’&/-]\w+)*%?")


def word_set(words: str) -> frozenset[str]:
    """Words with spaces between them as a set."""
    return frozenset(words.split())


NAMING = word_set("what who what's who's")
ASKING = NAMING | word_set("when where whom whose which why how")
BEING = word_set("is are was were isn't aren't wasn't weren't what's who's")
HELPING = word_set(
    "do does did has have had can could will would shall should may might must don't doesn't"
    " didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't"
)
VERBS = BEING | HELPING
ARTICLES = word_set("a an the")
DETERMINERS = ARTICLES | word_set("my our")
PREPOSITIONS = word_set(
    "about above across after against along among around as at because before behind besides"
    " between by despite during for from in into like near of off on over per since than through to"
    " toward towards under until upon via with within without"
)
JOINING = word_set("and or but")
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays"
    " fridays saturdays sundays weekday weekdays weekend weekends holiday holidays"
)
_SEASONS = word_set(
    "january february march april may june july august september october november december spring"
    " summer autumn winter"
)
_NOW = word_set("today tomorrow tonight yesterday morning afternoon evening night now future")
SPEAKERS = word_set("i me my mine we us our you your")
PERSONS = word_set("he she him her his hers")
THINGS = word_set("it its they them their theirs")
OWNING = word_set("his her its their")
POINTING = word_set("this that these those")
# Words that BM25 counts as telling and that name nothing in a conversation.
_IDLE = word_set(
    "okay ok yes no hi hello hmm oh wow thanks thank i'm i've i'd i'll let's how's where's it's"
    " that's there's like know want need think mean heard hear say said see something anything"
    " someone anyone anybody everything thing things one explain describe nobody none nothing"
    " somebody everyone everybody"
)
# Words that are verbs more than nouns: a noun phrase ends before one.
ACTING = word_set(
    "affect appear arrive become begin believe belong bring build buy choose come decide die eat"
    " enter exist explain feel find forget get give go grow happen hear hold hurt include keep know"
    " learn leave lend let live lose make meet pay prevent protect put receive remain say see seem"
    " sell send sing sit speak spend stay survive take teach tell think want win write"
)
_UNLIKE_NOUNS = word_set(
    "able available bad best better big bigger biggest cheap cheaper cheapest closed common cold"
    " different early easy expensive famous far fast free full good great hard heavy high hot"
    " important large late likely long low main necessary new normal old open possible rare"
    " safe short similar slow small special strict strong tall true unusual useful warm weak wide"
    " worse worst wrong young born bought built caught done found given gone held kept known lost"
    " made paid seen sent shot shut sold taken told won written abroad ahead alone already also"
    " always away back downstairs else ever forward here home never next nearby now often online"
    " outside quite really soon still together tonight too upstairs usually very"
)
_UNLIKE_ENDINGS = ("ous", "ful", "less", "ed", "ally", "ely", "tly", "ily", "lly")
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

    @property
    def timed(self) -> bool:
        """Whether it is a number or a time, as "Sundays", which no question is about."""
        return self.time_kind > 0

    @property
    def time_kind(self) -> int:
        """Equal for two words that may take each other's place, as "Monday" and "tomorrow"."""
        if self.low.isdecimal():
            return 1
        return 2 if self.low in DAYS | _NOW else 3 if self.low in _SEASONS else 0

    @property
    def names_thing(self) -> bool:
        """Whether a noun phrase may end with it: not a participle, an adjective or an adverb."""
        if self.low in _UNLIKE_NOUNS:
            return False
        short = len(self.low) < 5 or self.low.endswith("eed")  # "bed", "speed"
        return short or not self.text.islower() or not self.low.endswith(_UNLIKE_ENDINGS)


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    return [
        Word(match[0], match.start(), match.end(), match[0].casefold().replace("’", "'"))
        for match in _WORD.finditer(text)
    ]
