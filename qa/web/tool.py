"""Asking as a tool for programs that speak the Model Context Protocol."""

import json
from collections.abc import Callable
from importlib.util import find_spec

from index.errors import QuestionError, ServeError
from qa.web.engine import Serving


def ask_tool(live: Serving) -> Callable[[str], str]:
    """`ask`, whose docstring is what such programs read of it.

    Raises ServeError where the extra that Gradio needs for the protocol is not installed.
    """
    if find_spec("mcp") is None:
        raise ServeError("the MCP server needs the extra mcp: .venv/bin/pip install '.[mcp]'")

    def ask(question: str) -> str:
        """Answer a question in the words of the sources, with citations.

        The reply is JSON. Its status is answered, ask_back or abstained: where the sources do not
        say, nothing is made up. Quotes are verbatim; each names its citation by number.

        Args:
            question: One question in plain words, at most 500 characters.

        """
        try:
            said = live.current.engine.answer(question, ()).to_dict()
        except QuestionError as error:
            said = {"error": str(error)}
        return json.dumps(said, ensure_ascii=False)

    return ask
