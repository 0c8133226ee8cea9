"""What one answer is worth: its outcome, and every metric that its labels allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.lexical import content_stems
from qa.evaluation.case import Case
from qa.evaluation.labels import Labelled
from qa.evaluation.metrics import ranking as ranked
from qa.evaluation.metrics import text as texts

RowOutcome = Literal["right", "rightly silent", "silent", "wrong", "wrongly answered", "unscored"]
OUTCOMES: tuple[RowOutcome, ...] = (
    "right", "rightly silent", "silent", "wrong", "wrongly answered", "unscored",
)  # fmt: skip
GOOD: tuple[RowOutcome, ...] = ("right", "rightly silent")
ANSWERED: tuple[RowOutcome, ...] = ("right", "wrong", "wrongly answered")

DEPTH = 10
# A gold answer up to this many words is looked for word by word; a longer one is a text that a
# verbatim quote of the sources need not repeat.
SHORT_ANSWER = 5
# Without a source to go by, a longer gold answer is met by quotes with this share of its content
# words. Of clapnq's 148 answers that cite the right source, .68 hold it; of as many set beside the
# gold answer of another question, none.
ENOUGH_WORDS = 0.3

NOT_LABELLED = "neither an expected source nor answer, nor whether there is one"
NOTHING_TO_HOLD_AGAINST = "answerable, but without an expected source or answer"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question, in the case's unit.

    `ranking` lists ids best first; `cited` those that the quotes, whose joined text is `quoted`,
    stand in. For an abstention, both are of what it would have quoted.
    """

    ranking: Sequence[str]
    quoted: str
    cited: Sequence[str]
    answered: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One question's outcome; `why` says why it has none.

    `right` is whether what was quoted, or would have been, is right; None where that cannot be
    told. `metrics` holds those that the case's labels allow, and no others.
    """

    outcome: RowOutcome
    why: str
    right: bool | None
    metrics: Mapping[str, float]


def score(asked: Labelled, found: Found) -> Score:
    """Hold what was found against what the case expects."""
    right = judged(asked, found)
    why = _unscored(asked.case)
    outcome = "unscored" if why else _outcome(asked.case, found.answered, bool(right))
    return Score(outcome, why, right, {**_retrieval(asked, found), **_answer(asked, found)})


def judged(asked: Labelled, found: Found) -> bool | None:
    """Whether the quotes are right: they hold a gold answer, where one of these is short.

    Or else they cite an expected source. Only where neither is labelled, they hold enough of a long
    gold answer's content words.
    """
    if asked.case.expects_answer is False:
        return False
    answers = _worded(asked.case)
    if any(len(texts.normalised(answer)) <= SHORT_ANSWER for answer in answers):
        return texts.holds(found.quoted, answers)
    if asked.grades:
        return any(id_ in asked.grades for id_ in found.cited)
    if not answers:
        return None
    return max(_topic_shared(found.quoted, answer) for answer in answers) >= ENOUGH_WORDS


def _worded(case: Case) -> list[str]:
    """The gold answers that hold a word: others, such as "?", decide nothing."""
    return [answer for answer in case.answers if texts.normalised(answer)]


def _topic_shared(quoted: str, answer: str) -> float:
    """The share of a gold answer's content words that the quotes hold."""
    wanted = set(content_stems(answer))
    return len(wanted & set(content_stems(quoted))) / len(wanted)


def _unscored(case: Case) -> str:
    """Why the case has no outcome; empty where it has one."""
    if case.expects_answer is None:
        return NOT_LABELLED
    if case.expects_answer and not case.sources and not _worded(case):
        return NOTHING_TO_HOLD_AGAINST
    return ""


def _outcome(case: Case, answered: bool, right: bool) -> RowOutcome:
    if not case.expects_answer:
        return "wrongly answered" if answered else "rightly silent"
    if not answered:
        return "silent"
    return "right" if right else "wrong"


def _retrieval(asked: Labelled, found: Found) -> dict[str, float]:
    """Of questions that have an expected source; what is not answerable has none to find."""
    grades = asked.grades
    if not grades or asked.case.expects_answer is False:
        return {}
    cited = dict.fromkeys(found.cited)
    metrics = {
        "hit@1": ranked.hit(found.ranking, grades, 1),
        "hit@5": ranked.hit(found.ranking, grades, 5),
        "hit@10": ranked.hit(found.ranking, grades, 10),
        "recall@5": ranked.recall(found.ranking, grades, 5),
        "recall@10": ranked.recall(found.ranking, grades, 10),
        "mrr@10": ranked.reciprocal_rank(found.ranking, grades, 10),
        "ndcg@10": ranked.ndcg(found.ranking, grades, 10),
    }
    if found.answered:
        right = len(cited.keys() & grades.keys())
        metrics |= {
            "citation_precision": right / len(cited),
            "citation_recall": right / len(grades),
        }
    return metrics


def _answer(asked: Labelled, found: Found) -> dict[str, float]:
    """Of answerable questions with gold answers, as SQuAD has it: silence scores 0."""
    answers = _worded(asked.case)
    if not answers or asked.case.expects_answer is False:
        return {}
    said = found.quoted if found.answered else ""
    return {
        "exact_match": float(texts.exact_match(said, answers)),
        "f1": texts.token_f1(said, answers),
        "answer_in_quotes": float(texts.holds(said, answers)),
    }
