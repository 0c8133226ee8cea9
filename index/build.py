"""From a folder of files to a published knowledge base, encoding only what changed."""

import os.path
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index import generation, tracking
from index.assembling import assemble, check_unique, corpus_digest, has_words
from index.build_report import BuildReport, report_of
from index.documents import Document
from index.encoder import Encoder
from index.encoding import Progress
from index.errors import BuildError, KnowledgeBaseError
from index.hold import release
from index.knowledge import Knowledge
from index.known import known_vectors
from index.publish import KEEP, building, publish_files
from index.readers.apart import read_folder_apart
from index.scratch import forget_scratch, scratch_in
from index.synonyms import NO_SYNONYMS, Synonyms
from index.tracking import Source, sources_of
from index.ways import COMMAND, Ways, nothing_found

__all__ = ["BuildReport", "OnError", "assemble", "build", "corpus_digest", "publish"]

OnError = Literal["fail", "skip"]


def build(
    sources: Path,
    out: Path,
    encoder: Encoder,
    *,
    on_error: OnError = "fail",
    keep: int = KEEP,
    progress: Progress | None = None,
    wait: float = 0.0,
    ways: Ways = COMMAND,
) -> BuildReport:
    """Read `sources`, encode what is new, publish the whole at `out`; nothing new, nothing done.

    The last `keep` generations stay on disk. `progress` is called before the first and after each
    batch of texts. With `on_error="fail"` a file or entry that cannot be read stops the build
    (BuildError, its `problems` name each); with "skip" it is left out and reported. Files are
    parsed in a process apart. A build at work in `out` is waited for, `wait` seconds at most.
    Errors name the `ways` on. Whatever goes wrong, the knowledge base at `out` stays as it was;
    what a build that is killed has encoded, the next does not encode again.
    """
    if not os.path.exists(sources):  # noqa: PTH110 - Path's may raise
        raise BuildError(f"{sources}: there is no such folder; name the one with your FAQs")
    # Read under the lock: else a slow reading could be published over a newer one.
    with _building(out, wait, ways):
        reading = read_folder_apart(sources)
        if reading.problems and on_error == "fail":
            raise BuildError(ways.unread(sources, len(reading.problems)), reading.problems)
        if not any(map(has_words, reading.documents)):
            raise BuildError(nothing_found(sources, reading.ignored))
        before, after, name, encoded = _publish(
            reading.documents,
            out,
            encoder,
            sources=str(_placed(sources)),
            files=sources_of(reading),
            synonyms=reading.synonyms or NO_SYNONYMS,
            keep=keep,
            progress=progress,
            ways=ways,
        )
    return report_of(reading, before, after, name, encoded)


def publish(
    documents: Sequence[Document],
    out: Path,
    encoder: Encoder,
    *,
    sources: str,
    progress: Progress | None = None,
) -> None:
    """Encode what is new of these documents and publish them all at `out`, if anything changed.

    `sources` says where the documents are from. Raises BuildError where two share an id, none holds
    a word, or another build is running there.
    """
    with _building(out):
        _publish(documents, out, encoder, sources=sources, progress=progress)


def _publish(
    documents: Sequence[Document],
    out: Path,
    encoder: Encoder,
    *,
    sources: str,
    files: Sequence[Source] = (),
    synonyms: Synonyms = NO_SYNONYMS,
    keep: int = KEEP,
    progress: Progress | None = None,
    ways: Ways = COMMAND,
) -> tuple[Knowledge | None, Knowledge, str, int]:
    """The same for whoever holds `building(out)`; `files` are those in which the documents stand.

    What served before, if it was whole and of the same encoder; what serves now, under which name;
    how many texts were encoded.
    """
    check_unique((document.id, document) for document in documents)
    if not any(map(has_words, documents)):
        raise BuildError(f"{sources}: no document here holds a word; add some text")
    with _writing(out, ways):
        before = _previous(out, encoder)
        if before and _same(before, documents, synonyms) and _serves(out, before, sources, files):
            release(out)
            forget_scratch(out)
            return before, before, before.generation, 0
        known = known_vectors(before) if before else None

        def write(stage: Path) -> None:
            knowledge.save(stage)
            tracking.save(files, stage)

        with scratch_in(out, encoder.fingerprint) as scratch:
            knowledge, encoded = assemble(
                documents,
                encoder,
                known=known,
                synonyms=synonyms,
                progress=progress,
                scratch=scratch,
            )
            manifest = publish_files(out, write, _described(knowledge, encoder, sources), keep)
    return before, knowledge, manifest.generation, encoded


def _same(before: Knowledge, documents: Sequence[Document], synonyms: Synonyms) -> bool:
    return (before.documents, before.lexical.synonyms) == (tuple(documents), synonyms)


def _serves(out: Path, knowledge: Knowledge, sources: str, files: Sequence[Source]) -> bool:
    """Whether this is what serves, undamaged, and was made of these very files."""
    if knowledge.degraded:
        return False
    manifest = generation.read_manifest(out)
    return manifest.sources == sources and tracking.load(out, manifest) == tuple(files)


def _placed(sources: Path) -> Path:
    """Its absolute path. A link to a file stays: its documents are named after the link."""
    return sources.resolve() if sources.is_dir() else sources.parent.resolve() / sources.name


@contextmanager
def _building(out: Path, wait: float = 0.0, ways: Ways = COMMAND) -> Iterator[None]:
    """Hold the right to build at `out`, which is made."""
    with ExitStack() as held:
        with _writing(out, ways):
            held.enter_context(building(out, wait))
        yield


@contextmanager
def _writing(out: Path, ways: Ways) -> Iterator[None]:
    """Tell that the disk is full, or the place not ours to write, as a BuildError."""
    try:
        yield
    except OSError as error:
        raise BuildError(ways.unwritten(out, error)) from error


def _previous(out: Path, encoder: Encoder) -> Knowledge | None:
    """What serves now, if it is whole and of the same encoder; a rebuild mends all else."""
    try:
        return Knowledge.load(out, encoder)
    except KnowledgeBaseError:
        return None


def _described(knowledge: Knowledge, encoder: Encoder, sources: str) -> dict[str, object]:
    """The manifest's fields that a build knows."""
    return {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": sources,
        "corpus": corpus_digest(knowledge.documents, knowledge.lexical.synonyms),
        "encoder": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dim": knowledge.passage_store.dim,
        "language": knowledge.language,
        "counts": {
            "documents": len(knowledge.documents),
            "passages": len(knowledge.passages),
            "sentences": len(knowledge.sentence_store),
            "questions": len(knowledge.question_store),
        },
        "searches": {name: how.to_dict() for name, how in knowledge.stores.searches.items()},
    }
