"""Where sentences begin and end, in any script."""

from collections.abc import Iterator

Span = tuple[int, int]


def sentence_spans(text: str, language: str = "") -> tuple[Span, ...]:
    """The sentences of one block of text as `(start, end)`, in order, white space left out.

    They cover every character but white space. `language` is an ISO 639-1 code; English rules serve
    where it is empty or unknown.
    """
    import sentencex

    boundaries = sentencex.get_sentence_boundaries(language[:2].lower() or "en", text)
    pieces = [(b["start_index"], b["end_index"]) for b in boundaries]
    return tuple(_joined(text, [span for piece in pieces for span in _trimmed(text, *piece)]))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _joined(text: str, spans: list[Span]) -> Iterator[Span]:
    """Undo a split before a lower-case letter: "approx. five" is one sentence."""
    held: Span | None = None
    for start, end in spans:
        if held and text[start].islower() and text[held[1] - 1] == ".":
            held = (held[0], end)
            continue
        if held:
            yield held
        held = (start, end)
    if held:
        yield held
