"""The routes under `/api/`, and the two that tell how the server is."""

import json
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from index.errors import JournalError, QuestionError
from index.passages import Passage
from qa.answer import Answer
from qa.journal import Journal
from qa.links import citation_link
from qa.web import problems
from qa.web.api import models
from qa.web.api.examples import documented
from qa.web.api.given import GivenAnswers
from qa.web.api.held import HeldValues
from qa.web.engine import Knowledge, Serving
from qa.web.limits import Desk
from qa.web.problems import Problem


def api_routes(live: Serving, journal: Journal, desk: Desk) -> APIRouter:
    """All of them. Feedback is about answers that this router gave."""
    router, given = APIRouter(), GivenAnswers()
    router.include_router(_asking(live, desk, given, HeldValues()))
    router.include_router(_telling(journal, given))
    router.include_router(_looking_up(live))
    router.include_router(_health(live, desk))
    return router


def _asking(live: Serving, desk: Desk, given: GivenAnswers, held: HeldValues) -> APIRouter:
    router = APIRouter()

    @router.post("/api/ask", **documented("ask"))
    async def ask(body: models.AskRequest, request: Request) -> Response:
        """Ask a question.

        The answer is made of verbatim quotes with citations; or it says, by its `status`, that the
        sources don't say, or asks back which of several questions is meant.
        """
        answer = await desk.run(partial(_answer, live, held, body), partial(_gone, request))
        given.remember(answer)
        return as_json(answer.to_dict())

    return router


def _answer(live: Serving, held: HeldValues, body: models.AskRequest) -> Answer:
    engine = live.current.engine
    filters = body.filters.to_filters()
    if unknown := held.lacking(engine.knowledge, filters):
        raise Problem(problems.INVALID, "; ".join(map(str, unknown)))
    try:
        return engine.answer(body.question, body.turns(), filters=filters, k=body.k)
    except QuestionError as error:
        raise Problem(problems.INVALID, f"question: {error}") from error


async def _gone(request: Request) -> None:
    """Return once the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _telling(journal: Journal, given: GivenAnswers) -> APIRouter:
    router = APIRouter()

    @router.post("/api/feedback", status_code=204, **documented("feedback"))
    def feedback(body: models.FeedbackRequest) -> Response:
        """Say whether an answer helped.

        `wrong-source`: a source does not say this. `none-of-these`: no question that was offered is
        meant. Returns when it is on disk. The last verdict on an answer counts, the same one twice
        counts once.
        """
        about = given.get(body.answer)
        if about is None:
            told = "no answer of that id was given here lately; ask the question again"
            raise Problem(problems.NOT_FOUND, told)
        try:
            journal.record_feedback(
                body.answer,
                about.question,
                body.verdict,
                generation=about.generation,
                passages=about.passages,
                comment=body.comment,
            )
        except JournalError as error:
            raise Problem(problems.NOT_SAVED, _not_saved(), {"Retry-After": "60"}) from error
        return Response(status_code=204)

    return router


def _not_saved() -> str:
    return (
        "the feedback could not be written and is not kept; send it again later, and tell the "
        "site's owner to look at the disk of the knowledge base"
    )


def _looking_up(live: Serving) -> APIRouter:
    router = APIRouter()

    @router.get("/api/suggest", **documented("suggest"))
    def suggest(query: Annotated[models.SuggestQuery, Query()]) -> Response:
        """Complete a question.

        The FAQ's own questions, those that begin with what was typed first; slips of the keys,
        case and accents do not matter.
        """
        found = live.current.type_ahead.suggest(query.q, query.limit)
        return as_json({"suggestions": [{"text": s.text, "passage": s.passage} for s in found]})

    @router.get("/api/sources/{passage:path}", **documented("sources"))
    def source(
        passage: Annotated[str, Path(description="The passage's id, as quotes have it.")],
    ) -> Response:
        """Read a passage.

        The whole passage that a quote was cut from, and what its document says of itself.
        """
        knowledge = live.current.engine.knowledge
        try:
            found = knowledge.passage(passage)
        except KeyError as error:
            raise Problem(problems.NOT_FOUND, "the sources hold no such passage") from error
        return as_json(_source(knowledge, found))

    return router


def _source(knowledge: Knowledge, passage: Passage) -> dict[str, Any]:
    document = knowledge.document(passage.document_id)
    names = models.SourceDocument.model_fields
    return {
        "passage": passage.id,
        "text": passage.text,
        "sentences": [{"start": start, "end": end} for start, end in passage.sentences],
        "headings": passage.headings,
        "header": passage.header,
        "link": citation_link(document, passage, 0, len(passage.text), knowledge.generation),
        "document": {name: getattr(document, name) for name in names},
        "generation": knowledge.generation,
        "built": knowledge.built,
    }


def _health(live: Serving, desk: Desk) -> APIRouter:
    router, loaded = APIRouter(), _Loaded(live)

    @router.get("/healthz", **documented("healthz"))
    def healthz() -> Response:
        """Whether the server runs, and what it answers from.

        `degraded` says that it is not what it should be: see `reason`. It answers all the same.
        """
        return _alive(live)

    @router.get("/readyz", **documented("readyz"))
    async def readyz() -> Response:
        """Whether questions can be answered now: the model is loaded and a place is free."""
        if desk.full:
            raise Problem(problems.NOT_READY, "too many questions are waiting", _SOON)
        try:
            await run_in_threadpool(loaded)
        except Exception as error:
            raise Problem(problems.NOT_READY, "the model could not be loaded", _SOON) from error
        return _alive(live)

    return router


_SOON = {"Retry-After": "5"}


class _Loaded:
    """Called, it sees that a question has been answered once; raises what keeps it from that."""

    def __init__(self, live: Serving) -> None:
        self._live = live
        self._answered = False

    def __call__(self) -> None:
        if not self._answered:
            self._live.current.engine.warm_up()
            self._answered = True


def _alive(live: Serving) -> Response:
    knowledge, trouble = live.current.engine.knowledge, live.trouble
    told = {
        "status": "ok",
        "generation": knowledge.generation,
        "built": knowledge.built,
        "degraded": trouble is not None,
        "reason": trouble.said if trouble else "",
    }
    return as_json(told)


def as_json(value: dict[str, Any]) -> Response:
    """The text that `citewell ask --json` prints, as a response."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return Response(text, headers=problems.HEADERS, media_type="application/json")
