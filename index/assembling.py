"""From documents to a knowledge base in memory."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from index.documents import Document
from index.encoder import Encoder
from index.encoding import Progress, encoded
from index.errors import BuildError
from index.knowledge import Knowledge, faq_questions
from index.known import Known, sentences_of
from index.language import corpus_language
from index.lexical import LexicalStore
from index.passages import split
from index.scratch import Pieces
from index.stemming import words
from index.synonyms import NO_SYNONYMS, Synonyms


def assemble(
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    known: Known | None = None,
    synonyms: Synonyms = NO_SYNONYMS,
    progress: Progress | None = None,
    scratch: Pieces | None = None,
) -> tuple[Knowledge, int]:
    """A knowledge base in memory, and how many texts were encoded for it.

    `known` holds vectors that this encoder has given before, `scratch` what it gave in a build that
    was cut short. Raises EncoderError, and BuildError where two passages share an id.
    """
    owned = [(passage, document) for document in documents for passage in split(document)]
    check_unique((passage.id, document) for passage, document in owned)
    passages = [passage for passage, _ in owned]
    questions = faq_questions(documents)
    stores, count = encoded(passages, questions, known or Known(), encoder, progress, scratch)
    texts = ["\n".join([p.encoded_text, *d.alternates]) for p, d in owned]
    lexical = LexicalStore(
        texts,
        corpus_language(documents),
        synonyms,
        sentences=sentences_of(passages),
        questions=questions,
    )
    return Knowledge(documents, passages, stores, lexical), count


def corpus_digest(documents: Iterable[Document], synonyms: Synonyms = NO_SYNONYMS) -> str:
    """The SHA-256 of all documents, what they say of themselves, in order, and the synonyms."""
    records = [*(document.to_dict() for document in documents), *synonyms.to_list()]
    return hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()


def check_unique(owners: Iterable[tuple[str, Document]]) -> None:
    """Raise BuildError where one id has two owners, naming both places."""
    seen: dict[str, Document] = {}
    for id_, document in owners:
        other = seen.setdefault(id_, document)
        if other is not document:
            raise BuildError(
                f"{document.source}:{document.line}: has the id {id_!r}, as has "
                f"{other.source}:{other.line}; give one of them another id"
            )


def has_words(document: Document) -> bool:
    """Whether anything of it can be searched for."""
    return any(words(passage.encoded_text) for passage in split(document))
