"""Going through a conversation, and filling in what its next question leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from index.encoder import Embedded, Encoder
from index.errors import QuestionError
from qa.conversation.fragments import asks, filled, instead_subject, measures, parts
from qa.conversation.grammar import words_of
from qa.conversation.persons import person_phrases
from qa.conversation.phrases import names, subject
from qa.conversation.pronouns import Pronoun, brief, leans, pronouns, states
from qa.conversation.topic import Topic
from qa.question import MAX_CHARS, cleaned

# What joins the completed question in its query: the question as it was asked, which keeps a wrong
# completion from harm, and the last answer, which knows more of the topic than its name does. By
# benchmarks.followups, mrr@10 on cast21, cast21 among four sets, mtrag and mtrag among four sets is
# .619 .596 .915 .891 so and .619 .568 .909 .885 for the completed question alone.
ASKED_WEIGHT = 0.5
ANSWER_WEIGHT = 0.5
# The answer's weight where a question may stand alone after all. With as much as above squad2 loses
# .001 after a stranger's question, with this nothing.
BRIEF_WEIGHT = 0.4
ANSWER_CHARS = 300  # of the answer that are encoded: the rest takes time and gains nothing
RECENT = 20  # turns that are read; so many take about 2 ms
# A question stands alone where its odds of an answer are this many times those of the completed
# one: fewer words are more easily all found. With a plain comparison cast21 among four sets loses
# .014; without any squad2 loses .004 after a stranger's question, with this .001.
STANDS_ALONE = 1.35
_REMARK = 2  # words, as in "Good point." before a question, that name no subject


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `role` is "user" or "assistant", others count for nothing."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A follow-up made whole: the words of `text` are searched for.

    `weighed` are the texts, each with its weight, whose vectors make up the query; first `text`.
    `question` is what was asked. A short one that may or may not lean on the conversation keeps
    its text, and the last answer joins its query.
    """

    question: str
    text: str
    weighed: tuple[tuple[str, float], ...]

    @property
    def answering(self) -> str | None:
        """What to show; None where it is what was asked."""
        return None if self.text == self.question else self.text

    def embed(self, encoder: Encoder) -> Embedded:
        """The tokens of the first text; as the vector, the weighted sum of all at unit length."""
        texts, weights = zip(*self.weighed, strict=True)
        read = encoder.embed(texts, "query")
        summed = np.array(weights, np.float32) @ np.array([one.vector for one in read])
        return replace(read[0], vector=summed / max(float(np.linalg.norm(summed)), 1e-9))


def completed(question: str, history: Sequence[Turn]) -> Completed | None:
    """`question` with what it takes from the conversation; None where it stands alone.

    The text has at most MAX_CHARS. English alone is understood: others stand alone.
    """
    asked = _readable(question)
    said = _Said()
    for turn in history[-RECENT:]:
        said = said.after(turn)
    answer = said.answer[:ANSWER_CHARS]
    if text := said.complete(asked):
        weighed = ((text, 1.0), (asked, ASKED_WEIGHT), (answer, ANSWER_WEIGHT))
        return Completed(asked, text, weighed if answer else weighed[:-1])
    if answer and brief(asked):
        return Completed(asked, asked, ((asked, 1.0), (answer, BRIEF_WEIGHT)))
    return None


def stands_alone(asked: float, whole: float) -> bool:
    """Whether a question that could be completed is better left as it was asked.

    `asked` is the confidence in what is found for it as it was asked, `whole` for it completed.
    """
    return asked * (1 - whole) > STANDS_ALONE * whole * (1 - asked)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a conversation has come to.

    Its topic, the `person` that "he" or "she" last stood for, the last question, whole, and the
    answer to that.
    """

    topic: Topic = field(default_factory=Topic)
    person: str = ""
    question: str = ""
    answer: str = ""

    def after(self, turn: Turn) -> Self:
        """What it has come to with one more message."""
        text = _readable(turn.content)
        if text and turn.role == "assistant":
            return replace(self, topic=self.topic.heard(text), answer=text)
        if text and turn.role == "user":
            return self._asked(text)
        return self

    def _asked(self, text: str) -> Self:
        whole = self.complete(text)
        before, asked, _ = parts(text)
        found = instead_subject(asked) if whole else subject(asked) or self._before(before, asked)
        topic = self.topic.asked(found, whole or text)
        person = self._person(asked) if topic.subject == self.topic.subject else ""
        return type(self)(topic, person, parts(whole or text)[1])

    def _before(self, before: str, asked: str) -> str:
        """The subject of what stands before a question that says nothing, as "What now?"."""
        return "" if any(word.tells for word in words_of(asked)) else subject(before)

    def complete(self, message: str) -> str:
        """`message` completed; empty where it stands alone or nothing was said before."""
        before, question, after = parts(message) if message else ("", "", "")
        if not self.question or not question or states(question):
            return ""
        if len(words_of(before)) > _REMARK and subject(before):
            return ""
        whole = (
            self._resolved(question)
            or filled(question, self.question, self.topic.subject)
            or self._followed(question)
        )
        text = f"{before}{whole[:1].upper()}{whole[1:]}{after}"
        return text if whole and len(text) <= MAX_CHARS else ""

    def _resolved(self, question: str) -> str:
        """With its first pronoun, or the first that stands for a person, replaced by the noun."""
        found = sorted(pronouns(question), key=lambda pronoun: not pronoun.personal)
        first = next((pronoun for pronoun in found if self._meant(pronoun)), None)
        if not first:
            return ""
        noun = self._meant(first)
        if first.owning:
            noun += "'" if noun.endswith("s") else "'s"
        return question[: first.start] + noun + question[first.end :]

    def _followed(self, question: str) -> str:
        """With the subject behind it, unless it has that already."""
        known = self.topic.subject
        if not known or pronouns(question) or measures(question) or self.topic.within(question):
            return ""
        if not leans(question, self.topic.spoken):
            return ""
        body = question.rstrip("?!. ")
        end = question[len(body) :].strip() or ("?" if asks(question) else "")
        return f"{body} ({known}){end}"

    def _person(self, question: str) -> str:
        """Who "he" or "she" stands for after a question."""
        personal = (pronoun for pronoun in pronouns(question) if pronoun.personal)
        return next(map(self._meant, personal), self.person)

    def _meant(self, pronoun: Pronoun) -> str:
        """The noun that it stands for; empty where none does that was spoken of.

        Of persons it is the one spoken of, whom the answer to "who" named, who was named last, or
        whom the answer mentions.
        """
        if not pronoun.personal:
            return self.topic.subject if pronoun.many else self.topic.thing
        named = [name for name in names(self.answer)[:1] if self.topic.may_be_person(name)]
        if self.person or (named and _asks_who(self.question)):
            return self.person or named[0]
        return self.topic.someone or next(iter([*person_phrases(self.answer), *named]), "")


def _asks_who(question: str) -> bool:
    return any(word.low in ("who", "who's", "whom") for word in words_of(question)[:1])


def _readable(text: str) -> str:
    """The first MAX_CHARS of a message on one line; empty where nothing can be read."""
    try:
        return cleaned(text[:MAX_CHARS])
    except QuestionError:
        return ""
