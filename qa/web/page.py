"""The chat page: a question box, answers with footnotes, and what to ask next.

The only door to gradio. Every function here is a thin skin over `Conversation`.
"""

import os
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read once, when gradio is imported

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from gradio.route_utils import FnIndexInferError

from index.errors import JournalError
from qa.journal import Journal, Verdict
from qa.web.conversation import SUGGESTIONS, Conversation, Offer, offer
from qa.web.engine import Engine
from qa.web.markup import literal

EXAMPLES = 4
_VERDICTS: tuple[tuple[str, Verdict], ...] = (
    ("Yes", "yes"),
    ("No", "no"),
    ("Wrong source", "wrong-source"),
)
_NOTED = "Noted. Thank you."
_NOT_SAVED = "Feedback could not be saved."
# No overlay while an answer comes, which takes milliseconds; no door for other programs.
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

Updates = dict[Any, Any]


def theme() -> gr.themes.Base:
    """Neutral and with the system's fonts, so that nothing is fetched for looks."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


def create_page(engine: Engine, journal: Journal, title: str = "Citewell") -> gr.Blocks:
    """The page as Blocks, ready to mount; each visitor has a conversation of their own."""
    blocks: gr.Blocks = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with blocks:
        page = _Page(engine, journal, title)
        page.connect(blocks)
    # Each session holds its answers; the default of 10,000 sessions could fill the memory.
    blocks.state_session_capacity = 1_000
    blocks.queue(max_size=32, default_concurrency_limit=4, api_open=False)
    return blocks


def mount_page(app: FastAPI, engine: Engine, journal: Journal, head: str) -> FastAPI:
    """`app` with the page at `/`; `head` is our own HTML for the document's head."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        create_page(engine, journal),
        path="/",
        # An event that the page has not is looked up in a dict; that is no fault of the server.
        app_kwargs={"exception_handlers": {KeyError: _unknown, FnIndexInferError: _unknown}},
        footer_links=[],
        run_history=False,
        show_error=False,
        theme=theme(),
        head=head,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    return mounted


def _unknown(_request: Request, _error: Exception) -> PlainTextResponse:
    return PlainTextResponse("Not found", status_code=404)


class _Page:
    """The components, top to bottom, and what happens when one is used."""

    def __init__(self, engine: Engine, journal: Journal, title: str) -> None:
        self._engine = engine
        self._journal = journal
        self._state = gr.State(Conversation(), time_to_live=3600)
        self._head(title)
        self._log = gr.Chatbot(
            label="Conversation",
            show_label=False,
            container=False,
            elem_id="cw-log",
            height=None,
            buttons=[],
            feedback_options=None,
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,
            visible=False,
            layout="bubble",
        )
        self._tools()
        self._ask()

    def _head(self, title: str) -> None:
        with gr.Column(elem_id="cw-head"):
            gr.Markdown(f"# {literal(title)}", container=False)
            gr.Markdown(
                "Answers in the words of the sources, each with its place.", container=False
            )
        questions = self._engine.examples(EXAMPLES)
        with gr.Column(elem_id="cw-examples", visible=bool(questions)) as self._first:
            gr.Markdown("Questions the sources answer", elem_classes="cw-label", container=False)
            self._examples = [gr.Button(question, size="sm") for question in questions]

    def _tools(self) -> None:
        """What can be done with the last answer."""
        with gr.Column(elem_id="cw-tools", visible=False) as self._after:
            with gr.Row(elem_id="cw-feedback"):
                gr.Markdown("Helpful?", elem_classes="cw-label", container=False)
                self._verdicts = [gr.Button(name, size="sm", min_width=0) for name, _ in _VERDICTS]
                self._noted = gr.Markdown("", elem_id="cw-noted", container=False)
                gr.Button("Copy", size="sm", min_width=0, elem_id="cw-copy")
                gr.Button("Link", size="sm", min_width=0, elem_id="cw-link")
            with gr.Column(elem_id="cw-offer", visible=False) as self._offer:
                self._heading = gr.Markdown("", elem_classes="cw-label", container=False)
                self._offered = [gr.Button("", size="sm") for _ in range(SUGGESTIONS)]

    def _ask(self) -> None:
        with gr.Column(elem_id="cw-ask"):
            self._box = gr.Textbox(
                label="Your question",
                submit_btn="Ask",
                lines=1,
                max_lines=4,
                autofocus=True,
                container=True,
                elem_id="cw-box",
            )
            self._notice = gr.Markdown("", elem_id="cw-notice", container=False)

    def connect(self, blocks: gr.Blocks) -> None:
        """Tie each event to what it does."""
        changed = [self._state, self._first, self._log, self._after, self._noted, self._box]
        changed += [self._notice, self._verdicts[-1], self._offer, self._heading, *self._offered]
        self._box.submit(self.ask, [self._box, self._state], changed, **_QUIET)
        for button in (*self._examples, *self._offered):
            button.click(self.ask, [button, self._state], changed, **_QUIET)
        for button, (_, verdict) in zip(self._verdicts, _VERDICTS, strict=True):
            button.click(self._judge(verdict), [self._state], [self._noted], **_QUIET)
        blocks.load(self.open, [self._state], changed, **_QUIET)

    def open(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Ask what the address asks, as in `/?q=How+long+is+it`; otherwise an empty page."""
        question = request.query_params.get("q", "")
        return self.ask(question, conversation) if question else {self._notice: ""}

    def ask(self, question: str, conversation: Conversation) -> Updates:
        """Answer the question below the earlier ones; one that fails stays in the box."""
        # A client can send anything; half a character could not be sent back.
        question = str(question or "").encode(errors="replace").decode()
        conversation = conversation.ask(self._engine, question)
        if conversation.notice:
            kept = {self._box: question, self._notice: literal(conversation.notice)}
            return {self._state: conversation, **kept}
        knowledge, answer = self._engine.knowledge, conversation.last
        messages: Any = conversation.messages(knowledge)
        return {
            self._state: conversation,
            self._first: gr.Column(visible=False),
            self._log: gr.Chatbot(messages, visible=True),
            self._after: gr.Column(visible=True),
            self._verdicts[-1]: gr.Button(visible=answer is not None and answer.answered),
            self._noted: "",
            self._box: "",
            self._notice: "",
            **self._offers(offer(answer, knowledge)),
        }

    def _offers(self, offered: Offer) -> Updates:
        spare = (None,) * (SUGGESTIONS - len(offered.questions))
        shown = zip(self._offered, (*offered.questions, *spare), strict=True)
        return {
            self._offer: gr.Column(visible=bool(offered.questions)),
            self._heading: gr.Markdown(literal(offered.heading), visible=bool(offered.heading)),
            **{b: gr.Button(q or "", visible=q is not None) for b, q in shown},
        }

    def _judge(self, verdict: Verdict) -> Any:
        def judge(conversation: Conversation) -> str:
            """Record the verdict on the last answer and say so."""
            answer = conversation.last
            if answer is None:  # the server forgot the conversation that the reader still sees
                return _NOT_SAVED
            try:
                self._journal.record_feedback(
                    answer.id,
                    answer.question,
                    verdict,
                    generation=answer.generation,
                    passages=[citation.passage for citation in answer.citations],
                )
            except JournalError:
                return _NOT_SAVED
            return _NOTED

        return judge
