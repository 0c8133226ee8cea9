"""The YAML head of a Markdown file."""

import yaml

from index.readers.fields import Record, spellings_in
from index.readers.source import SourceFile

MAX_CHARS = 16_000
MAX_BRACKETS = 200  # the parser's time grows with the square of those left open


Head = tuple[Record, dict[str, int]]  # a head's values, and the line of each field that it names


def split_front_matter(text: str, file: SourceFile) -> tuple[Head, str]:
    """The fields between the first two lines of `---`, and the text with blank lines for them.

    What looks like a head but is none (prose between two rules) stays text. Raises ReadError for a
    head that cannot be read.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if lines[0].rstrip() != "---" or not end:
        return ({}, {}), text
    head = _parse("\n".join(lines[1:end]), file)
    if head is None:
        return ({}, {}), text
    return head, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def is_draft(record: Record) -> bool:
    """Whether the head says `draft: true`, as a file does that is not to be published yet."""
    values = [str(value) for key, value in record.items() if key.casefold() == "draft"]
    return any(value.strip().casefold() in ("true", "yes", "on") for value in values)


def _parse(head: str, file: SourceFile) -> Head | None:
    """What the head says; None where it is not YAML but prose.

    Raises ReadError where it is broken: it may have said that the file is a draft.
    """
    if len(head) > MAX_CHARS:
        raise file.problem(1, f"front matter is longer than {MAX_CHARS:,} characters; shorten it")
    if sum(map(head.count, "[{")) > MAX_BRACKETS:
        reason = f"front matter has more than {MAX_BRACKETS} brackets; write plain lines"
        raise file.problem(1, reason)
    try:
        # An alias can make a few lines stand for gigabytes, and no head needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head)):
            reason = "front matter has an alias (`*name`); write the value out or quote it"
            raise file.problem(1, reason)
        # The base loader makes text, lists and maps only: `no` stays Norwegian and a date as typed.
        loader = yaml.BaseLoader(head)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        reason = f"front matter is not YAML ({error.problem}); mend it or remove it"
        raise file.problem(line, reason) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        reason = "front matter is not YAML; write lines like `title: Returns`"
        raise file.problem(1, reason) from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, dict):
        return None if value else ({}, {})
    record = {str(key): item for key, item in value.items()}
    # The first line of the head stands below the line of `---`.
    lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
    return record, {name: lines.get(key, 1) for name, key in spellings_in(record).items()}
