"""The YAML head of a Markdown file."""

import yaml

from index.readers.fields import Record
from index.readers.harvest import Harvest

MAX_CHARS = 16_000
MAX_BRACKETS = 200  # the parser's time grows with the square of those left open


def split_front_matter(text: str, harvest: Harvest) -> tuple[Record, str]:
    """The fields between the first two lines of `---`, and the text with blank lines for them.

    What looks like a head but is none (prose between two rules) stays text. A head that cannot be
    read is a problem, and the text below it is read all the same.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if lines[0].rstrip() != "---" or not end:
        return {}, text
    record = _parse("\n".join(lines[1:end]), harvest)
    if record is None:
        return {}, text
    return record, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _parse(head: str, harvest: Harvest) -> Record | None:
    """The head's fields, none where it is broken; None where it is not YAML but prose."""
    if len(head) > MAX_CHARS:
        harvest.problem(1, f"front matter is longer than {MAX_CHARS:,} characters; shorten it")
        return {}
    if sum(map(head.count, "[{")) > MAX_BRACKETS:
        harvest.problem(1, f"front matter has more than {MAX_BRACKETS} brackets; write plain lines")
        return {}
    try:
        # An alias can make a few lines stand for gigabytes, and no head needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head)):
            harvest.problem(
                1, "front matter has an alias (`*name`); write the value out or quote it"
            )
            return {}
        # The base loader makes text, lists and maps only: `no` stays Norwegian and a date as typed.
        value = yaml.BaseLoader(head).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        harvest.problem(line, f"front matter is not YAML ({error.problem}); mend it or remove it")
        return {}
    except (yaml.YAMLError, RecursionError, ValueError):
        harvest.problem(1, "front matter is not YAML; write lines like `title: Returns`")
        return {}
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    return {} if not value else None
