"""Fixtures for tests of the exchange."""

from pathlib import Path

import pytest

from autograder.course import Course
from tests.nbgrader.exchange import EXCHANGE


@pytest.fixture
def with_exchange(a_course: Course, tmp_path: Path) -> Path:
    """The inbound folder of the course's own exchange."""
    inbound = tmp_path / "exchange" / "tiny" / "inbound"
    inbound.mkdir(parents=True)
    (tmp_path / "exchange").chmod(0o777)
    with (a_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(EXCHANGE.format(root=str(tmp_path / "exchange")))
    return inbound
