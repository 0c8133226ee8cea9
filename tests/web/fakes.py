"""A small engine whose answers are known beforehand, and texts that try to become markup."""

from collections.abc import Mapping, Sequence
from typing import Any

from index.documents import Block, Document
from index.errors import QuestionError
from index.outline import Facet
from index.passages import Passage, split
from qa.answer import Answer, Citation, Quote, Suggestion

XSS = (
    "<script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=1>",
    "<svg onload=window.__xss=1>",
    '<svg><a href="javascript:window.__xss=1"><text x="9" y="19">click</text></a></svg>',
    "[click](javascript:window.__xss=1)",
    "![pixel](http://tracker.invalid/t.png)",
    '<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
    '<div style="position:fixed;inset:0;z-index:9999">overlay</div>',
    '<math><mtext><a xlink:href="javascript:window.__xss=1">click</a></mtext></math>',
    "\" onmouseover=window.__xss=1 x='",
    "<form action=//tracker.invalid><button>send</button></form>",
    "</p></blockquote></details></div><h1>Not ours</h1>",
    "&#60;img src=x onerror=window.__xss=1&#62; &lt;b&gt;",
    '<a href="java\tscript:window.__xss=1">click</a>',
    "$$\\href{javascript:window.__xss=1}{x}$$ `code` **bold** <style>*{display:none}</style>",
    "www.tracker.invalid https://tracker.invalid/a <https://tracker.invalid/b> a@tracker.invalid",
    "# Heading - item 1. one > quote | a | b | --- ~~gone~~ [^1] :smile: \\* __under__",
)


def faq(id_: str, question: str, answer: str, **more: Any) -> Document:
    """An FAQ entry of one paragraph."""
    blocks = (Block("paragraph", 0, len(answer)),)
    return Document(id_, "faq", question, answer, "faq.md", blocks, **more)


def article(id_: str, title: str, parts: Sequence[tuple[Any, str]], **more: Any) -> Document:
    """An article from (kind of block, text)."""
    text, blocks = "", []
    for kind, part in parts:
        text += "\n" if text else ""
        level = 2 if kind == "heading" else 0
        blocks.append(Block(kind, len(text), len(text) + len(part), level))
        text += part
    return Document(id_, "article", title, text, f"articles/{id_}.md", tuple(blocks), **more)


WIDTH = "The zone is four kilometres wide."
GUARD = "Soldiers patrol it at all hours."
MAP = "On the map the zone measures 4 kilometres across."
ROUTE = "Most people leave through the north."

MEANT = "Which of the two?"  # asked back
FOLLOW_UP = "And how wide is it?"  # completed, where something was said before
HELLO = "Hello"  # small talk

DOCUMENTS = (
    faq("faq:1", "How do most people leave?", f"{ROUTE} They travel on from there."),
    faq("faq:2", "Who guards the border?", "Two armies guard it."),
    article(
        "fortress",
        "A border guarded like a fortress",
        [
            ("heading", "The buffer zone"),
            (
                "paragraph",
                f"{WIDTH} Its length is 248 kilometres. {GUARD} " + "Mines lie in it. " * 9,
            ),
            ("heading", "Measures"),
            ("header", "Zone | Length | Width"),
            ("row", "Buffer | 248 km | 4 km"),
            ("row", "Control line | 250 km | 5 to 20 km"),
            ("heading", "Items"),
            ("item", "Fences of barbed wire"),
            ("item", "Traps for tanks"),
            ("paragraph", "The rest of the article goes on at length. " * 90),
        ],
        publisher="International Desk",
        date="2025-10-19",
    ),
    article(
        "map",
        "What the map shows",
        [("paragraph", f"{MAP} It runs from coast to coast.")],
        publisher="The Review",
        date="2025",
        url="https://example.org/map?a=1&b=2",
    ),
)


class FakeKnowledge:
    """Documents and their passages, by id."""

    generation = "gen-1"
    built = "2026-11-27T09:30:00+00:00"
    degraded = ""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = {document.id: document for document in documents}
        self._passages = {p.id: p for document in documents for p in split(document)}

    @property
    def facets(self) -> tuple[Facet, ...]:
        owners = {passage.document_id for passage in self._passages.values()}
        return tuple(Facet.of(self._documents[each]) for each in owners)

    @property
    def faq_passages(self) -> tuple[Passage, ...]:
        entries = (p for p in self._passages.values() if p.id in self._documents)
        return tuple(p for p in entries if self._documents[p.id].kind == "faq")

    def passage(self, passage_id: str, /) -> Passage:
        return self._passages[passage_id]

    def document(self, document_id: str, /) -> Document:
        return self._documents[document_id]

    def holding(self, text: str) -> Passage:
        """The passage with these words."""
        return next(p for p in self._passages.values() if text in p.text)

    def questions(self) -> tuple[Suggestion, ...]:
        """Every FAQ entry as a suggestion."""
        entries = (d for d in self._documents.values() if d.kind == "faq")
        return tuple(Suggestion(entry.title, entry.id) for entry in entries)


class FakeEngine:
    """Answers with the sentences that it was told to give to a question; abstains from others."""

    def __init__(
        self,
        documents: Sequence[Document] = DOCUMENTS,
        answers: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.knowledge = FakeKnowledge(documents)
        self._answers: dict[str, Sequence[str]] = {
            "How wide is the zone?": (WIDTH, MAP),
            "How long is the control line?": ("Control line | 250 km | 5 to 20 km",),
            "How do most people leave?": (ROUTE,),
            "Which way do they go?": (ROUTE,),
            FOLLOW_UP: (WIDTH,),
        }
        self._answers.update(answers or {})
        self._asked = 0

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        /,
        **_: Any,
    ) -> Answer:
        if not question.strip():
            raise QuestionError("the question is empty; type one")
        self._asked += 1
        cited = [self.cite(n, text) for n, text in enumerate(self._answers.get(question, ()), 1)]
        nearest = (self.knowledge.questions()[0], Suggestion("Measures", "fortress:p2"))
        meant = self.knowledge.questions()[:2] if question == MEANT else ()
        return Answer(
            id=f"answer-{self._asked}",
            question=question,
            status="answered" if cited else "ask_back" if meant else "abstained",
            answering="How wide is the zone?" if history and question == FOLLOW_UP else None,
            choices=meant,
            reply="Hello. What would you like to know?" if question == HELLO else "",
            quotes=tuple(quote for quote, _ in cited),
            citations=tuple(citation for _, citation in cited),
            confidence=0.9,
            generation="gen-1",
            took_ms=1.0,
            nearest=() if cited or meant else nearest,
            related=self.knowledge.questions()[:2] if cited else (),
        )

    def warm_up(self) -> None:
        self.answer("Is everything ready?", [])

    def examples(self, limit: int, /) -> tuple[str, ...]:
        return tuple(near.text for near in self.knowledge.questions()[:limit])

    def cite(self, number: int, text: str) -> tuple[Quote, Citation]:
        """These words quoted from where they stand."""
        passage = self.knowledge.holding(text)
        document = self.knowledge.document(passage.document_id)
        start = passage.text.index(text)
        end = start + len(text)
        view = f"/source/{passage.id}?start={start}&end={end}#quote"
        quote = Quote(text, passage.id, start, end, number)
        citation = Citation(
            number=number,
            passage=passage.id,
            document=document.id,
            kind=document.kind,
            title=document.title,
            publisher=document.publisher,
            date=document.date,
            url=document.url,
            link=f"{document.url}#:~:text=On%20the%20map" if document.url else view,
            source=document.source,
            headings=passage.headings,
            header=passage.header,
            context=passage.text,
        )
        return quote, citation
