"""Everything that can go wrong, in one tree.

CitewellError
├── ReadError               a file, or an entry in it, could not be read
├── BuildError              the folder as a whole gives no knowledge base
├── EncoderError            the embedding model is missing, changed or unusable
├── KnowledgeBaseError
│   ├── KnowledgeBaseMissing    nothing has been built there
│   ├── KnowledgeBaseDamaged    what is there is incomplete or altered
│   └── EncoderMismatch         it was built with another model
├── QuestionError           the question is empty, too long or not text
├── UngroundedError         a quote or citation that its source does not bear out
├── JournalError            what readers say could not be kept or read
├── FetchError              a web page that may not be fetched, or could not be
├── ExportError             an export cannot be written where it was asked for
├── EvaluationError         a question set, a run or a gate that cannot be used as asked
├── SettingsError           a setting that is none, or not of its kind
└── ServeError              the page cannot be served as asked

Each message is one line: what was expected, what was seen, what to do next. `exit_code` is what
the command line returns. Not knowing the answer is an `Answer`, not an error.
"""

from pathlib import Path


class CitewellError(Exception):
    """Any failure that Citewell reports to its user, on one line."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class ReadError(CitewellError):
    """A source file, or one entry in it, could not be read. `str()` starts with `file:line:`."""

    exit_code = 3

    def __init__(self, source: str, line: int, reason: str) -> None:
        self.source = source
        self.line = line
        self.reason = reason
        place = f"{source}:{line}" if line else source
        super().__init__(f"{printable(place)}: {printable(reason)}")


class BuildError(CitewellError):
    """The sources as a whole give no knowledge base: none found, or two entries share an id.

    `problems` holds each entry that could not be read, where that is the reason.
    """

    exit_code = 3

    def __init__(self, message: str, problems: tuple[ReadError, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)


class EncoderError(CitewellError):
    """The embedding model is missing, is not the one it claims to be, or fails."""

    exit_code = 5


class KnowledgeBaseError(CitewellError):
    """A knowledge base folder that cannot be used as it is."""

    exit_code = 4


class KnowledgeBaseMissing(KnowledgeBaseError):
    """Nothing was built at this place yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: no knowledge base here; build one with: citewell build DIR --out {folder}"
        )


class KnowledgeBaseDamaged(KnowledgeBaseError):
    """A file of the knowledge base is missing, cut short or altered."""

    def __init__(self, file: Path, reason: str, folder: Path) -> None:
        self.file = file
        self.damage = f"{file}: {printable(reason)}"
        super().__init__(f"{self.damage}; build it again with: citewell build DIR --out {folder}")


class EncoderMismatch(KnowledgeBaseError):
    """The knowledge base holds vectors of another model; scores across models mean nothing."""

    def __init__(self, built_with: str, loaded_with: str, folder: Path) -> None:
        super().__init__(
            f"{folder} was built with {built_with}, not {loaded_with}; "
            f"load it with the first, or rebuild: citewell build DIR --out {folder}"
        )


class QuestionError(CitewellError):
    """The question holds no text, too much of it, or characters that are not text."""

    exit_code = 2


class UngroundedError(CitewellError):
    """An answer tried to leave with a quote or citation that its source does not bear out."""


class JournalError(CitewellError):
    """The journal could not be read or written; the answers themselves are not concerned."""


class FetchError(CitewellError):
    """A web address that may not be fetched, or did not give a page. `str()` starts with it."""

    exit_code = 7

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        shown = address if len(address) <= 200 else address[:199] + "…"
        super().__init__(f"{shown}: {reason}")


class ExportError(CitewellError):
    """The place that an export is to be written to is a folder, or cannot be written."""


class EvaluationError(CitewellError):
    """A question set, a run or a gate that cannot be used as asked: the run could not be made.

    `problems` holds each row that could not be read, where that is the reason.
    """

    exit_code = 2

    def __init__(self, message: str, problems: tuple[ReadError, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)


class SettingsError(CitewellError):
    """A setting that there is not, a value that it cannot have, or a file that cannot be read."""

    exit_code = 2


class ServeError(CitewellError):
    """The address or port cannot be listened on, or a host to answer to is not a name."""

    exit_code = 6


def printable(text: str) -> str:
    """`text` on one line, control characters and lone surrogates escaped, safe for any terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
