"""What `citewell calibrate` keeps beside a knowledge base: a site's own scale and line."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.disk import replace
from index.errors import KnowledgeBaseError
from index.manifest import Manifest
from qa.confidence import Calibration

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class CalibrationRecord:
    """A calibration, the promise that it was made for, and what it was made from.

    `promise` is the share of answers that are to be right; `precision` and `coverage` are what the
    line gives on the `questions` it was chosen on: the share right among the answered, and the
    share answered. `expected_precision` and `expected_coverage` are the same out of fold. `made` is
    UTC in ISO 8601; `name` that of the question set.
    """

    calibration: Calibration
    made: str
    name: str
    questions: int
    promise: float
    precision: float
    coverage: float
    expected_precision: float
    expected_coverage: float
    generation: str
    corpus: str
    encoder: str
    fingerprint: str

    def __post_init__(self) -> None:
        on_its_own = (self.promise, self.precision, self.coverage)
        shares = (*on_its_own, self.expected_precision, self.expected_coverage)
        if not all(isinstance(share, float | int) and 0 <= share <= 1 for share in shares):
            raise ValueError(f"shares are numbers from 0 to 1, not {shares}")

    @property
    def promised(self) -> str:
        """The promise and what it costs, in words."""
        return f"{self.promise:.0%} of answers right; covers {self.coverage:.0%} of questions"

    @property
    def seen(self) -> str:
        """What came of it on its questions, and what to expect of others, in words."""
        return (
            f"on its questions {self.precision:.1%} were right; of others expect "
            f"{self.expected_precision:.1%} right, {self.expected_coverage:.0%} covered"
        )

    def changes(self, manifest: Manifest) -> Sequence[str]:
        """What has changed in the knowledge base since, a phrase each; none where nothing has."""
        changed = []
        if manifest.fingerprint != self.fingerprint:
            changed.append(f"the model was {self.encoder}, now {manifest.encoder}")
        if manifest.corpus != self.corpus:
            changed.append(f"the sources were those of {self.generation}")
        return changed

    def to_json(self) -> str:
        """As kept on disk."""
        return json.dumps({**asdict(self), "digest": self._digest}, indent=1) + "\n"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "CalibrationRecord":
        """What `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        record: dict[str, Any] = json.loads(text)
        digest = record.pop("digest", None)  # none where an older Citewell wrote it
        kept = cls(**{**record, "calibration": Calibration(**record["calibration"])})
        if digest is not None and digest != kept._digest:
            raise ValueError("it was altered since it was written")
        return kept


def stored(kb: Path) -> CalibrationRecord | None:
    """The record beside the knowledge base at `kb`; None where it was never calibrated."""
    path = kb / FILE
    try:
        return CalibrationRecord.from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise KnowledgeBaseError(
            f"{path}: is no calibration ({error}); calibrate again or remove the file"
        ) from error


def store(kb: Path, record: CalibrationRecord) -> None:
    """Keep the record beside the knowledge base; the old or the new is there, nothing between."""
    replace(kb / FILE, record.to_json().encode("ascii"))
