"""What holds `make fast` to its name: a test without a mark starts no process, and so no sandbox."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

# What takes a sandbox, or a course that nbgrader has released.
SLOW_FIXTURES = frozenset(("sandbox", "released"))
MARKS = ("slow", "long", "fuzz", "cluster")
STARTS = frozenset(("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"))


class FastTestsStartNothing:
    """Mark tests by their fixtures, and stop a test without a mark where it starts a process."""

    def __init__(self) -> None:
        self.fast = False
        # There is no way to take one back: it stays until pytest ends.
        sys.addaudithook(self._audit)

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Mark what uses a slow fixture, directly or by another one."""
        if SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch the test together with the fixtures that it is the first to use."""
        self.fast = not any(item.get_closest_marker(mark) for mark in MARKS)
        try:
            return (yield)
        finally:
            self.fast = False

    def _audit(self, event: str, _: tuple[Any, ...]) -> None:
        if self.fast and event in STARTS:
            raise AssertionError(f"{event}: a test that starts a process takes @pytest.mark.slow; see CONTRIBUTING.md")
