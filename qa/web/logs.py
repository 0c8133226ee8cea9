"""The server's log: what becomes of the knowledge base, and what fails, a line each."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

_OURS = ("index", "qa")  # of these what goes well is told too; of libraries, warnings


class _Line(logging.Formatter):
    """`2026-11-28T09:30:00Z INFO gen-4 serves now, after gen-3`: the time is UTC."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return time.strftime(datefmt or "%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))


@contextmanager
def logging_to_stderr() -> Iterator[None]:
    """Write the log of everything in this process to standard error meanwhile."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(message)s"))
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in _OURS]
    before = [logger.level for logger in ours]
    root.addHandler(handler)
    for logger in ours:
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        for logger, level in zip(ours, before, strict=True):
            logger.setLevel(level)
