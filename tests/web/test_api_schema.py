"""Thousands of requests made from the API's own description, and from breaking it."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qa.journal import Journal
from qa.web.api import create_app
from qa.web.limits import Limits, Rate

from .harbour import harbour

_FREE = Rate(1e6, 1_000_000)
UNLIMITED = Limits(ask=_FREE, suggest=_FREE, feedback=_FREE, sources=_FREE)
CASES = 350  # of each route and mode, as far as there are so many
Operation = schemathesis.APIOperation[Any, Any, Any, Any]
# Not among them: that all that fits the schema is accepted. A question of spaces fits it, as does
# feedback on an answer that was not given.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_at_least_two_thousand_requests_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(harbour(), Journal(tmp_path / "journal.sqlite3"), limits=UNLIMITED)
    statuses: Counter[tuple[str, int]] = Counter()

    def sent(operation: Operation, mode: GenerationMode) -> None:
        @seed(0)
        @settings(
            max_examples=CASES,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def send(case: Any) -> None:
            response = case.call(app=app, session=client)
            statuses[case.operation.label, response.status_code] += 1
            # 413 is a refusal too, which that check does not know.
            refusing = [] if response.status_code == 413 else [negative_data_rejection]
            case.validate_response(response, checks=[*CHECKS, *refusing])

        send()

    with get_client(cast(Any, app)) as client:
        schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            sent(operation, GenerationMode.POSITIVE)
            if operation.body or operation.query:  # a path of any text cannot be broken
                sent(operation, GenerationMode.NEGATIVE)

    assert statuses.total() >= 2_000, statuses
    for label in ("GET /api/suggest", "POST /api/ask"):
        assert statuses[label, 200] >= 100
        assert statuses[label, 422] >= 100
    with capsys.disabled():
        sys.stdout.write(f" {statuses.total():,} requests ")
