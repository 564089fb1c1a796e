"""The figures that a run of the benchmarks measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MB = 1e6


@dataclass(frozen=True)
class Figure:
    """One measurement. `more` holds figures that only this one has, by name."""

    part: str
    what: str
    count: int
    seconds: float
    cpu: float
    peak: int
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def seconds_each(self) -> float:
        """Seconds per submission: after imports if that is known, else of the whole command."""
        return self.more.get("seconds_after_imports", self.seconds) / max(1, self.count)

    @property
    def cpu_each(self) -> float:
        """CPU seconds per submission: of the loop alone for the floor, else of the whole command."""
        return self.more.get("loop_cpu", self.cpu) / max(1, self.count)
