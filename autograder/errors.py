"""The one exception that is written for people: what is wrong, where, and what to do about it."""

from pathlib import Path
from typing import Self


class Problem(Exception):
    """Wrong usage or unreadable input. The command line prints it and exits with status 2."""

    def __init__(self, where: Path | str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}. {remedy}")
        self.where = str(where)
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        # A judge's process sends it to the parent. Without this, only its text would arrive.
        return type(self), (self.where, self.what, self.remedy)
