"""What was said before a question: turns in any of the shapes in which sets keep them."""

from qa.evaluation.case import Role, Turn
from qa.evaluation.reading.json_text import kind_of
from qa.evaluation.reading.record import Record, is_blank, short

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("user", "human", "customer"), "user"),
    **dict.fromkeys(("assistant", "agent", "bot", "system", "ai"), "assistant"),
}
_SPEAKER = ("role", "speaker", "type")
_SAID = ("content", "text")
_ADVICE = "write a list of objects with role (user or assistant) and content"


def turns(record: Record, name: str) -> tuple[Turn, ...]:
    """The turns of this field, those without text left out.

    A turn is an object with who speaks (`role`, `speaker`, `type`) and what is said (`content`,
    `text`). In a list of plain texts user and assistant alternate, the user first. Raises
    ReadError for anything else.
    """
    value = record.values.get(name)
    if is_blank(value):
        return ()
    if not isinstance(value, list):
        raise record.problem(f"{name} is {kind_of(value)}, not a list of turns; {_ADVICE}")
    if all(isinstance(turn, str) for turn in value):
        value = [{"role": ("user", "bot")[i % 2], "content": turn} for i, turn in enumerate(value)]
    said = [_turn(record, name, turn) for turn in value]
    return tuple(turn for turn in said if turn.content)


def _turn(record: Record, name: str, turn: object) -> Turn:
    if not isinstance(turn, dict):
        raise record.problem(f"{name} has {kind_of(turn)} among its turns; {_ADVICE}")
    parts = [next((turn[key] for key in keys if key in turn), None) for keys in (_SPEAKER, _SAID)]
    values = dict(zip(("speaker", "turn"), parts, strict=True))
    inner = Record(record.file, record.line, values)
    speaker, said = inner.text("speaker"), inner.text("turn")
    role = _ROLES.get(speaker.casefold())
    if role is None:
        raise record.problem(f"{name} has a turn by {short(speaker)!r}; {_ADVICE}")
    return Turn(role, said)
