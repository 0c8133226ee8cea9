"""A calibration with a flipped bit is refused: it would move the line without a word."""

import json
from contextlib import suppress

from qa.calibration import CalibrationRecord
from qa.confidence import SHIPPED

RECORD = CalibrationRecord(
    SHIPPED, "2026-01-02T03:04:05+00:00", "asked", 100, 0.9, 0.9, 0.5, 0.9, 0.5,
    "gen-1", "c0ffee", "keywords", "f00d",
)  # fmt: skip


def test_no_flipped_bit_of_a_calibration_goes_unseen() -> None:
    whole = RECORD.to_json().encode()
    assert CalibrationRecord.from_json(whole.decode()) == RECORD
    seen = []
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            seen.append(CalibrationRecord.from_json(data.decode()))
    assert [record for record in seen if record != RECORD] == []


def test_one_of_before_digests_is_still_read() -> None:
    record = json.loads(RECORD.to_json())
    del record["digest"]
    assert CalibrationRecord.from_json(json.dumps(record)) == RECORD
