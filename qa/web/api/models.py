"""What the API takes and gives, as its description shows it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.errors import QuestionError
from qa.answer import Citation, Quote, Status, Suggestion
from qa.evidence import MAX_QUOTES
from qa.filters import Filters
from qa.journal import COMMENT_CHARS, Verdict
from qa.question import MAX_CHARS, cleaned
from qa.suggestions import MOST

# Bounds of what a client may send. A turn holds an answer, which is a few quotes of a passage each;
# the guard's cap on the whole body comes first. Nothing was measured for these.
MOST_TURNS = 40  # what the chat page keeps
TURN_CHARS = 4_000
MOST_VALUES = 20  # of one filter
VALUE_CHARS = 200
MOST_PASSAGES = 20
MOST_QUOTED = 10
NAME_CHARS = 200
SUGGESTED = 5


def _question(text: str) -> str:
    """The text as it came, if it is a question: the engine cleans it the same way."""
    try:
        cleaned(text)
    except QuestionError as error:
        raise ValueError(str(error)) from None
    return text


Question = Annotated[
    str,
    AfterValidator(_question),
    Field(
        description=f"At most {MAX_CHARS} characters, once invisible ones and runs of white space "
        "are taken out.",
        json_schema_extra={"minLength": 1, "maxLength": 20 * MAX_CHARS},
    ),
]
Value = Annotated[str, Field(max_length=VALUE_CHARS)]
Values = Annotated[list[Value], Field(max_length=MOST_VALUES)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARS)]


class _Taken(BaseModel):
    """What a client sends: nothing is converted, nothing unknown is let pass."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Turn(_Taken):
    """One thing that was said before."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=TURN_CHARS)]


class FilterValues(_Taken):
    """Which sources may be quoted: any value of a field, every field; values as the sources have
    them. One that no source has is refused, with the nearest that there are.
    """

    kind: Annotated[
        list[Literal["faq", "article"]],
        Field(max_length=MOST_VALUES, description="`faq` or `article`."),
    ] = []
    publisher: Values = []
    language: Annotated[Values, Field(description="ISO 639-1, as in `en`.")] = []
    tags: Values = []

    def to_filters(self) -> Filters:
        """The engine's form."""
        return Filters(
            tuple(self.kind), tuple(self.publisher), tuple(self.language), tuple(self.tags)
        )


class AskRequest(_Taken):
    """A question, and what it is asked in."""

    question: Question
    history: Annotated[
        list[Turn],
        Field(max_length=MOST_TURNS, description="The turns before it, oldest first."),
    ] = []
    filters: Annotated[FilterValues, Field(description="Which sources may be quoted.")] = (
        FilterValues()
    )
    k: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_QUOTED,
            description="How many passages to quote at most. Where sources differ, each value keeps"
            " its quote.",
        ),
    ] = MAX_QUOTES

    def turns(self) -> list[dict[str, str]]:
        """The engine's form of the history."""
        return [turn.model_dump() for turn in self.history]


class FeedbackRequest(_Taken):
    """A reader's verdict on an answer; a later one on the same answer takes its place.

    `question`, `generation` and `passages` may be sent along; what the server knows of the answer
    is what is kept.
    """

    answer: Annotated[Name, Field(description="The answer's `id`.")]
    verdict: Verdict
    comment: Annotated[str, Field(max_length=COMMENT_CHARS)] = ""
    question: Annotated[str, Field(max_length=20 * MAX_CHARS)] = ""
    generation: Annotated[str, Field(max_length=NAME_CHARS)] = ""
    passages: Annotated[
        list[Annotated[str, Field(max_length=NAME_CHARS)]], Field(max_length=MOST_PASSAGES)
    ] = []


class SuggestQuery(BaseModel):
    """What has been typed so far."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=MAX_CHARS, description="What has been typed so far.")]
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = SUGGESTED


class DifferingValue(BaseModel):
    """A value and the numbers, from 0, of the quotes that give it."""

    value: str
    quotes: list[int]


class Difference(BaseModel):
    """What sources differ on."""

    about: str
    values: list[DifferingValue]


class AnswerReply(BaseModel):
    """The answer in the wire form; more fields may join."""

    id: str
    question: str
    answering: Annotated[
        str | None, Field(description="The whole question, where a follow-up was completed.")
    ]
    status: Status
    text: Annotated[str, Field(description="The quotes as one text; empty unless `answered`.")]
    quotes: list[Quote]
    citations: list[Citation]
    confidence: Annotated[float, Field(ge=0, le=1)]
    generation: Annotated[str, Field(description="Which build of the sources answered.")]
    took_ms: float
    disagreements: list[Difference]
    choices: Annotated[
        list[Suggestion], Field(description="What may be meant, where it is `ask_back`.")
    ]
    nearest: Annotated[
        list[Suggestion], Field(description="The closest that is held, where it is `abstained`.")
    ]
    related: Annotated[list[Suggestion], Field(description="Questions to go on with.")]
    reply: Annotated[str, Field(description="What small talk gets.")]
    warning: Annotated[
        str, Field(description="That the model may not know the question's language.")
    ]
    looked_for: Annotated[
        list[str], Field(description="The words that were looked for, where there is no answer.")
    ]
    not_found: Annotated[
        list[str], Field(description="Those of them that stand nowhere in the sources.")
    ]
    built: Annotated[
        str, Field(description="When the sources were read, UTC, as in 2026-11-27T09:30:00+00:00.")
    ]


class SuggestReply(BaseModel):
    """Questions that the FAQ answers, the likeliest first."""

    suggestions: list[Suggestion]


class Span(BaseModel):
    """`text[start:end]`, in Unicode characters."""

    start: int
    end: int


class SourceDocument(BaseModel):
    """What a source says of itself."""

    id: str
    kind: str
    title: str
    publisher: str
    date: str
    url: str
    language: str
    tags: list[str]
    source: str


class SourceReply(BaseModel):
    """A passage and where it stands."""

    passage: str
    text: str
    sentences: Annotated[list[Span], Field(description="In `text`, in order.")]
    headings: Annotated[list[str], Field(description="From the outermost.")]
    header: Annotated[str, Field(description="A table's column names.")]
    link: Annotated[str, Field(description="Opens at the passage; may start with `/source/`.")]
    document: SourceDocument
    generation: str
    built: Annotated[str, Field(description="When the sources were read, UTC.")]


class Alive(BaseModel):
    """A sign of life."""

    status: Literal["ok"]
    generation: str
    built: Annotated[str, Field(description="When the sources were read, UTC.")]
    degraded: Annotated[
        bool, Field(description="Whether the owner has to look at it; it answers all the same.")
    ]
    reason: Annotated[str, Field(description="Why it is degraded; empty where it is not.")]


class Report(BaseModel):
    """What a rebuild came to. `error` is empty where it went well."""

    generation: Annotated[str, Field(description="What serves after it.")]
    counts: Annotated[
        dict[str, int],
        Field(description="FAQ entries, articles and passages; what is new of them."),
    ]
    problems: Annotated[list[str], Field(description="What could not be read; the first 100.")]
    seconds: float
    error: str
    asked_by: Annotated[str, Field(description="`admin` or `watch`.")]
    ended: Annotated[str, Field(description="When it ended, UTC.")]


class RebuildReply(BaseModel):
    """Whether a rebuild runs, how far it is, and what the last one came to."""

    state: Literal["idle", "running"]
    done: Annotated[int, Field(description="Texts encoded so far.")]
    total: Annotated[int, Field(description="Of so many; 0 while the sources are read.")]
    last: Report | None
    generation: Annotated[str, Field(description="What serves now.")]
    built: Annotated[str, Field(description="When its sources were read, UTC.")]
    trouble: Annotated[str, Field(description="Why it is degraded, with the file at fault.")]


class ProblemReply(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
