"""Small talk: replies to messages that ask nothing of the sources."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from index.errors import KnowledgeBaseError
from index.stemming import words

FILE = "small_talk.toml"
_SHIPPED = Path(__file__).with_name(FILE)
# Bounds on a file: far past what a person would write.
MAX_BYTES = 100_000
MAX_WORDS = 8  # in a phrase
MAX_REPLY = 500  # characters
_MESSAGE_WORDS = 20  # more are never small talk

Phrase = tuple[str, ...]  # words, letters that stand several times in a row written once


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Which phrase has which reply; `fillers` may stand between phrases and say nothing."""

    replies: Mapping[Phrase, str]
    fillers: frozenset[Phrase] = frozenset()

    @classmethod
    def load(cls, path: Path | None = None) -> "SmallTalk":
        """What a file says, by default the one that comes with Citewell.

        Raises KnowledgeBaseError for a file that cannot be read or is not what it should be.
        """
        path = path or _SHIPPED
        try:
            return _read(_content(path))
        except OSError as error:
            raise _refused(path, f"cannot be read ({error.strerror or error})") from error
        except ValueError as error:  # so are UnicodeDecodeError and TOMLDecodeError
            raise _refused(path, str(error)) from error

    @classmethod
    def beside(cls, kb: Path) -> "SmallTalk":
        """That of a knowledge base: its own file, or else the one that comes with Citewell."""
        own = kb / FILE
        return cls.load(own if own.exists() else None)

    def without(self, questions: Iterable[str]) -> "SmallTalk":
        """The same but for phrases that are questions of the FAQ: those have an answer there."""
        asked = {_phrase(question) for question in questions}
        kept = {phrase: reply for phrase, reply in self.replies.items() if phrase not in asked}
        return replace(self, replies=kept)

    def reply(self, message: str) -> str | None:
        """What to say to a message that is small talk and nothing else; None for any other.

        Where it is several phrases ("hi, how are you?"), the reply to the last.
        """
        left = _phrase(message)
        if len(left) > _MESSAGE_WORDS:
            return None
        said: str | None = None
        while left:
            phrase = self._first(left)
            if not phrase:
                return None
            said = self.replies.get(phrase, said)
            left = left[len(phrase) :]
        return said

    def _first(self, left: Phrase) -> Phrase:
        """The longest phrase or filler that these words begin with; empty where there is none."""
        beginnings = (left[:length] for length in range(MAX_WORDS, 0, -1))
        known = (p for p in beginnings if p in self.replies or p in self.fillers)
        return next(known, ())


def _phrase(text: str) -> Phrase:
    return tuple("".join(letter for letter, _ in groupby(word)) for word in words(text))


def _content(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES:,} bytes; shorten it")
    return data.decode()


def _read(text: str) -> SmallTalk:
    """The small talk of a file. Raises ValueError, saying what to mend."""
    tables = tomllib.loads(text)
    fillers = frozenset(_phrases("fillers", tables.pop("fillers", [])))
    replies: dict[Phrase, str] = {}
    for name, table in tables.items():
        if not isinstance(table, dict) or set(table) != {"phrases", "reply"}:
            raise ValueError(f"[{name}] needs phrases and a reply, and nothing else")
        reply = _reply(name, table["reply"])
        replies |= dict.fromkeys(_phrases(f"[{name}] phrases", table["phrases"]), reply)
    return SmallTalk(replies, fillers)


def _phrases(where: str, listed: Any) -> Iterator[Phrase]:
    if not isinstance(listed, list) or not all(isinstance(phrase, str) for phrase in listed):
        raise ValueError(f"{where} is a list of texts")
    for text in listed:
        phrase = _phrase(text)
        if not 1 <= len(phrase) <= MAX_WORDS:
            raise ValueError(f"{where}: {text[:40]!r} needs 1 to {MAX_WORDS} words")
        yield phrase


def _reply(name: str, reply: Any) -> str:
    if not isinstance(reply, str) or not 0 < len(reply.strip()) <= MAX_REPLY:
        raise ValueError(f"[{name}] reply is a text of 1 to {MAX_REPLY} characters")
    return " ".join(reply.split())


def _refused(path: Path, reason: str) -> KnowledgeBaseError:
    return KnowledgeBaseError(f"{path}: {reason}; mend or remove the file")
