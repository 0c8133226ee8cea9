"""The Inspector: what a question finds, what each score is made of, why it is answered or not.

For editors. A page without script, made here.
"""

from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Protocol, runtime_checkable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.errors import QuestionError
from qa.answerer import Explained
from qa.hit import Hit
from qa.question import MAX_CHARS
from qa.web.advice import Advice, advice
from qa.web.engine import Engine, Serving
from qa.web.markup import source_link
from qa.web.source import ASSETS
from qa.web.sub_path import root_of
from qa.weights import RANKING

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_FIRST_WORDS = 120  # characters
# A part of a score: its name for a person, its weight, how a hit has it.
_PARTS = (
    ("meaning", "meaning of the passage", RANKING.meaning),
    ("focus", "best sentence", RANKING.focus),
    ("wording", "wording", RANKING.wording),
    ("lexical", "words in common", RANKING.lexical),
    ("coverage", "coverage", RANKING.coverage),
)
FULL = sum(weight for *_, weight in _PARTS)  # the score of a passage that says just what was asked


@runtime_checkable
class Explainer(Protocol):
    """An engine that tells how an answer came about."""

    def explain(self, question: str) -> Explained:
        """The answer with every hit; QuestionError for a question that is none."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a score: what it adds, and where its piece of the bar lies, in per cent."""

    key: str
    name: str
    adds: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `confidence` is None for a passage that was not read closely."""

    rank: int
    title: str
    words: str
    link: str
    total: float
    shares: tuple[Share, ...]
    confidence: float | None
    passes: bool
    quoted: str


def inspector_routes(live: Serving) -> APIRouter:
    """`GET /inspect?q=`. Raises TypeError for an engine that cannot explain itself."""
    _explainer(live.current.engine)
    router = APIRouter()

    @router.get("/inspect", response_class=HTMLResponse, include_in_schema=False)
    def inspect(request: Request, q: str = "") -> Response:
        root = root_of(request.scope)
        if not q.strip():
            return HTMLResponse(render(root), headers=_HEADERS)
        try:
            explained = _explainer(live.current.engine).explain(q)
        except QuestionError as error:
            page = render(root, question=q[:MAX_CHARS], notice=str(error))
            return HTMLResponse(page, status_code=422, headers=_HEADERS)
        return HTMLResponse(render(root, explained), headers=_HEADERS)

    return router


def _explainer(engine: Engine) -> Explainer:
    if not isinstance(engine, Explainer):
        raise TypeError("the inspector needs an engine with `explain`, such as qa.load gives")
    return engine


def render(
    root: str, explained: Explained | None = None, *, question: str = "", notice: str = ""
) -> str:
    """The page, on a site that begins at `root`: the question box and what came of a question."""
    answer = explained.answer if explained else None
    return (
        _templates()
        .get_template("inspector.html")
        .render(
            root=root,
            question=answer.question if answer else question,
            notice=notice,
            answer=answer,
            advice=advice(explained) if explained else Advice("", ""),
            line=explained.answer_from if explained else 0.0,
            rows=rows(explained) if explained else (),
            parts=_PARTS,
            full=FULL,
            longest=MAX_CHARS,
        )
    )


def rows(explained: Explained) -> tuple[Row, ...]:
    """Every hit, best first; nothing where small talk got its reply."""
    if explained.answer.reply:
        return ()
    numbers: dict[str, list[str]] = {}
    for citation in explained.answer.citations:
        numbers.setdefault(citation.passage, []).append(str(citation.number))
    pairs = zip_longest(explained.hits, explained.confidences)
    line, generation = explained.answer_from, explained.answer.generation
    return tuple(_row(hit, sure, line, numbers, generation) for hit, sure in pairs)


def _row(
    hit: Hit, sure: float | None, line: float, numbers: dict[str, list[str]], generation: str
) -> Row:
    passage = hit.passage
    names = (passage.title, *passage.headings[-1:])
    return Row(
        rank=hit.rank,
        title=": ".join(dict.fromkeys(filter(None, names))) or passage.id,
        words=_first_words(passage.text),
        link=source_link(passage.id, generation),
        total=hit.score,
        shares=shares(hit),
        confidence=sure,
        passes=sure is not None and sure >= line,
        quoted=", ".join(numbers.get(passage.id, ())),
    )


def _first_words(text: str) -> str:
    """The beginning of a text on one line, whole words where it has any."""
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return line
    return f"{line[:_FIRST_WORDS].rpartition(' ')[0] or line[:_FIRST_WORDS]} …"


def shares(hit: Hit) -> tuple[Share, ...]:
    """The parts of a score; a bar of FULL is as wide as it can get. A cosine may be below 0."""
    made: list[Share] = []
    for key, name, weight in _PARTS:
        value = weight * getattr(hit, key)
        adds = round(value, 2) or 0.0  # as shown, and never -0.0
        start = made[-1].start + made[-1].width if made else 0.0
        made.append(Share(key, name, adds, start, 100 * max(value, 0.0) / FULL))
    return tuple(made)


@cache
def _templates() -> Environment:
    # autoescape=True and no choice by file name: every template here is HTML.
    loader = FileSystemLoader(ASSETS)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
