"""Make an exchange for the course, and put submissions into it."""

import os
from pathlib import Path

from autograder.course import Course

EXCHANGE = """
c = get_config()
c.Exchange.root = {root!r}
c.ExchangeCollect.check_owner = False
"""


def submit(of: Course, inbound: Path, student: str, minute: int, day: int = 10) -> None:
    """Put a stub into the inbound folder, as if a student had handed it in on this day of January."""
    when = f"2027-01-{day} 10:{minute:02}:00.000000 UTC"
    folder = inbound / f"{student}+conv2d+{when}+{os.urandom(4).hex()}"
    folder.mkdir()
    (folder / "conv2d.ipynb").write_bytes(of.stub("conv2d").read_bytes())
    (folder / "timestamp.txt").write_text(when, encoding="ascii")
