"""A small harbour's FAQ with a real engine behind it, whose encoder knows five words."""

from index.documents import Document
from qa.answerer import Answerer
from tests.keyword_encoder import KeywordEncoder
from tests.qa.corpus import article, faq, knowledge

FERRY = "When does the ferry leave?"
NINE = "The ferry leaves at nine."
NOON = "The tide turns at noon."
GULL = "Who feeds the gull?"

DOCUMENTS: tuple[Document, ...] = (
    faq(
        "faq:ferry",
        FERRY,
        NINE,
        "What time does the boat go?",
        publisher="Harbour Office",
        language="en",
        tags=("travel", "timetable"),
    ),
    faq("faq:gull", GULL, "Nobody feeds the gull.", publisher="Harbour Office", language="en"),
    article(
        "tides",
        "Tides",
        f"{NOON} The fog lifts by ten.",
        publisher="The Review",
        language="en",
        tags=("nature",),
        url="https://example.org/tides",
    ),
    article("old", "Old times", "The ferry leaves at eight.", publisher="Archive", language="en"),
)


def harbour() -> Answerer:
    """Answers from these documents."""
    encoder = KeywordEncoder("ferry", "boat", "tide", "fog", "gull")
    return Answerer(knowledge(encoder, *DOCUMENTS), encoder)
