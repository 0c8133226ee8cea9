"""What one file may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on the reading of one file: time, memory of its process, bytes that come back.

    The largest files allowed (20 MB) set them, on two busy cores: Markdown took 42 s and 1.03 GB,
    and CSV came back as 67 MB.
    """

    seconds: float = 20
    seconds_per_mb: float = 5
    memory: int = 2_000_000_000
    reply: int = 128_000_000

    def seconds_for(self, size: int) -> float:
        """How long a file of this many bytes may take."""
        return self.seconds + self.seconds_per_mb * (size // 1_000_000)
