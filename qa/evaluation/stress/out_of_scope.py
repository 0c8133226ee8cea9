"""Questions that no help centre and no news site answers; silence is the right answer to each."""

from importlib.resources import files


def pack() -> tuple[str, ...]:
    """The questions of `out_of_scope.txt`, in its order; it has one a line, and `#` comments."""
    text = files(__package__).joinpath("out_of_scope.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
