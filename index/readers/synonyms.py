"""`synonyms.txt`: which words mean the same, a group a line."""

from index.readers.source import Reading, SourceFile
from index.stemming import words
from index.synonyms import Group, Synonyms

# Bounds on one line; far past what a person would write.
MAX_PHRASES = 50
MAX_WORDS = 8
_ONE_WAY = "=>"


def read_synonyms(file: SourceFile) -> Reading:
    """The groups of a file, one a line, and what is wrong with the lines that make none.

    `refund, money back` goes both ways, `laptop => notebook, computer` one: who asks for the first
    is also shown the others. `#` begins a comment. Raises ReadError for what is no text.
    """
    groups, problems = [], []
    for number, line in enumerate(file.text.split("\n"), start=1):
        text = line.partition("#")[0].strip()
        try:
            groups += [_group(text)] if text else []
        except ValueError as error:
            problems.append(file.problem(number, str(error)))
    return Reading(problems=tuple(problems), synonyms=Synonyms(tuple(groups)))


def _group(line: str) -> Group:
    """The group on a line. Raises ValueError, saying what to mend."""
    sides = [_phrases(side) for side in line.split(_ONE_WAY)]
    if len(sides) > 2:
        raise ValueError(f"more than one {_ONE_WAY} on a line; write a line for each")
    if len(sides) == 2 and not all(sides):
        raise ValueError(f"nothing on one side of {_ONE_WAY}; write words on both, or no arrow")
    if len(sides) == 1 and len(sides[0]) < 2:
        raise ValueError("one entry has no synonym; add others after commas, or remove the line")
    return Group(sides[0], sides[-1])


def _phrases(side: str) -> tuple[str, ...]:
    phrases = [" ".join(phrase.split()) for phrase in side.split(",")]
    if len(phrases) > MAX_PHRASES:
        raise ValueError(f"{len(phrases)} entries, at most {MAX_PHRASES} are read; part the line")
    for phrase in filter(None, phrases):
        if not 1 <= len(words(phrase)) <= MAX_WORDS:
            raise ValueError(f"{phrase[:40]!r} is no word or has more than {MAX_WORDS}; shorten it")
    return tuple(dict.fromkeys(filter(None, phrases)))
