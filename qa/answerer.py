"""The pipeline: retrieve, find the evidence, decide to answer or to abstain."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.encoder import Encoder
from index.errors import UngroundedError
from index.knowledge import Knowledge
from index.language import question_warning
from index.passages import Passage
from index.sentences import sentence_spans
from qa.answer import Answer, Citation, Quote, Suggestion
from qa.answers import Answers, new_id, since
from qa.asked import History, turns_of
from qa.comparison import compared
from qa.confidence import PASSAGES_READ, SHIPPED, Calibration
from qa.evidence import MAX_QUOTES, Evidence, evidence
from qa.filters import EVERYTHING, Filters
from qa.finder import Finder, Found
from qa.hit import Hit
from qa.links import citation_link
from qa.question import cleaned
from qa.small_talk import SmallTalk

# What is offered beside an answer, or in place of one, is at least on a neighbouring topic; a
# judgement, measured on no set yet.
_NEAREST = 2
_RELATED = 3
_OFFERED_FROM = 0.35  # cosine
# Ask back where the confidence comes near the line, and two entries' questions or more are worded
# this nearly like what was asked, or within this of the nearest. On covid-faq-en that is so for 4
# of 15 questions that would meet silence, each time with the right entry among them; for none of
# 150 questions of squad2 asked of it, nor of 30 on the seeds that have no answer there.
_ASK_FROM = 0.6  # of the line
_MEANT_FROM = 0.6  # wording, see `Match`
_MEANT_WITHIN = 0.12
_CHOICES = 3
_SILENT = SmallTalk({})


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer with what led to it: every hit, best first, and the confidence in the first few.

    One of these had to reach `answer_from`. `ranking` goes deeper than the hits: passages with
    their scores.
    """

    answer: Answer
    hits: tuple[Hit, ...]
    confidences: tuple[float, ...]
    answer_from: float
    ranking: tuple[tuple[Passage, float], ...] = ()

    @property
    def withheld(self) -> tuple[Evidence, ...]:
        """What an abstention would have quoted, had the line been just low enough."""
        if self.answer.answered or not self.hits:
            return ()
        surest = self.hits[self.confidences.index(max(self.confidences))]
        return evidence([surest], self.answer.answering or self.answer.question)


class Answerer:
    """Answers questions from one knowledge base. Safe to call from several threads."""

    def __init__(
        self,
        knowledge: Knowledge,
        encoder: Encoder,
        calibration: Calibration = SHIPPED,
        small_talk: SmallTalk = _SILENT,
        answers: Answers | None = None,
    ) -> None:
        """With `answers` those given lately are given again; others may keep theirs there too."""
        self._small_talk = small_talk
        self.answers = Answers() if answers is None else answers
        self._own = object()  # tells its answers from those of another generation or calibration
        self.knowledge = knowledge
        self.encoder = encoder
        self.calibration = calibration
        self.finder = Finder(knowledge, encoder, calibration)

    @property
    def tuning(self) -> tuple[Calibration, SmallTalk]:
        """What it has besides the knowledge base and the encoder; equal where both are."""
        return self.calibration, self._small_talk

    def answer(
        self,
        question: str,
        history: History = (),
        *,
        filters: Filters = EVERYTHING,
        k: int = MAX_QUOTES,
    ) -> Answer:
        """Quotes that answer the question, or an abstention. Raises QuestionError.

        `history` holds the turns before it, {"role": "user" or "assistant", "content": "…"}: a
        question that leans on them is completed. `filters` says which documents may be quoted, and
        `k`, at least 1, how many passages at most; where sources differ each value keeps its quote.
        """

        def make() -> Answer:
            return self.explain(question, history, filters=filters, k=k).answer

        if not self.answers.entries:
            return make()
        key = self._own, cleaned(question), turns_of(history), filters, k
        return self.answers.given(key, make)

    def warm_up(self) -> None:
        """Make all that is made at the first questions, so that no reader has to wait for it.

        They are three texts together at most, which one session of the encoder's reads.
        """
        self.explain("Is everythingg ready?")  # a slip needs what mends it
        sentence_spans("It is.")  # first needed where passages are compared

    def explain(
        self,
        question: str,
        history: History = (),
        *,
        filters: Filters = EVERYTHING,
        k: int = MAX_QUOTES,
    ) -> Explained:
        """The answer and how it came about. Raises QuestionError."""
        (explained,) = self.explain_each([question], histories=[history], filters=filters, k=k)
        return explained

    def explain_each(
        self,
        questions: Sequence[str],
        depth: int = 0,
        histories: Sequence[History] | None = None,
        *,
        filters: Filters = EVERYTHING,
        k: int = MAX_QUOTES,
    ) -> tuple[Explained, ...]:
        """What `explain` gives for each question; they are encoded and searched together.

        `histories` holds the turns before each. `depth` is how many passages each `ranking` holds.
        `took_ms` is a question's own part alone, without encoding and searching where there are
        several. Raises QuestionError, and ValueError where `k` is less than 1.
        """
        if k < 1:
            raise ValueError(f"k, the most passages to quote, is at least 1, not {k}")
        turns = histories or [()] * len(questions)
        started, explained = time.perf_counter(), []
        for found in self.finder.find(questions, turns, filters):
            explained.append(self._explained(found, depth, started, k))
            started = time.perf_counter()
        return tuple(explained)

    def _explained(self, seen: Found, depth: int, started: float, k: int) -> Explained:
        reply = self._small_talk.reply(seen.asked.question) or ""
        found, differing = ((), ()) if reply else self._evidence(seen, k)
        quotes, citations = self._grounded(found)
        answer = Answer(
            id=new_id(),
            question=seen.asked.question,
            status="answered" if found else "abstained",
            quotes=quotes,
            citations=citations,
            confidence=round(seen.sure, 4),
            generation=self.knowledge.generation,
            took_ms=0.0,
            answering=seen.asked.answering,
            disagreements=differing,
            related=self._related(seen.hits, found),
            reply=reply,
            warning=question_warning(seen.asked.question, self.encoder.name) or "",
            built=self.knowledge.built,
        )
        if not found and not reply:
            answer = self._unanswered(answer, seen)
        answer = replace(answer, took_ms=since(started))
        ranking = tuple(self.finder.retriever.scored(seen.ranked, depth))
        line = self.calibration.answer_from
        return Explained(answer, seen.hits, seen.confidences, line, ranking)

    def _evidence(
        self, seen: Found, k: int
    ) -> tuple[Sequence[Evidence], tuple[dict[str, Any], ...]]:
        """What to quote, and where the sources differ; nothing where no hit reaches the line."""
        line, question = self.calibration.answer_from, seen.asked.text
        judged = zip(seen.hits, seen.confidences, strict=False)
        found = evidence([hit for hit, sure in judged if sure >= line], question, k)
        if not found:
            return (), ()
        return compared(question, seen.hits[:PASSAGES_READ], found, self.knowledge)

    def _unanswered(self, answer: Answer, seen: Found) -> Answer:
        """What to say in place of an answer: what may be meant, or what was looked for."""
        near = seen.sure >= _ASK_FROM * self.calibration.answer_from
        choices = _choices(seen.hits) if near else ()
        held = self.knowledge.lexical.held(seen.asked.text)
        return replace(
            answer,
            status="ask_back" if choices else "abstained",
            choices=choices,
            nearest=() if choices else self._nearest(seen.hits),
            looked_for=tuple(held),
            not_found=tuple(word for word, anywhere in held.items() if not anywhere),
        )

    def examples(self, limit: int = 4) -> tuple[str, ...]:
        """Questions that the FAQ answers, to show what can be asked; spread over its entries."""
        rows = self.knowledge.faq_rows
        chosen = rows[:: max(1, len(rows) // limit)][:limit].tolist()
        return tuple(self.knowledge.passages[row].title for row in chosen)

    def _grounded(
        self, found: Sequence[Evidence]
    ) -> tuple[tuple[Quote, ...], tuple[Citation, ...]]:
        """Quotes and citations, numbered from 1, each checked against the stored source."""
        numbered = list(enumerate(found, start=1))
        quotes = tuple(self._quote(one, number) for number, one in numbered)
        return quotes, tuple(self._citation(one, number) for number, one in numbered)

    def _quote(self, one: Evidence, number: int) -> Quote:
        passage = self.knowledge.passage(one.hit.passage.id)
        document = self.knowledge.document(passage.document_id)
        source = document.text[passage.start : passage.end]
        if source != passage.text or source[one.start : one.end] != one.text:
            raise UngroundedError(f"{passage.id}: the quote is not what {document.source} says")
        return Quote(one.text, passage.id, one.start, one.end, number)

    def _citation(self, one: Evidence, number: int) -> Citation:
        passage = one.hit.passage
        document = self.knowledge.document(passage.document_id)
        return Citation(
            number=number,
            passage=passage.id,
            document=document.id,
            kind=document.kind,
            title=document.title,
            publisher=document.publisher,
            date=document.date,
            url=document.url,
            link=citation_link(document, passage, one.start, one.end, self.knowledge.generation),
            source=document.source,
            headings=passage.headings,
            header=passage.header,
            context=passage.text,
            page=document.page_at(passage.start + one.start) or None,
        )

    def _nearest(self, hits: Sequence[Hit]) -> tuple[Suggestion, ...]:
        close = (hit for hit in hits if max(hit.meaning, hit.focus) >= _OFFERED_FROM)
        return _first(_NEAREST, (_suggestion(hit) for hit in close))

    def _related(self, hits: Sequence[Hit], found: Sequence[Evidence]) -> tuple[Suggestion, ...]:
        """FAQ entries next in line, where there is an answer to stand beside."""
        quoted = {one.hit.passage.id for one in found}
        entries = (
            hit
            for hit in hits
            if found and hit.asked and hit.passage.id not in quoted and hit.meaning >= _OFFERED_FROM
        )
        return _first(_RELATED, (_suggestion(hit) for hit in entries))


def _choices(hits: Sequence[Hit]) -> tuple[Suggestion, ...]:
    """FAQ entries that may be meant, nearest first; nothing where one alone comes near, or none."""
    near = [(hit.question.wording, hit) for hit in hits if hit.question]
    near.sort(key=lambda pair: -pair[0])
    if not near or near[0][0] < _MEANT_FROM:
        return ()
    meant = (hit for wording, hit in near if wording >= near[0][0] - _MEANT_WITHIN)
    choices = _first(_CHOICES, map(_suggestion, meant))
    return choices if len(choices) > 1 else ()


def _suggestion(hit: Hit) -> Suggestion:
    """An FAQ entry by its question; an article's passage by its title and innermost heading."""
    passage = hit.passage
    names = (passage.title,) if hit.asked else (passage.title, *passage.headings[-1:])
    return Suggestion(": ".join(dict.fromkeys(filter(None, names))), passage.id)


def _first(limit: int, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The first few that read differently."""
    by_text: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        by_text.setdefault(suggestion.text, suggestion)
    return tuple(by_text.values())[:limit]
