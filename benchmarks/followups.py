"""Follow-ups: recognised, completed, found; and stand-alone questions left alone.

python -m benchmarks.followups ../shared/bench

cast21 and mtrag are searched with the last turn alone; with ours (its text alone; with the turn
itself and the last answer in its query; and that unless the turn alone is surer of what it finds);
and, where there are any, with rewrites by people and by a model. Both corpora hold hardly more than
what the conversations are about, so that a turn alone finds much; hence they are also searched
together with two more sets. canard has no corpus: its rewrites tell what a completion should hold.
The rules were chosen on the first of every two of its questions and on the other sets as they
stand; the second half of canard checks them.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.retrieval import DEPTH, auroc
from benchmarks.sets import QuestionSet, document, load, records, said_answerable, turns
from benchmarks.vectors import RememberingEncoder
from index.backends.choice import open_encoder
from index.build import assemble
from index.documents import Document
from index.encoder import Embedded, Encoder, Role, Vectors
from index.lexical import content_words, stems
from qa.confidence import judged
from qa.conversation import Completed, Turn, completed, stands_alone
from qa.retriever import Retriever

REWRITES = ("rewrite", "auto_rewrite")
TOGETHER = ("cast21", "mtrag", "clapnq", "squad2")
UNRELATED = ("squad2", "clapnq", "covid-faq-en", "stackfaq", "hint3-curekart")
SAMPLE = 300  # stand-alone questions of a set that are given a stranger's history
ANSWER_CHARS = 500  # of a document that stands as the answer in such a history


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn of a conversation; `rewrites` has it as others made it whole, by their names."""

    text: str
    history: tuple[Turn, ...]
    relevant: frozenset[str]
    answerable: bool | None
    rewrites: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The reciprocal rank of the first relevant document, and how sure the best hit makes one."""

    reciprocal: float
    sure: float


class Completing:
    """An encoder that knows of completed questions how their query is made."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self.known: dict[str, Completed] = {}

    def encode_queries(self, questions: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_queries(questions)

    def encode_passages(self, passages: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_passages(passages)

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        """See `Encoder`."""
        return [
            self.known[text].embed(self._encoder)
            if role == "query" and text in self.known
            else self._encoder.embed([text], role)[0]
            for text in texts
        ]


class Search:
    """A corpus, searched for questions whole or completed."""

    def __init__(self, documents: Iterable[Document], encoder: Encoder) -> None:
        self._encoder = Completing(encoder)
        knowledge, _ = assemble(tuple(documents), encoder)
        self._retriever = Retriever(knowledge, self._encoder)

    def found(self, asked: Asked, question: str | Completed) -> Found:
        """What comes of searching for `question`."""
        self._encoder.known.clear()
        if isinstance(question, Completed):
            self._encoder.known[question.text] = question
            question = question.text
        # Passages are ranked; a document stands where its first passage does.
        hits = self._retriever.retrieve(question, 3 * DEPTH)
        ranking = list(dict.fromkeys(hit.passage.document_id for hit in hits))[:DEPTH]
        places = (1 / (i + 1) for i, d in enumerate(ranking) if d in asked.relevant)
        return Found(next(places, 0.0), max(judged(question, hits)))


Way = Callable[[Search, Asked], Found]


def last_turn(search: Search, asked: Asked) -> Found:
    """As it was typed."""
    return search.found(asked, asked.text)


def text_alone(search: Search, asked: Asked) -> Found:
    """Completed, and the text searched for."""
    return search.found(asked, whole(asked))


def unchecked(search: Search, asked: Asked) -> Found:
    """Completed, with all that belongs to the query."""
    return search.found(asked, completed(asked.text, asked.history) or asked.text)


def ours(search: Search, asked: Asked) -> Found:
    """Completed unless it stands alone."""
    alone, filled = last_turn(search, asked), unchecked(search, asked)
    return alone if stands_alone(alone.sure, filled.sure) else filled


def rewritten(name: str) -> Way:
    """As someone else made it whole."""
    return lambda search, asked: search.found(asked, asked.rewrites[name])


def whole(asked: Asked) -> str:
    """The question, completed where it is."""
    said = completed(asked.text, asked.history)
    return said.text if said else asked.text


def main(bench: Annotated[Path, typer.Argument(help="The folder of question sets.")]) -> None:
    """Print all of it."""
    encoder = RememberingEncoder(open_encoder(prepare=True))
    _print_canard([*conversations(bench, "canard")])
    together = Search((d for name in TOGETHER for d in corpus(bench, name)), encoder)
    for name in ("cast21", "mtrag"):
        asked = [*conversations(bench, name)]
        _print_searched(name, asked, Search(corpus(bench, name), encoder))
        _print_searched(f"{name} among {', '.join(TOGETHER)}", asked, together)
    print("\nafter a stranger's question: mrr@10 of the last turn, ours unchecked, ours; completed")
    for name in UNRELATED:
        _print_unrelated(bench, name, encoder)


def corpus(bench: Path, name: str) -> Iterator[Document]:
    """The documents of a set, their ids led by its name."""
    for record in records(bench / name / "corpus.jsonl"):
        found = document(record, faq=False)
        yield replace(found, id=f"{name}:{found.id}")


def conversations(bench: Path, name: str) -> Iterator[Asked]:
    """All turns of a set."""
    relevant = _relevant(bench / name / "qrels.tsv", name)
    for record in records(bench / name / "queries.jsonl"):
        yield Asked(
            record["text"],
            tuple(Turn(**said) for said in turns(record["history"])),
            frozenset(relevant.get(record["_id"], ())),
            said_answerable(record),
            {key: record[key] for key in REWRITES if key in record},
        )


def _relevant(qrels: Path, name: str) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    if qrels.exists():
        with qrels.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant.setdefault(row["query-id"], set()).add(f"{name}:{row['corpus-id']}")
    return relevant


def _print_canard(asked: Sequence[Asked]) -> None:
    print("canard: a follow-up is a question whose rewrite has further content words")
    for half, part in (("chosen on", asked[::2]), ("checked on", asked[1::2])):
        called = np.array([whole(a) != a.text for a in part])
        needed = np.array([bool(_added(a, a.rewrites["rewrite"])) for a in part])
        held, added, wrong = np.sum([_compared(a) for a in part], axis=0)
        right = (called & needed).sum()
        print(
            f"{half} {len(part)}: {needed.sum()} follow-ups, precision {right / called.sum():.3f}, "
            f"recall {right / needed.sum():.3f}, {(~needed & ~called).sum()} of {(~needed).sum()} "
            f"others left alone; {held / added:.3f} of the stems that people add, "
            f"{wrong / called.sum():.2f} others a completion"
        )


def _added(asked: Asked, text: str) -> set[str]:
    """The content stems of a whole question that it did not have before."""
    return set(stems(" ".join(content_words(text)))) - set(stems(asked.text))


def _compared(asked: Asked) -> tuple[int, int, int]:
    """How many stems of the rewrite ours holds, how many there are, and how many are ours alone."""
    theirs, mine = _added(asked, asked.rewrites["rewrite"]), _added(asked, whole(asked))
    return len(theirs & mine), len(theirs), len(mine - theirs)


def _print_searched(name: str, asked: Sequence[Asked], search: Search) -> None:
    answerable = [a for a in asked if a.answerable and a.relevant]
    unanswerable = [a for a in asked if a.answerable is False]
    print(
        f"\n{name}: {len(answerable)} answerable turns, "
        f"{sum(not a.history for a in answerable)} of them first, "
        f"{sum(whole(a) != a.text for a in answerable)} completed; "
        f"{len(unanswerable)} unanswerable"
    )
    print(f"{'':18}  mrr@10  first turns  AUROC")
    means = {}
    for label, way in _ways(asked[0]).items():
        found = [way(search, a) for a in answerable]
        silent = [way(search, a).sure for a in unanswerable]
        means[label] = _mean(found)
        first = _mean([f for f, a in zip(found, answerable, strict=True) if not a.history])
        area = auroc([f.sure for f in found], silent)
        line = f"{label:18}  {means[label]:.3f}   {first:.3f}        {area:.3f}"
        print(line.replace("nan", "–"), flush=True)
    if "rewrite" in means:
        share = closed(means["last turn"], means["ours"], means["rewrite"])
        print(f"of what people gain ours closes {share:.0%}")


def gap(search: Search, asked: Sequence[Asked]) -> tuple[float, float, float]:
    """The mrr@10 of the last turn alone, of ours and, where there are any, of people's rewrites."""
    answerable = [a for a in asked if a.answerable and a.relevant]
    ways: list[Way] = [last_turn, ours]
    ways += [rewritten("rewrite")] if "rewrite" in asked[0].rewrites else []
    means = [_mean([way(search, a) for a in answerable]) for way in ways]
    return means[0], means[1], means[-1]


def closed(alone: float, completed_: float, people: float) -> float:
    """The share of the gap between the last turn alone and people's rewrites that is closed."""
    return (completed_ - alone) / (people - alone)


def _ways(asked: Asked) -> dict[str, Way]:
    own: dict[str, Way] = {
        "last turn": last_turn,
        "ours, text alone": text_alone,
        "ours, unchecked": unchecked,
        "ours": ours,
    }
    return own | {name: rewritten(name) for name in asked.rewrites}


def _mean(found: Sequence[Found]) -> float:
    return float(np.mean([one.reciprocal for one in found]))


def _print_unrelated(bench: Path, name: str, encoder: Encoder) -> None:
    asked, means = unrelated(load(bench, name), encoder)
    called = sum(whole(a) != a.text for a in asked)
    print(name.ljust(16), *(f"{mean:.4f}" for mean in means), f" {called} of {len(asked)}")


def unrelated(questions: QuestionSet, encoder: Encoder) -> tuple[list[Asked], list[float]]:
    """Questions after a stranger's; the mrr@10 of the last turn, ours unchecked, and ours."""
    asked = [*_after_strangers(questions)]
    search = Search(questions.documents, encoder)
    ways = (last_turn, unchecked, ours)
    return asked, [_mean([way(search, a) for a in asked]) for way in ways]


def _after_strangers(questions: QuestionSet) -> Iterator[Asked]:
    """Each question after another, with a document that answers the other for its answer."""
    texts = {d.id: f"{d.title} {d.text}"[:ANSWER_CHARS] for d in questions.documents}
    pool = questions.answerable
    random = np.random.default_rng(0)
    for number in random.permutation(len(pool))[:SAMPLE]:
        mine = pool[number]
        strangers = [other for other in pool if not other.relevant & mine.relevant]
        other = strangers[random.integers(len(strangers))]
        history = (Turn("user", other.text), Turn("assistant", texts[min(other.relevant)]))
        yield Asked(mine.text, history, mine.relevant, True, {})


if __name__ == "__main__":
    typer.run(main)
