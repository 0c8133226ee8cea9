"""Whether the sources that were found differ, with a quote for each value."""

from collections.abc import Sequence
from typing import Any

from index.knowledge import Knowledge
from qa.agreement import Claim, Valued, claims_of, differences, statements
from qa.evidence import Evidence, fit
from qa.hit import Hit

Place = tuple[Hit, int]  # a passage and the number of one of its sentences


def compared(
    question: str, hits: Sequence[Hit], found: Sequence[Evidence], knowledge: Knowledge
) -> tuple[tuple[Evidence, ...], tuple[dict[str, Any], ...]]:
    """The evidence, with a quote for each value that sources differ on; and the differences.

    A difference is what `Answer.disagreements` holds: what it is about, and each value with the
    numbers of its quotes.
    """
    if len({hit.passage.document_id for hit in hits}) < 2:
        return tuple(found), ()
    places: list[Place] = []
    claims: list[Claim] = []
    for hit in hits:
        numbers = statements(hit)
        places += [(hit, number) for number in numbers]
        claims += claims_of(hit, numbers, knowledge.document(hit.passage.document_id))
    quoted = list(found)
    differing = tuple(
        {
            "about": one.about,
            "values": [
                {"value": each.value, "quotes": [_quoted(each, places, quoted)]}
                for each in one.values
            ],
        }
        for one in differences(question, claims)
    )
    return tuple(quoted), differing


def _quoted(each: Valued, places: Sequence[Place], quoted: list[Evidence]) -> int:
    """The number of a quote that gives this value; one is added where there is none."""
    for place in each.claims:
        for number, one in enumerate(quoted):
            if _holds(one, *places[place]):
                return number
    hit, number = places[each.claims[0]]
    quoted.append(Evidence(hit, *hit.passage.sentences[number], fit(hit.sentences[number])))
    return len(quoted) - 1


def _holds(one: Evidence, hit: Hit, number: int) -> bool:
    start, end = hit.passage.sentences[number]
    return one.hit.passage.id == hit.passage.id and one.start <= start and end <= one.end
