"""Where the time goes in a submission: seconds by stage, each without the stages inside it. For `grade --profile`."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest import mock


@dataclass
class Stages:
    """Seconds by stage: on the clock, and of this process's CPU. Waiting for a worker is none of the latter."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    _inside: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def add(self, other: "Stages") -> None:
        """Count another process's stages in."""
        for name, (seconds, cpu) in other.seconds.items():
            self._count(name, seconds, cpu)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens meanwhile to this stage, and to none around it."""
        outer, mine = self._inside, [0.0, 0.0]
        self._inside = mine
        started, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            took, used = time.perf_counter() - started, time.process_time() - cpu
            self._count(name, took - mine[0], used - mine[1])
            outer[0] += took
            outer[1] += used
            self._inside = outer

    @contextmanager
    def watching(self, wanted: bool) -> Iterator[None]:
        """While this lasts, count the stages of a judge. It costs a little, so only where it is wanted."""
        if not wanted:
            yield
            return
        with ExitStack() as stack:
            for name, owner, attribute in judges_stages():
                real = getattr(owner, attribute)
                stack.enter_context(mock.patch.object(owner, attribute, self._counted(name, real)))
            with self.stage("other"):
                yield

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def counted(*arguments: Any, **options: Any) -> Any:
            with self.stage(name):
                return real(*arguments, **options)

        return counted

    def _count(self, name: str, seconds: float, cpu: float) -> None:
        known = self.seconds.setdefault(name, [0.0, 0.0])
        known[0] += seconds
        known[1] += cpu


def judges_stages() -> list[tuple[str, Any, str]]:
    """The stages of a judge, by the function that is each one's."""
    import nbformat
    import pytest

    from autograder.judge import judge, notebooks, pytest_plugin
    from autograder.sandbox.host import Sandbox
    from autograder.sandbox.session import Session

    return [
        ("read and repair", notebooks, "unpack"),
        ("fork and lock down", Sandbox, "fork"),
        ("end the worker", Sandbox, "end"),
        ("run the cells", Session, "_run_cells"),
        ("calls, there and back", Session, "_reply"),
        ("explain failures", pytest_plugin, "explain"),
        ("pytest and the checks", pytest, "main"),
        ("make the report", judge, "report"),
        ("fill the notebook", notebooks, "fill"),
        ("write JSON", nbformat.v4, "writes"),
    ]
