"""A made-up run of a made-up library: rows and what they come to, in the forms on disk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Record = dict[str, Any]

LINE = 0.5

FAQ = (
    ("How long can I keep a book?", "A book can be kept for four weeks. After that it can be "
     "renewed twice, at the desk or by telephone."),
    ("What does it cost to join the library?", "Joining is free for everyone who lives in the "
     "county. A lost card costs three euros."),
    ("Can children borrow films?", "Children may borrow films marked as suitable for their age. A "
     "parent signs for them once."),
    ("When is the library open?", "The library is open from Tuesday to Saturday, from ten in the "
     "morning until six in the evening."),
    ("How do I renew a library card?", "Bring the old card and a passport to the desk. Renewing "
     "takes five minutes, and the card is then valid for two years."),
    ("What happens when a book comes back late?", "Each week costs fifty cents a book. After eight "
     "weeks the book is charged at its price."),
    ("Is there a place to read in quiet?", "The reading room on the second floor is kept quiet. "
     "Its forty seats cannot be booked."),
    ("Can I print something?", "Two printers stand beside the lending desk. A page costs ten "
     "cents, in colour thirty."),
)  # fmt: skip
ARTICLE = (
    "The library opened in a former fish hall in 1904. Its first librarian was Ada Holm, a teacher "
    "from the next town. A flood destroyed eleven thousand books in the cellar in February 1953. "
    "Readers from forty towns sent replacements, which filled the shelves again within two years. "
    "The reading room keeps a small exhibition about those days and what followed."
)
FLOOD = "A flood destroyed eleven thousand books in the cellar in February 1953."
URL = "https://gazette.example.org/history"

# Five wordings for each entry of FAQ.
ANSWERABLE = (
    ("For how long may I keep a book?", "loan period books", "When must a novel be back?",
     "How many weeks can I borrow something?", "Can I have a book for longer than a month?"),
    ("What is the price of membership?", "joining fee", "Do I pay anything to become a reader?",
     "Is it free to sign up?", "I live in the next county, what does a card cost me?"),
    ("Are kids allowed to take movies home?", "films children", "May my son, 9, rent a DVD?",
     "Do parents sign for films?", "Which movies can a ten-year-old borrow?"),
    ("Opening hours on a Friday?", "open saturday", "Are you closed on Mondays?",
     "Until what time can I come in?", "When do you open in the morning?"),
    ("My card has run out, what now?", "renew card", "Which papers do I need for a new card?",
     "How long is a library card valid?", "Can I renew my card by post?"),
    ("What is the fine for a late book?", "late fee", "I forgot to bring a book back, what now?",
     "What do I pay when a book is lost?", "How much is it a week when I am late?"),
    ("Where can I study without noise?", "quiet room", "Can I book a seat in the reading room?",
     "How many seats does the reading room have?", "Is there somewhere to learn for an exam?"),
    ("How much is a colour print?", "printing cost", "Where are the printers?",
     "Can I print from my phone?", "Is copying cheaper than printing?"),
)  # fmt: skip
UNANSWERABLE = (
    "Do you lend out musical instruments?", "Is there parking for a camper van?",
    "Who is the mayor of the town?", "Can I bring my dog into the reading room?",
    "Do you have a job for me in the summer?", "What is the wifi password?",
    "Are there toilets for wheelchair users?", "Do you buy old books?",
    "When does the next bus leave?", "Is there a café in the building?",
    "Can you translate my birth certificate?", "Who wrote the harbour anthem?",
    "Do you offer a course in Spanish?", "May I marry in the reading room?",
    "How deep is the harbour?", "Is the library closed at Christmas?",
    "Can I donate my stamp collection?", "Do you have a 3D printer?",
)  # fmt: skip


def _asks(place: int) -> tuple[str, int]:
    """A question that the entry answers, and the entry."""
    return ANSWERABLE[place % 8][(place // 8 + place // 40) % 5], place % 8


def _lacks(place: int) -> str:
    """A question that no entry answers."""
    return UNANSWERABLE[(place // 10 * 3 + (3, 8, 7).index(place % 10)) % len(UNANSWERABLE)]


def row(place: int, question: str, **changes: Any) -> Record:
    """A question answered rightly from the entry about books, unless told otherwise."""
    return {
        "id": f"answer-{place}",
        "question": question,
        "answering": None,
        "status": "answered",
        "text": "",
        "quotes": [],
        "citations": [],
        "disagreements": [],
        "choices": [],
        "nearest": [],
        "related": [],
        "confidence": 0.93,
        "generation": "gen-7",
        "took_ms": None,
        "case": case(f"q{place}", line=place + 1),
        "ranking": [],
        "withheld": [],
        "outcome": "right",
        "why": "",
        "right": True,
        "scores": {},
        **changes,
    }


def case(id_: str, **changes: Any) -> Record:
    """What is expected; nothing, unless told otherwise."""
    return {
        "id": id_, "unit": "document", "sources": {}, "answers": [], "answerable": True,
        "tags": [], "kind": "", "like": "", "line": 1, "turns": 0, **changes,
    }  # fmt: skip


def quoted(text: str, context: str, **changes: Any) -> Record:
    """`quotes` and `citations` of an answer that quotes `text` within `context`."""
    start = context.index(text)
    citation = {
        "number": 1, "passage": "p1", "document": "faq:1", "kind": "faq", "title": FAQ[0][0],
        "publisher": "Harbour Library", "date": "2026-03-01", "url": "",
        "link": "/source/p1?start=0&end=5#quote", "source": "faq.md", "headings": [], "header": "",
        "context": context, **changes,
    }  # fmt: skip
    quote = {
        "text": text,
        "passage": citation["passage"],
        "start": start,
        "end": start + len(text),
        "citation": 1,
    }
    return {"text": text, "quotes": [quote], "citations": [citation]}


def from_faq(entry: int) -> Record:
    """An answer with the whole of an FAQ entry."""
    question, text = FAQ[entry]
    id_ = f"faq:{entry + 1}"
    return quoted(text, text, title=question, document=id_, passage=id_)


def rows(n: int) -> list[Record]:
    """`n` questions: of ten, five right, two rightly silent, and one of each failure."""
    return [_made(place) for place in range(n)]


def _made(place: int) -> Record:
    turn = place % 10
    if turn in (3, 8):
        return _silence(place, "rightly silent", 0.08 + 0.03 * (place % 11))
    if turn == 7:
        return _wrongly_answered(place)
    if turn == 5:
        return _silence(place, "silent", 0.49 - 0.02 * (place % 9))
    if turn == 9:
        return _wrong(place)
    return _right(place)


def _right(place: int) -> Record:
    if place % 10 == 4:
        ranking = [["history", 0.81], ["faq:6", 0.42], ["faq:1", 0.40]]
        told = quoted(
            FLOOD, ARTICLE, title="A short history of the harbour library", kind="article",
            document="history", passage="history:p1", publisher="Harbour Gazette",
            date="2025-10-19", url=URL, link=f"{URL}#:~:text=A%20flood", source="history.md",
            headings=["The flood"],
        )  # fmt: skip
        question, sources = "How many books did the flood destroy?", {"history": 1}
    else:
        question, entry = _asks(place)
        told, sources = from_faq(entry), {f"faq:{entry + 1}": 1}
        ranking = _ranking(entry, (entry + 3) % 8)
    sure = round(0.99 - 0.035 * (place % 13), 4)
    return row(
        place, question, **told, confidence=sure, ranking=ranking,
        case=_case(place, sources=sources), scores={"hit@1": 1.0, "mrr@10": 1.0, "ndcg@10": 1.0},
    )  # fmt: skip


def _wrong(place: int) -> Record:
    question, entry = _asks(place)
    other = (entry + 5) % 8
    return row(
        place, question, **from_faq(other), confidence=round(0.88 - 0.04 * (place % 7), 4),
        ranking=_ranking(other, entry, gap=0.01 if place % 20 == 9 else 0.045),
        outcome="wrong", right=False,
        case=_case(place, sources={f"faq:{entry + 1}": 1}, answers=[FAQ[entry][1]]),
        scores={"hit@1": 0.0, "mrr@10": 0.5, "f1": 0.21},
    )  # fmt: skip


def _wrongly_answered(place: int) -> Record:
    return row(
        place, _lacks(place), **from_faq(6), ranking=_ranking(6, 2),
        confidence=round(0.76 - 0.05 * (place % 4), 4), outcome="wrongly answered", right=False,
        case=_case(place, answerable=False),
    )  # fmt: skip


def _silence(place: int, outcome: str, sure: float) -> Record:
    question, entry = _asks(place)
    answerable = outcome == "silent"
    right = answerable and place % 20 == 5
    withheld = FAQ[entry if right else 2][1]
    return row(
        place, question if answerable else _lacks(place), status="abstained",
        confidence=round(sure, 4), outcome=outcome, right=right, ranking=_ranking(2, entry),
        withheld=[{"text": withheld, "passage": "faq:3", "start": 0, "end": len(withheld)}],
        nearest=[{"text": FAQ[2][0], "passage": "faq:3"}] if place % 3 else [],
        case=_case(place, answerable=answerable,
                   sources={f"faq:{entry + 1}": 1} if answerable else {}),
        scores={"hit@1": 0.0, "mrr@10": 0.5} if answerable else {},
    )  # fmt: skip


def _case(place: int, **changes: Any) -> Record:
    tags = [("lending", "money", "opening")[place % 3]]
    made = changes.get("answerable", True)
    kind = ("as typed", "typo", "keywords")[place % 3] if made else ""
    return case(f"q{place + 1}", line=place + 2, tags=tags, kind=kind, **changes)


def _ranking(first: int, second: int, gap: float = 0.045) -> list[list[Any]]:
    rest = [entry for entry in range(8) if entry not in (first, second)]
    return [
        [f"faq:{entry + 1}", round(0.84 - gap * rank, 4)]
        for rank, entry in enumerate([first, second, *rest])
    ]


def summary(rows_: Sequence[Mapping[str, Any]], **changes: Any) -> Record:
    """What these rows come to; the numbers that need a model are made up."""
    outcomes = Counter(one["outcome"] for one in rows_)
    return {
        "name": "questions.csv",
        "made": "2026-11-25T09:12:03+00:00",
        "asked": len(rows_),
        "of": len(rows_),
        "outcomes": {name: outcomes[name] for name in NAMES},
        "unscored": {},
        "metrics": METRICS if rows_ else {},
        "ineligible": {"finding": {"has no answer in the sources": 18}, "quoting": {
            "no expected answer": 36, "has no answer in the sources": 18}} if rows_ else {},
        "groups": {"kind": _groups(rows_, "kind"), "tag": _groups(rows_, "tags")},
        "curve": curve(rows_),
        "reliability": RELIABILITY if rows_ else [],
        "latency": {"n": 60, "p50": 19.13, "p90": 24.0, "p95": 27.48, "p99": 40.2}
        if rows_ else None,
        "questions_per_second": 143.2 if rows_ else None,
        "grounding": {"quotes": 42, "verified": 42, "failed": []},
        "gates": [],
        "notes": [],
        "collisions": [],
        "since": None,
        "settings": SETTINGS,
        **changes,
    }  # fmt: skip


NAMES = ("right", "rightly silent", "silent", "wrong", "wrongly answered", "unscored")


def _groups(rows_: Sequence[Mapping[str, Any]], what: str) -> list[Record]:
    found: dict[str, list[str]] = {}
    for one in rows_:
        named = one["case"][what]
        for name in [named] if isinstance(named, str) else named:
            found.setdefault(name, []).append(one["outcome"])
    return [
        {
            "name": name,
            "n": len(there),
            "outcomes": dict(Counter(there)),
            "metrics": {"hit@1": metric(0.861, 36), "mrr@10": metric(0.913, 36)},
        }
        for name, there in found.items()
        if name
    ]


def metric(value: float, n: int, low: float | None = None, high: float | None = None) -> Record:
    """A metric as it stands in a summary."""
    return {"value": value, "low": low, "high": high, "n": n}


def curve(rows_: Sequence[Mapping[str, Any]]) -> list[Record]:
    """The risk-coverage points, one a question, surest first."""
    points, wrong = [], 0
    for place, one in enumerate(sorted(rows_, key=lambda one: -one["confidence"]), 1):
        wrong += not one["right"]
        points.append(
            {
                "coverage": place / len(rows_),
                "risk": wrong / place,
                "confidence": one["confidence"],
            }
        )
    return points


METRICS = {
    "hit@1": metric(0.861, 42, 0.741, 0.952),
    "hit@5": metric(0.952, 42, 0.881, 1.0),
    "recall@5": metric(0.944, 42, 0.869, 1.0),
    "mrr@10": metric(0.913, 42, 0.838, 0.972),
    "ndcg@10": metric(0.927, 42, 0.861, 0.978),
    "exact_match": metric(0.167, 6),
    "f1": metric(0.412, 6),
    "quotes_verified": metric(1.0, 42),
    "citation_precision": metric(0.889, 36, 0.778, 0.972),
    "citation_recall": metric(0.861, 36, 0.741, 0.952),
    "precision": metric(0.714, 42, 0.571, 0.833),
    "coverage": metric(0.7, 60, 0.583, 0.817),
    "recall": metric(0.714, 42, 0.571, 0.833),
    "right_silence": metric(0.667, 18, 0.444, 0.889),
    "precision@coverage=0.8": metric(0.646, 60, 0.521, 0.771),
    "auroc": metric(0.842, 60, 0.728, 0.934),
    "aurc": metric(0.187, 60, 0.101, 0.29),
    "ece": metric(0.083, 60, 0.061, 0.19),
}
RELIABILITY = [
    {"low": low / 10, "high": (low + 1) / 10, "confidence": low / 10 + 0.055, "right": r, "n": n}
    for low, r, n in (
        (0, 0.0, 2), (1, 0.1, 5), (2, 0.2, 3), (3, 0.25, 6), (4, 0.5, 4),
        (5, 0.56, 9), (6, 0.55, 7), (7, 0.79, 8), (8, 0.82, 7), (9, 1.0, 9),
    )
]  # fmt: skip
SETTINGS = {
    "name": "questions.csv",
    "made": "2026-11-25T09:12:03+00:00",
    "of": 60,
    "questions": "0f" * 32,
    "citewell": "0.1.0",
    "knowledge_base": "kb",
    "generation": "gen-7",
    "corpus": "ab" * 32,
    "counts": {"documents": 9, "passages": 12},
    "encoder": "all-MiniLM-L6-v2",
    "fingerprint": "cd" * 32,
    "calibration": {"slope": 1.0, "intercept": 0.0, "answer_from": LINE},
    "workers": 1,
}
GATES = [
    {"metric": "mrr@10", "way": "at least", "needed": 0.85, "value": 0.913, "passed": True},
    {"metric": "ece", "way": "at most", "needed": 0.05, "value": 0.083, "passed": False},
]
SINCE = {
    "name": "report/before", "made": "2026-11-18T10:00:00+00:00", "cases": 60,
    "gained": 6, "lost": 2, "p": 0.289, "verdict": "no clear difference",
}  # fmt: skip
COLLISIONS = [
    {
        "first": "faq:1", "second": "faq:6", "first_question": FAQ[0][0],
        "second_question": FAQ[5][0], "closeness": 0.71, "same_answer": False,
        "stolen": [{"id": "q10", "question": "how long can i keep a late book",
                    "expected": "faq:1", "got": "faq:6"}],
    },
    {
        "first": "faq:2", "second": "faq:5", "first_question": FAQ[1][0],
        "second_question": "What does a card cost?", "closeness": 0.93, "same_answer": True,
        "stolen": [],
    },
]  # fmt: skip


def library(n: int = 60) -> tuple[Record, list[Record]]:
    """A run with everything that a report can show."""
    made = rows(n)
    return summary(made, gates=GATES, since=SINCE, collisions=COLLISIONS), made


def comparison(**changes: Any) -> Record:
    """Two runs, the second worse."""
    return {
        "a": {"name": "minilm", "made": "2026-11-18T10:00:00+00:00", "settings": SETTINGS},
        "b": {"name": "bge-small", "made": "2026-11-25T09:12:03+00:00", "settings": SETTINGS},
        "cases": 200,
        "only_a": ["q201", "q202"],
        "only_b": [],
        "changed": [
            {"what": "encoder", "a": "all-MiniLM-L6-v2", "b": "bge-small-en-v1.5"},
            {"what": "fingerprint", "a": "cd" * 32, "b": "ef" * 32},
        ],
        "outcomes": {
            "a": {"right": 120, "rightly silent": 40, "silent": 20, "wrong": 12,
                  "wrongly answered": 8, "unscored": 0},
            "b": {"right": 108, "rightly silent": 34, "silent": 24, "wrong": 20,
                  "wrongly answered": 14, "unscored": 0},
        },
        "gained": 12,
        "lost": 30,
        "p": 0.0082,
        "metrics": [
            _differs("hit@1", 0.861, 0.842, -0.019, -0.048, 0.011, 0.217, 148),
            _differs("mrr@10", 0.913, 0.889, -0.024, -0.047, -0.003, 0.021, 148),
            _differs("f1", 0.412, 0.431, 0.019, 0.004, 0.036, 0.014, 120),
            _differs("citation_precision", 0.889, 0.889, 0.0, -0.02, 0.02, 1.0, 110),
            _differs("precision", 0.857, 0.761, -0.096, -0.151, -0.043, 0.0004, 142),
        ],
        "verdict": "worse",
        "sentence": "The second run is worse, by more than chance. 12 of 200 questions were "
        "mended, 30 lost (McNemar p = 0.0082).",
        **changes,
    }  # fmt: skip


def _differs(name: str, *values: float) -> Record:
    keys = ("a", "b", "difference", "low", "high", "p", "n")
    return {"name": name, **dict(zip(keys, values, strict=True))}


def flips(worse: int = 30, better: int = 12) -> list[Record]:
    """Questions that turned, the better ones first, so that a page has to sort them."""
    return [_flip(place, place < better) for place in range(worse + better)]


def _flip(place: int, better: bool) -> Record:
    question, entry = _asks(place)
    good, bad = ("right", FAQ[entry][1]), ("silent", "")
    if place % 3 == 0:
        bad = ("wrong", FAQ[(entry + 5) % 8][1])
    (a, a_text), (b, b_text) = (bad, good) if better else (good, bad)
    return {
        "id": f"q{place + 1}", "question": question, "a": a, "b": b, "better": better,
        "a_text": a_text, "b_text": b_text,
    }  # fmt: skip


def record(**changes: Any) -> Record:
    """A calibration to a promise of 95%."""
    points = [
        {
            "coverage": step / 100,
            "risk": 0.02 + 0.028 * (step / 83) ** 4 if step > 4 else 0.0,
            "confidence": 1 - (step / 135) ** 2,
        }
        for step in range(1, 101)
    ]
    return {
        "made": "2026-11-25T09:12:03+00:00",
        "name": "questions.csv",
        "questions": 400,
        "promise": 0.95,
        "precision": 0.957,
        "low": 0.929,
        "high": 0.974,
        "coverage": 0.83,
        "out_of_fold": {"precision": 0.948, "coverage": 0.815},
        "answer_from": 0.62,
        "before": {"answer_from": 0.5, "precision": 0.921, "coverage": 0.94, "ece": 0.112},
        "after": {"answer_from": 0.62, "precision": 0.957, "coverage": 0.83, "ece": 0.031},
        "curve": points,
        "reliability_before": [
            {**one, "right": min(1.0, one["confidence"] * 0.6 + 0.35)} for one in RELIABILITY
        ],
        "reliability": RELIABILITY,
        "corpus": "ab" * 32,
        "generation": "gen-7",
        "encoder": "all-MiniLM-L6-v2",
        **changes,
    }
