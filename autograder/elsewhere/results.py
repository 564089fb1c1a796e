"""Write a report where another system looks for it, in its own format."""

import os
import tempfile
from pathlib import Path
from typing import Protocol

from autograder.elsewhere import classroom50, github, gradescope, prairielearn
from autograder.elsewhere.systems import Format
from autograder.report.report import Report


class Adapter(Protocol):
    """What each system's module has."""

    def result(self, report: Report) -> str: ...
    def no_verdict(self) -> str | None: ...
    def log(self, report: Report) -> list[str]: ...


ADAPTERS: dict[Format, Adapter] = {
    Format.GRADESCOPE: gradescope,
    Format.GITHUB: github,
    Format.CLASSROOM50: classroom50,
    Format.PRAIRIELEARN: prairielearn,
}


def write(report: Report | None, system: Format, path: Path) -> None:
    """Write the result file; without a report, the one that says that there is no verdict."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if system is Format.GITHUB:
        _append(report, path)
        return
    adapter = ADAPTERS[system]
    text = adapter.no_verdict() if report is None else adapter.result(report)
    if text is not None:
        _replace(path, text)


def log(report: Report, system: Format) -> list[str]:
    """Return what the system's log should hold."""
    return ADAPTERS[system].log(report)


def _append(report: Report | None, path: Path) -> None:
    """Add to the job summary, which earlier commands of the same step may have begun."""
    room = github.MOST_BYTES - (path.stat().st_size if path.exists() else 0)
    text = github.no_verdict() if report is None else github.summary(report, room)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _replace(path: Path, text: str) -> None:
    """Write a file at once or not at all. Where it is a link, replace the link: a student may have put it there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".result-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
