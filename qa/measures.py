"""How many or how much a question asks for, or states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from index.lexical import content_words
from qa.dates import dates
from qa.quantities import MONEY, NUMBER, UNITS, Quantity, quantities, unit_at
from qa.values import Candidate, Question, Token, around, stem, tokens
from qa.wording import MOST_STATED, Clause, claimed

# What a question's word is about: dimensions and, where texts say it beside the number, which.
_AMOUNT = dict.fromkeys(MONEY, "")
_MEASURES: Mapping[str, Mapping[str, str]] = {
    word: measures
    for words, measures in (
        ("long longer length", {"length": "length", "time": ""}),
        ("wide wider width", {"length": "width"}),
        ("high higher tall taller height", {"length": "height"}),
        ("deep deeper depth", {"length": "depth"}),
        ("thick thicker thickness", {"length": "thickness"}),
        ("diameter", {"length": "diameter"}),
        ("far farther further distance", {"length": "distance"}),
        ("old older", {"time": "age"}),
        ("age duration", {"time": ""}),
        ("big bigger large larger area size", {"area": ""}),
        ("heavy heavier weight", {"mass": ""}),
        ("hot hotter cold colder temperature", {"temperature": ""}),
        ("percentage", {"percent": ""}),
        ("price cost fee income salary", _AMOUNT),
        ("much", {**_AMOUNT, "percent": "", "mass": "", "volume": ""}),
    )
    for word in words.split()
}
# Those that name what is sought by themselves: "length of the canal", "canal length".
_NAMING = (
    "length width height depth thickness diameter distance age duration area size weight "
    "temperature percentage price cost fee income salary population"
)
_NOUNS = frozenset(_NAMING.split())
_LABELS = {"time": "duration", **dict.fromkeys(MONEY, "amount")}
_POPULATED = "population"
_POPULATION = stem(_POPULATED)
_PEOPLE = frozenset({_POPULATION, *map(stem, ("people", "inhabitants", "residents", "persons"))})
# What a value says by itself: "250 km" meets the "long" of a question.
_IMPLIED = frozenset({_POPULATION, stem("number"), *map(stem, _MEASURES)})


def _stems_of_units() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, (dimension, _) in UNITS.items():
        found.setdefault(dimension, set()).update(map(stem, name.split()))
    return {dimension: frozenset(said) for dimension, said in found.items()}


_UNIT_STEMS = _stems_of_units()


@dataclass(frozen=True, slots=True)
class SoughtQuantity:
    """How much of what: `measures` has the dimensions and the attribute, empty for any.

    `counted` are the stems of what a bare number counts; `excluded` is what the question gives
    itself and does not ask about.
    """

    question: Question
    measures: Mapping[str, str]
    counted: frozenset[str] = frozenset()
    excluded: tuple[Quantity, ...] = ()

    @property
    def implied(self) -> frozenset[str]:
        """See `Sought`."""
        return _IMPLIED.union(*(_UNIT_STEMS.get(one, frozenset()) for one in self.measures))

    def found(self, text: str) -> Iterator[Candidate]:
        """Quantities that have the attribute asked for, count it, or stand near what is asked."""
        for one in quantities(text):
            attribute = self.measures.get(one.dimension)
            if attribute is None or any(_same(one, other) for other in self.excluded):
                continue
            fit, distance = self._fit(text, one, attribute)
            if fit:
                of = one.attribute if one.dimension == "length" else ""
                about = attribute or of or _LABELS.get(one.dimension, one.dimension)
                yield Candidate(one, about, fit, distance)

    def _fit(self, text: str, one: Quantity, attribute: str) -> tuple[float, int]:
        fit, distance = self.question.near(text, one)
        if attribute:
            fit = 1 + (one.attribute == attribute) if one.attribute in ("", attribute) else 0
        elif one.dimension == NUMBER:
            fit = fit + 1 if self._counts(text, one) else 0
        elif not self.question.asks - self.implied:  # "How many km is the DMZ?"
            fit = max(fit, 1)
        return fit, distance

    def _counts(self, text: str, one: Quantity) -> bool:
        """Whether a number counts what is asked for: "15 libraries", "a population of 428"."""
        if _dated(text, one):
            return False
        before, behind = around(text, one)
        if "per" in behind[:2] or behind[:1] == ["of"]:  # density; one of them
            return False
        people = self.counted >= _PEOPLE and _POPULATION in before[:4]
        return people or not self.counted.isdisjoint(behind[:2])


def _same(one: Quantity, other: Quantity) -> bool:
    return one.dimension == other.dimension and one.agrees(other)


def _dated(text: str, one: Quantity) -> bool:
    return any(date.start < one.end and one.start < date.end for date in dates(text))


def sought_quantity(clause: Clause, question: Question) -> SoughtQuantity | None:
    """What "How long …?", "How many …?" or "Width of …?" asks for; None for another question.

    Of "Is it 248 or 250 km long?" the length is asked, not another one.
    """
    measures, counted = _named(clause, question)
    if not measures:
        return None
    given = () if "or" in question.words else quantities(clause.text)
    return SoughtQuantity(question, measures, counted, given)


_Named = tuple[Mapping[str, str], frozenset[str]]


def _named(clause: Clause, question: Question) -> _Named:
    """The measures a question names, and the stems of what it wants counted."""
    words = question.words
    for place, (first, second) in enumerate(pairwise(words)):
        if first == "how" and second == "many":
            return _how_many(question, place + 2)
        if first == "how" and second in _MEASURES:
            return _MEASURES[second], frozenset()
    if words[:1] in (("what",), ("which",)):
        return _by_noun(question, words[1:6])
    if clause.asks or quantities(clause.text):
        return {}, frozenset()
    return _by_noun(question, _headline(words))


def _headline(words: tuple[str, ...]) -> tuple[str, ...]:
    """Of words that are no question, those that say what is sought: "length of", "canal length"."""
    firsts = (one for one, two in pairwise(words) if two == "of")
    return (*firsts, *words[-1:]) if len(words) <= 8 else ()


def _by_noun(question: Question, words: tuple[str, ...]) -> _Named:
    for word in words:
        noun = word if word in _NOUNS else word.removesuffix("s")
        if noun == _POPULATED:
            return {NUMBER: ""}, _PEOPLE
        if word == "number" and (counted := _numbered(question)):
            return {NUMBER: ""}, counted
        if word in _MEASURES or noun in _NOUNS:
            return _MEASURES[word if word in _MEASURES else noun], frozenset()
    return {}, frozenset()


def _numbered(question: Question) -> frozenset[str]:
    """The stems of X in "number of X"; empty where the question has no such words."""
    for place, pair in enumerate(pairwise(question.words)):
        if pair == ("number", "of"):
            return _things(question.words[place + 2 : place + 5])
    return frozenset()


def _how_many(question: Question, place: int) -> _Named:
    """What "how many" asks for, of the words that follow: 30 days, 15 libraries, or how long."""
    unit, after = unit_at([Token(word, 0, 0) for word in question.words], place)
    if not unit:
        return {NUMBER: ""}, _things(question.words[place : place + 4])
    dimension = UNITS[unit][0]
    return {dimension: _attribute(question.words[after:], dimension)}, frozenset()


def _attribute(words: tuple[str, ...], dimension: str) -> str:
    """What of that dimension is measured by the first word that says so; empty where none does."""
    said = (_MEASURES[word] for word in words if word in _MEASURES)
    return next((measures[dimension] for measures in said if dimension in measures), "")


def _things(words: tuple[str, ...]) -> frozenset[str]:
    content = content_words(" ".join(words))
    counted = frozenset(stem(word) for word in words if word in content)
    return counted | _PEOPLE if counted & _PEOPLE else counted


def stated_quantity(clause: Clause, sources: tuple[str, ...]) -> SoughtQuantity | None:
    """What "Is it 248 km long?" or "It is 248 km long" says, sought whatever the number is.

    What only tells which one is meant is not: "the 2 towers", "if I come 5 minutes late".
    """
    text = clause.text
    for one in () if clause.asks else quantities(text)[:MOST_STATED]:
        if not _plain(text, one) or not claimed(text, one):
            continue
        rest = f"{text[: one.start]} {text[one.end :]}"
        question = Question.read(rest, sources, clause.lead)
        if one.dimension != NUMBER:
            measures = {one.dimension: one.attribute or _attribute(question.words, one.dimension)}
            return SoughtQuantity(question, measures)
        if counted := _stated_count(text, one, question):
            return SoughtQuantity(question, {NUMBER: ""}, counted)
    return None


def _plain(text: str, one: Quantity) -> bool:
    return "per" not in one.dimension.split() and not _dated(text, one)


def _stated_count(text: str, one: Quantity, question: Question) -> frozenset[str]:
    """The stems of what a bare number counts; empty where it counts nothing."""
    if _POPULATED in question.words:
        return _PEOPLE
    behind = tuple(token.text for token in tokens(text[one.end :])[:2])
    if behind[:1] == ("of",) or text[one.start : one.end].casefold() == "one":
        return frozenset()
    return _numbered(question) or _things(behind)
