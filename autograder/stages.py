"""Measure where the time goes, for `grade --profile`: seconds by stage, each without the stages inside it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Stages:
    """Seconds by stage: on the clock, and of this process's CPU. Waiting for a worker takes no CPU time."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    # Seconds and CPU seconds of the stages inside the current one.
    inside: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def add(self, other: "Stages") -> None:
        """Add the stages of another process to these."""
        for name, (seconds, cpu) in other.seconds.items():
            self.count(name, seconds, cpu)

    @contextmanager
    def recording(self, wanted: bool = True) -> Iterator[None]:
        """Record every `stage` that is entered in this block."""
        if not wanted:
            yield
            return
        before = _recording.set(self)
        try:
            yield
        finally:
            _recording.reset(before)

    def count(self, name: str, seconds: float, cpu: float) -> None:
        """Add seconds and CPU seconds to one stage."""
        known = self.seconds.setdefault(name, [0.0, 0.0])
        known[0] += seconds
        known[1] += cpu


_recording: ContextVar[Stages | None] = ContextVar("stages", default=None)


class stage:
    """Add the time of a block, or of the calls of a function, to a stage, and not to the stages around it.

    Do nothing unless a Stages is recording.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._stages: Stages | None = None

    def __enter__(self) -> None:
        self._stages = _recording.get()
        if self._stages is not None:
            self._outer, self._stages.inside = self._stages.inside, [0.0, 0.0]
            self._started, self._cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *problem: object) -> None:
        if self._stages is not None:
            took, used = time.perf_counter() - self._started, time.process_time() - self._cpu
            inside, self._stages.inside = self._stages.inside, self._outer
            self._stages.count(self._name, took - inside[0], used - inside[1])
            self._outer[0] += took
            self._outer[1] += used

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def counted(*arguments: P.args, **options: P.kwargs) -> T:
            if _recording.get() is None:
                return function(*arguments, **options)
            with stage(self._name):
                return function(*arguments, **options)

        return counted
