"""Two servers for the widget: an API that gives recorded answers, and a host page elsewhere.

`wire_forms.json` holds what the engine said to questions on the seeds (`Answer.to_dict()`).
"""

import asyncio
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.middleware.cors import CORSMiddleware

from qa.web.widget_routes import widget_routes

from .fakes import XSS

Wire = dict[str, Any]

WIRE: dict[str, Wire] = json.loads(Path(__file__).with_name("wire_forms.json").read_text("utf-8"))
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 12

HOSTILE_CSS = """
* { all: unset !important }
* { color: yellow !important; font: 60px fantasy !important; letter-spacing: 1em !important;
    text-transform: uppercase !important; visibility: hidden !important; cursor: none !important }
body * { position: static !important; opacity: 0 !important; transform: rotate(9deg) !important;
         pointer-events: none !important; width: 1px !important; z-index: -1 !important }
"""


def strict_policy(api: str) -> str:
    """A host that allows nothing but its own scripts and the API."""
    return f"default-src 'none'; script-src 'self' {api}; connect-src 'self' {api}"


class Recorded:
    """An API whose answers are known, with what it was sent."""

    def __init__(self) -> None:
        self.asked: list[Wire] = []
        self.feedback: list[Wire] = []
        self.answers: dict[str, Wire] = {wire["question"]: wire for wire in WIRE.values()}
        self.answers |= {f"xss {n}": hostile(payload) for n, payload in enumerate(XSS)}
        self.answers["long"] = long_answer()
        self.answers["table"] = table()
        self.refusals = {"busy": (429, "2"), "full": (503, "1"), "broken": (500, "")}
        self.suggestions = ["How long is the DMZ?", "How do most North Koreans escape?"]
        self.feedback_status = 204

    def app(self) -> FastAPI:
        """What is to be served."""
        app = FastAPI(openapi_url=None)
        app.add_middleware(
            CORSMiddleware,
            allow_origin_regex=r"http://127\.0\.0\.1:\d+",
            allow_methods=["GET", "POST"],
            allow_headers=["content-type"],
            expose_headers=["Retry-After"],
        )
        app.include_router(widget_routes(["http://127.0.0.1:1"]))
        app.add_api_route("/api/ask", self._ask, methods=["POST"], response_model=None)
        app.add_api_route("/api/suggest", self._suggest)
        app.add_api_route("/api/feedback", self._feedback, methods=["POST"])
        app.add_api_route("/source/{passage:path}", _source)
        return app

    async def _ask(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        question = body["question"]
        if question in self.refusals:
            status, wait = self.refusals[question]
            headers = {"Retry-After": wait} if wait else {}
            return JSONResponse({"detail": "a secret of the inside"}, status, headers)
        if question == "too long":
            return JSONResponse({"detail": "question: at most 500 characters"}, 422)
        if question == "slow":
            await asyncio.sleep(2)
        return JSONResponse(self.answers.get(question, {**WIRE["silent"], "question": question}))

    async def _suggest(self, q: str) -> dict[str, Any]:
        found = [text for text in self.suggestions if q.lower() in text.lower()]
        return {"suggestions": [{"text": text, "passage": "p"} for text in found]}

    async def _feedback(self, request: Request) -> Response:
        self.feedback.append(await request.json())
        return Response(status_code=self.feedback_status)


def _source(passage: str) -> Response:
    return HTMLResponse(f"<title>{escape(passage)}</title><mark id=quote>cited</mark>")


def hostile(payload: str) -> Wire:
    """An answer with `payload` in every field that is shown."""
    wire: Wire = json.loads(json.dumps(WIRE["differ"]))
    text = f"Said: {payload}"
    wire |= {"text": text, "answering": payload, "warning": payload}
    for quote, citation in zip(wire["quotes"], wire["citations"], strict=True):
        quote |= {"text": text, "start": 0, "end": len(text)}
        citation |= {"title": payload, "publisher": payload, "date": payload, "source": payload}
        citation |= {"url": payload, "link": payload, "headings": [payload], "context": text}
    wire["citations"][1] |= {"kind": "faq", "title": f"{payload}?", "link": "javascript:__xss=1"}
    wire["disagreements"] = [{"about": payload, "values": [{"value": payload, "quotes": [0, 1]}]}]
    wire["related"] = wire["choices"] = wire["nearest"] = [{"text": payload, "passage": payload}]
    return wire


def long_answer() -> Wire:
    """An answer of one endless word and of very many short ones."""
    wire: Wire = json.loads(json.dumps(WIRE["faq"]))
    text = f"{LONG_WORD} {'and so on ' * 300}end."
    wire["quotes"][0] |= {"text": text, "start": 0, "end": len(text)}
    wire["citations"][0] |= {"context": text, "title": LONG_WORD, "publisher": LONG_WORD}
    return {**wire, "text": text, "question": LONG_WORD, "answering": LONG_WORD}


def table() -> Wire:
    """A row of a table, after a letter that counts as two in JavaScript and one in Python."""
    wire: Wire = json.loads(json.dumps(WIRE["faq"]))
    row, context = "Buffer | 248 km | 4 km", "🦆 first\nBuffer | 248 km | 4 km\nlast"
    wire["quotes"][0] |= {"text": row, "start": 8, "end": 8 + len(row)}
    wire["citations"][0] |= {
        "context": context,
        "header": "Zone | Length | Width",
        "kind": "article",
    }
    return {**wire, "text": row, "related": []}


def host_app(api: str) -> FastAPI:
    """A site that embeds the widget of `api`; what is asked of a page becomes its attributes."""
    app = FastAPI(openapi_url=None)

    def page(kind: str, request: Request) -> Response:
        settings = dict(request.query_params)
        headers = {"Content-Security-Policy": strict_policy(api)} if kind == "strict" else {}
        return HTMLResponse(_html(kind, api, settings), headers=headers)

    def framed(frame: str) -> Response:
        text = (
            f'<!doctype html><title>Host</title><iframe title=Help src="{escape(frame)}"></iframe>'
        )
        return HTMLResponse(text)

    app.add_api_route("/listen.js", _listen)
    app.add_api_route("/framed", framed)
    app.add_api_route("/{kind}", page)
    return app


def _listen() -> Response:
    """What the host's own script does: it listens, and asks before the widget has loaded."""
    code = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective));
window.heard = [];
for (const name of "ready open close ask answer source feedback error reset".split(" "))
  document.addEventListener("citewell:" + name, (e) => heard.push(name));
window.Citewell ||= function () { (Citewell.q ||= []).push(arguments); };
Citewell("on", "ready", (e) => { window.early = e.type; });
"""
    return Response(code, media_type="text/javascript")


def _html(kind: str, api: str, settings: Mapping[str, str]) -> str:
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in settings.items())
    style = f"<style>{HOSTILE_CSS}</style>" if kind == "hostile" else ""
    inline = "<citewell-widget></citewell-widget>" if kind == "inline" else ""
    lang = escape(settings.get("lang", "en"))
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Host</title>{style}
<script src="/listen.js"></script>
<script async src="{api}/widget.js" {attributes}></script></head>
<body><main><h1>A site of somebody</h1><p>Text. <a href="#a">A link</a></p>
<button id="own">Own</button>{inline}</main></body></html>"""
