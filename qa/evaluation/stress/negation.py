"""An English question turned into its opposite."""

from collections.abc import Mapping
from types import MappingProxyType

import regex

_REGULAR = (
    *("do", "does", "did", "is", "are", "was", "were", "has", "have", "had"),
    *("could", "would", "should", "must"),
)
CONTRACTED: Mapping[str, str] = MappingProxyType(
    {"can": "can't", "will": "won't"} | {verb: f"{verb}n't" for verb in _REGULAR}
)
"""Auxiliary verb → what it is with "not"."""

# As a question may spell them. To a regex that ignores case, "ıs" and "ſhould" would be verbs too.
_SPELLED = {
    spelled(verb): spelled(short)
    for verb, short in CONTRACTED.items()
    for spelled in (str.lower, str.capitalize, str.upper)
}
_CARELESS = "|".join(short.replace("'", "") for short in CONTRACTED.values())  # dont, cant
_NEGATIVE = regex.compile(
    r"(?<!\w)(?:not|never|no|nor|none|nobody|nothing|nowhere|neither|without|cannot"
    rf"|{_CARELESS})(?!\w)|n['’]t(?!\w)",
    regex.IGNORECASE,
)
# Spelled so: "Is IT support free?" asks of no "it".
_PRONOUN = r"(?:[Ii]|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey)"
# Not after "to": "what to do" holds no auxiliary.
_AUXILIARY = rf"(?<![\w'’-])(?<!\b[Tt][Oo] )(?P<auxiliary>{'|'.join(_SPELLED)})(?![\w'’-])"
_ASKED = regex.compile(rf"{_AUXILIARY}(?P<pronoun>\s+{_PRONOUN}(?![\w'’-]))?")


def negated(question: str) -> str | None:
    """`question` with "not" where it belongs.

    After the pronoun that follows the first auxiliary ("How do I not cancel"), else drawn together
    with the auxiliary ("Isn't the shop open?"). None without an auxiliary, and for a question that
    holds a negation.
    """
    found = _ASKED.search(question)
    if not found or _NEGATIVE.search(question):
        return None
    if found["pronoun"]:
        word = "NOT" if question.isupper() else "not"
        return f"{question[: found.end()]} {word}{question[found.end() :]}"
    return question[: found.start()] + _SPELLED[found["auxiliary"]] + question[found.end() :]
