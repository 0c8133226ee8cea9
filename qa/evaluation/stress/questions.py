"""What a knowledge base is asked as it stands: its own questions, altered, and some of others."""

from collections.abc import Iterable, Iterator, Sequence

from index.documents import Document
from index.errors import QuestionError
from index.lexical import content_words, words
from qa.evaluation.case import Case
from qa.evaluation.stress.out_of_scope import pack
from qa.evaluation.stress.variants import ENGLISH_ONLY, KINDS, topic
from qa.question import cleaned

AS_WRITTEN, TITLE, OUT_OF_SCOPE = "as written", "title", "out of scope"


def stress_cases(documents: Sequence[Document]) -> tuple[Case, ...]:
    """Every FAQ question as written and in each variant, article titles, the out-of-scope pack.

    A negated question expects nothing, since its entry may or may not answer it. What cannot be
    asked is left out, and so is a question of the pack that an FAQ entry asks as well.
    """
    entries = [document for document in documents if document.kind == "faq"]
    articles = [document for document in documents if document.kind == "article"]
    return (
        *(case for entry in entries for case in _of_entry(entry)),
        *(case for article in articles for case in _of_article(article)),
        *_out_of_scope(entries),
    )


def _of_entry(entry: Document) -> Iterator[Case]:
    """The entry's question as written, then its variants, each `like` that."""
    try:
        question = cleaned(entry.title)
    except QuestionError:
        return
    original = f"{entry.id} / {AS_WRITTEN}"
    expected = {entry.id: 1}
    yield Case(original, question, expected, answerable=True, kind=AS_WRITTEN)
    for kind, variant in KINDS.items():
        if kind in ENGLISH_ONLY and not _may_be_english(entry):
            continue
        if (altered := variant(question)) is None:
            continue
        id_ = f"{entry.id} / {kind}"
        if kind == "negation":
            yield Case(id_, altered, kind=kind, like=original)
        else:
            yield Case(id_, altered, expected, answerable=True, kind=kind, like=original)


def _may_be_english(entry: Document) -> bool:
    return not entry.language or entry.language.casefold().startswith("en")


def _of_article(article: Document) -> Iterator[Case]:
    """Its title as keywords, where that says enough to be asked for."""
    if len(content_words(article.title)) < 2:
        return
    try:
        question = cleaned(" ".join(topic(article.title)))
    except QuestionError:
        return
    yield Case(f"{article.id} / {TITLE}", question, {article.id: 1}, answerable=True, kind=TITLE)


def _out_of_scope(entries: Iterable[Document]) -> Iterator[Case]:
    held = {tuple(words(question)) for entry in entries for question in entry.questions}
    for number, question in enumerate(pack(), 1):
        if tuple(words(question)) not in held:
            id_ = f"{OUT_OF_SCOPE} / {number}"
            yield Case(id_, question, answerable=False, kind=OUT_OF_SCOPE)
