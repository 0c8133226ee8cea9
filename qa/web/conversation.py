"""One reader's conversation, kept on the server: what a client sends back is not shown again."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import QuestionError
from qa.answer import Answer, Suggestion
from qa.filters import Filters
from qa.question import MAX_CHARS
from qa.web.engine import Engine, Knowledge
from qa.web.render import render_answer, render_question
from qa.web.strings import FALLBACK, Strings, languages

_log = logging.getLogger(__name__)

MAX_TURNS = 40  # older ones leave the page, so that no session grows without end
SUGGESTIONS = 3
_ENGLISH = languages()[FALLBACK]
_ARTICLES = Filters(kind=("article",))

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """Questions to go on with, under a heading that says what they are."""

    heading: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The answers so far, oldest first; `notice` says why the last question got none."""

    answers: tuple[Answer, ...] = ()
    notice: str = ""

    @property
    def last(self) -> Answer | None:
        """The answer that feedback is about."""
        return self.answers[-1] if self.answers else None

    def ask(self, engine: Engine, question: str, strings: Strings = _ENGLISH) -> "Conversation":
        """The conversation with the question answered, or with a notice and nothing lost."""
        try:
            answer = engine.answer(question, self._turns())
        except QuestionError:
            long = len(question) > MAX_CHARS
            notice = strings.too_long.format(MAX_CHARS) if long else strings.empty
            return replace(self, notice=notice)
        except Exception:  # whatever broke, the reader keeps the question and the page
            _log.exception("a question could not be answered")
            return replace(self, notice=strings.failed)
        return Conversation((*self.answers, answer)[-MAX_TURNS:])

    def ask_as_typed(self, engine: Engine, strings: Strings = _ENGLISH) -> "Conversation":
        """The last question answered anew, as if nothing had been said before it."""
        if self.last is None:
            return self
        alone = Conversation().ask(engine, self.last.question, strings)
        if alone.notice:
            return replace(self, notice=alone.notice)
        return Conversation((*self.answers[:-1], *alone.answers))

    def decline(self, engine: Engine) -> "Conversation":
        """The conversation after "None of these": what comes closest besides what was offered.

        That can only be passages of articles, for the entries that come near were the choices.
        """
        if self.last is None or self.last.status != "ask_back":
            return self
        question, asked = self.last.answering or self.last.question, self.last
        found = engine.answer(question, (), filters=_ARTICLES)
        silent = replace(
            asked,
            status="abstained",
            choices=(),
            nearest=found.nearest,
            generation=found.generation,
            built=found.built,
        )
        return Conversation((*self.answers[:-1], silent))

    def _turns(self) -> list[dict[str, str]]:
        """What was said so far; a follow-up that was completed counts as that."""
        return [
            turn
            for answer in self.answers
            for turn in (
                {"role": "user", "content": answer.answering or answer.question},
                {"role": "assistant", "content": answer.text},
            )
        ]

    def messages(
        self, knowledge: Knowledge, strings: Strings = _ENGLISH, contact: str = ""
    ) -> list[Message]:
        """Every turn as the messages of a chat, rendered anew from the values."""
        return [
            message
            for answer in self.answers
            for message in (
                _said("user", render_question(answer.question)),
                _said(
                    "assistant",
                    render_answer(
                        answer, self._pointers(answer, knowledge), strings, contact=contact
                    ),
                ),
            )
        ]

    def _pointers(self, answer: Answer, knowledge: Knowledge) -> list[Suggestion]:
        """The nearest texts to link to. The last answer offers its questions as buttons instead."""
        if answer is not self.last:
            return list(answer.nearest or answer.choices)
        return [near for near in answer.nearest if not _is_question(near, knowledge)]


def offer(answer: Answer | None, knowledge: Knowledge, strings: Strings = _ENGLISH) -> Offer:
    """The questions that lead on from an answer: related, meant, or the closest ones held."""
    if answer is None:
        return Offer()
    if answer.answered:
        return _offer(strings.related, answer.related)
    if answer.status == "ask_back":
        return _offer("", answer.choices)  # the answer itself says "Did you mean"
    questions = [near for near in answer.nearest if _is_question(near, knowledge)]
    # Passages stand in the answer under the same word; the questions then continue that list.
    return _offer(strings.closest if len(questions) == len(answer.nearest) else "", questions)


def _offer(heading: str, suggestions: Sequence[Suggestion]) -> Offer:
    questions = tuple(suggestion.text for suggestion in suggestions[:SUGGESTIONS])
    return Offer(heading, questions) if questions else Offer()


def _is_question(near: Suggestion, knowledge: Knowledge) -> bool:
    try:
        passage = knowledge.passage(near.passage)
    except KeyError:  # the sources have changed since, and hold it no more
        return False
    return knowledge.document(passage.document_id).kind == "faq"


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}
