"""What a build did, counted against what served before."""

from collections import Counter
from dataclasses import dataclass

from index.errors import ReadError
from index.knowledge import Knowledge
from index.readers import Reading
from index.repeats import repeats
from index.stemming import ENGLISH


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `unchanged`, `new` and `removed` count passages against the one before.

    `language` is that of most documents; `synonyms` counts the groups of the synonyms file.
    `notices` are lines on what may be a slip but stops nothing. `changed` says whether something
    was published: where it was not, `generation` is the one that served already.
    """

    generation: str
    faq_entries: int
    articles: int
    passages: int
    unchanged: int
    new: int
    removed: int
    encoded: int
    problems: tuple[ReadError, ...]
    ignored: tuple[str, ...]
    language: str = ENGLISH
    synonyms: int = 0
    notices: tuple[str, ...] = ()
    changed: bool = True


def report_of(
    reading: Reading, before: Knowledge | None, after: Knowledge, name: str, encoded: int
) -> BuildReport:
    """On `after`, which serves now under `name`; `before` is None where nothing whole served."""
    old = Counter(passage.encoded_text for passage in before.passages) if before else Counter[str]()
    now = Counter(passage.encoded_text for passage in after.passages)
    return BuildReport(
        name,
        faq_entries=sum(document.kind == "faq" for document in after.documents),
        articles=sum(document.kind == "article" for document in after.documents),
        passages=now.total(),
        unchanged=(now & old).total(),
        new=(now - old).total(),
        removed=(old - now).total(),
        encoded=encoded,
        problems=reading.problems,
        ignored=reading.ignored,
        language=after.language,
        synonyms=len(after.lexical.synonyms.groups),
        notices=(*repeats(after.documents), *after.stores.notices),
        changed=after is not before,
    )
