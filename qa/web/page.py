"""The chat page: a question box, answers with footnotes, and what to ask next.

The only door to gradio. Every function here is a thin skin over `Conversation`.
"""

import os
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read once, when gradio is imported

import gradio as gr
from fastapi import FastAPI
from gradio.route_utils import FnIndexInferError

from qa.answer import Answer
from qa.journal import Journal, Verdict
from qa.web.conversation import SUGGESTIONS, Conversation, Offer, offer
from qa.web.engine import Engine, Serving
from qa.web.limits import Limits
from qa.web.markup import literal
from qa.web.problems import ON_GRADIO, on_unknown
from qa.web.strings import Strings, languages, preferred
from qa.web.tool import ask_tool
from qa.web.verdicts import VERDICTS, keep

EXAMPLES = 4
# No overlay while an answer comes, which takes milliseconds; no door for other programs.
# All of them share the workers.
_QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_id": "page",
}
# Gradio has words of its own under such short names.
_PREFIX = "cw_"
I18N = gr.I18n(
    **{
        code: {_PREFIX + name: said for name, said in strings.plain().items()}
        for code, strings in languages().items()
    }
)

Updates = dict[Any, Any]


def theme() -> gr.themes.Base:
    """Neutral and with the system's fonts, so that nothing is fetched for looks."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


def create_page(
    live: Serving,
    journal: Journal,
    title: str = "Citewell",
    *,
    contact: str = "",
    mcp: bool = False,
    limits: Limits | None = None,
) -> gr.Blocks:
    """The page as Blocks, ready to mount; each visitor has a conversation of their own."""
    blocks: gr.Blocks = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with blocks:
        page = _Page(live, journal, title, contact)
        page.connect()
        if mcp:
            gr.api(ask_tool(live), api_name="ask", queue=False)  # type: ignore[attr-defined]
    live.on_swap(lambda engine: page.renew(blocks, engine))
    # Each session holds its answers; the default of 10,000 sessions could fill the memory.
    blocks.state_session_capacity = 1_000
    limits = limits or Limits()
    places = limits.workers + limits.waiting
    blocks.queue(max_size=places, default_concurrency_limit=limits.workers, api_open=False)
    return blocks


def mount_page(
    app: FastAPI,
    live: Serving,
    journal: Journal,
    head: str,
    title: str = "Citewell",
    *,
    contact: str = "",
    mcp: bool = False,
    limits: Limits | None = None,
) -> FastAPI:
    """`app` with the page at `/`; `head` is our own HTML for the document's head.

    `contact` is a link for readers whose question the sources don't answer. With `mcp` programs may
    ask at `/gradio_api/mcp/`, which needs the extra of that name.
    """
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        create_page(live, journal, title, contact=contact, mcp=mcp, limits=limits),
        path="/",
        app_kwargs={"exception_handlers": {**ON_GRADIO, FnIndexInferError: on_unknown}},
        footer_links=[],
        run_history=False,
        show_error=False,
        theme=theme(),
        head=head,
        ssr_mode=False,
        pwa=False,
        mcp_server=mcp,
        enable_monitoring=False,
        i18n=I18N,
    )
    return mounted


def _say(name: str) -> Any:
    """One of our own words, which the browser puts into the reader's language."""
    return I18N(_PREFIX + name)


def _strings(request: gr.Request) -> Strings:
    """The same language for what is written here."""
    return preferred(request.headers.get("accept-language", ""))


class _Page:
    """The components, top to bottom, and what happens when one is used."""

    def __init__(self, live: Serving, journal: Journal, title: str, contact: str) -> None:
        self._live = live
        self._journal = journal
        self._contact = contact
        self._state = gr.State(Conversation(), time_to_live=3600)
        self._head(title)
        self._log = gr.Chatbot(
            label=_say("conversation"),
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
            gr.Markdown(_say("intro"), container=False)
        questions = _examples(self._live.current.engine)
        with gr.Column(elem_id="cw-examples", visible=any(questions)) as self._first:
            gr.Markdown(_say("first"), elem_classes="cw-label", container=False)
            self._examples = [gr.Button(q, size="sm", visible=bool(q)) for q in questions]

    def renew(self, blocks: gr.Blocks, engine: Engine) -> None:
        """Have whoever opens the page from now on see questions that `engine` answers."""
        questions = _examples(engine)
        for button, question in zip(self._examples, questions, strict=True):
            button.value, button.visible = question, bool(question)
        self._first.visible = any(questions)
        blocks.config = blocks.get_config_file()

    def _tools(self) -> None:
        """What can be done with the last answer."""
        with gr.Column(elem_id="cw-tools", visible=False) as self._after:
            with gr.Row(elem_id="cw-feedback"):
                self._helpful = gr.Markdown(
                    _say("helpful"), elem_classes="cw-label", container=False
                )
                self._verdicts = [_button(name) for name, _ in VERDICTS]
                self._noted = gr.Markdown("", elem_id="cw-noted", container=False)
                self._carry = [_button(name, elem_id=f"cw-{name}") for name in ("copy", "link")]
            with gr.Column(elem_id="cw-offer", visible=False) as self._offer:
                self._heading = gr.Markdown("", elem_classes="cw-label", container=False)
                self._offered = [gr.Button("", size="sm") for _ in range(SUGGESTIONS)]
                self._none = _button("none", visible=False, elem_id="cw-none")
            # Pressed by the link beside a completed question, see page.js.
            self._typed = _button("as_typed", elem_id="cw-as-typed")

    def _ask(self) -> None:
        with gr.Column(elem_id="cw-ask"):
            self._box = gr.Textbox(
                label=_say("box"),
                submit_btn=_say("ask"),
                lines=1,
                max_lines=4,
                autofocus=True,
                container=True,
                elem_id="cw-box",
            )
            self._notice = gr.Markdown("", elem_id="cw-notice", container=False)

    def connect(self) -> None:
        """Tie each event to what it does.

        What the address asks is asked by page.js. An event of Gradio's own on loading would end
        just as a quick reader asks, and that question be lost with the stream that closes then.
        """
        changed = [self._state, self._first, self._log, self._after, self._noted, self._box]
        changed += [self._notice, self._helpful, *self._verdicts, *self._carry]
        changed += [self._offer, self._heading, *self._offered, self._none]
        self._box.submit(self.ask, [self._box, self._state], changed, **_QUIET)
        for button in (*self._examples, *self._offered):
            button.click(self.ask, [button, self._state], changed, **_QUIET)
        for button, (_, verdict) in zip(self._verdicts, VERDICTS, strict=True):
            button.click(self._judge(verdict), [self._state], [self._noted], **_QUIET)
        self._none.click(self.decline, [self._state], changed, **_QUIET)
        self._typed.click(self.ask_as_typed, [self._state], changed, **_QUIET)

    def ask(self, question: str, conversation: Conversation, request: gr.Request) -> Updates:
        """Answer the question below the earlier ones; one that fails stays in the box."""
        # A client can send anything; half a character could not be sent back.
        question = str(question or "").encode(errors="replace").decode()
        strings = _strings(request)
        engine = self._live.current.engine
        conversation = conversation.ask(engine, question, strings)
        if conversation.notice:
            return {self._box: question, **self._told(conversation)}
        return {self._box: "", **self._shown(conversation, engine, strings)}

    def ask_as_typed(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Answer the last question without what was said before it."""
        strings = _strings(request)
        engine = self._live.current.engine
        conversation = conversation.ask_as_typed(engine, strings)
        if conversation.notice or conversation.last is None:
            return self._told(conversation)
        return self._shown(conversation, engine, strings)

    def decline(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Keep that none of the choices was meant, and show what comes closest besides."""
        strings = _strings(request)
        said = keep(self._journal, conversation.last, "none-of-these", strings)
        engine = self._live.current.engine
        conversation = conversation.decline(engine)
        if conversation.last is None:
            return {self._noted: said}
        judged = {one: gr.update(visible=False) for one in (self._helpful, *self._verdicts)}
        return {**self._shown(conversation, engine, strings), **judged, self._noted: said}

    def _told(self, conversation: Conversation) -> Updates:
        return {self._state: conversation, self._notice: literal(conversation.notice)}

    def _shown(self, conversation: Conversation, engine: Engine, strings: Strings) -> Updates:
        knowledge, answer = engine.knowledge, conversation.last
        messages: Any = conversation.messages(knowledge, strings, self._contact)
        return {
            self._state: conversation,
            self._first: gr.Column(visible=False),
            self._log: gr.Chatbot(messages, visible=True, rtl=strings.rtl),
            self._after: gr.Column(visible=True),
            self._noted: "",
            self._notice: "",
            **self._judgeable(answer),
            **self._offers(offer(answer, knowledge, strings)),
            self._none: gr.Button(visible=answer is not None and answer.status == "ask_back"),
        }

    def _judgeable(self, answer: Answer | None) -> Updates:
        """A verdict is asked for on quotes and on silence; small talk is not even worth a link."""
        judged = answer is not None and answer.status != "ask_back" and not answer.reply
        quoted = answer is not None and answer.answered
        *plain, wrong = self._verdicts
        return {
            **{one: gr.update(visible=judged) for one in (self._helpful, *plain)},
            wrong: gr.update(visible=quoted),
            **{one: gr.update(visible=not (answer and answer.reply)) for one in self._carry},
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
        def judge(conversation: Conversation, request: gr.Request) -> str:
            """Record the verdict on the last answer and say so."""
            return keep(self._journal, conversation.last, verdict, _strings(request))

        return judge


def _button(name: str, **more: Any) -> gr.Button:
    return gr.Button(_say(name), size="sm", min_width=0, **more)


def _examples(engine: Engine) -> tuple[str, ...]:
    """Questions for the buttons, one each; an empty one is not shown."""
    questions = engine.examples(EXAMPLES)
    return (*questions, *("",) * (EXAMPLES - len(questions)))
