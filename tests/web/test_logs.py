"""The server's log as who looks after it reads it."""

import logging
import re

import pytest

from qa.web.logs import logging_to_stderr


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uvicorn's loggers as they are where none of its servers was given a log of its own."""
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.NOTSET)
        monkeypatch.setattr(logger, "handlers", [])
        monkeypatch.setattr(logger, "propagate", True)


@pytest.mark.usefixtures("untouched")
def test_every_line_has_its_time_and_libraries_tell_only_what_went_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logging_to_stderr():
        logging.getLogger("qa.follow").info("%s serves now, after %s", "gen-4", "gen-3")
        logging.getLogger("uvicorn.error").info("Started server process")
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("qa.follow").info("after it nothing is written")

    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.sub(r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ ", "T ", printed.err, flags=re.M) == (
        "T INFO gen-4 serves now, after gen-3\nT WARNING Invalid HTTP request received.\n"
    )
