"""Find what keeps a stub from being released: a cell that fails, or a line of the solution left in it."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbconvert.filters import strip_ansi
from nbgrader.validator import Validator
from traitlets.config import Config

from autograder.notebooks.read import load_notebook, nbgrader_metadata, source_of

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
VISIBLE_CHECKS = "visible-checks"
NOT_IMPLEMENTED = "NotImplementedError"
# Shorter lines, such as `return output`, reveal nothing and occur in many cells.
REVEALING_LENGTH = 16
QUIET_KERNEL = Config({"Execute": {"extra_arguments": ["--IPKernelApp.log_level=40"]}})


def release_problems(stub: Path) -> list[str]:
    """Return what keeps a stub from being released, by nbgrader's own validation in a kernel.

    Every cell must run without an error and print nothing on stderr, except the visible checks: they must fail because
    nothing is implemented yet. The cells of the hidden checks must fail, too: a learner who presses Validate before
    writing anything must not read that all tests pass.
    """
    # Importing matplotlib builds its font cache now, instead of in the stub with a message on stderr.
    import matplotlib.font_manager  # noqa: F401

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    results = Validator(validate_all=True, config=QUIET_KERNEL).validate(str(stub))
    problems = [f"a cell's type was changed: {_first(cell)}" for cell in results.get("type_changed", ())]
    problems += [f"a locked cell was changed: {_first(cell)}" for cell in results.get("changed", ())]
    cells = _cells(stub)
    visible = {source_of(cell).strip() for cell in cells if nbgrader_metadata(cell).get("grade_id") == VISIBLE_CHECKS}
    graded = [source_of(cell).strip() for cell in cells if nbgrader_metadata(cell).get("grade")]
    failed = [cell for cell in results.get("failed", ()) if cell["source"] not in graded]
    failing = {cell["source"] for cell in results.get("failed", ())}
    for cell in failed:
        lines = strip_ansi(cell["raw_error"]).strip().splitlines()
        error = lines[-1]
        if cell["source"] not in visible:
            problems.append(f"the cell “{_first(cell)}” fails in the stub: {error}")
        elif not any(line.startswith(NOT_IMPLEMENTED) for line in lines):
            problems.append(f"the visible checks fail in the stub, but not because nothing is implemented: {error}")
    if not problems and not any(cell["source"] in visible for cell in failed):
        problems.append("the visible checks do not fail in the stub")
    if not problems:
        passing = [source for source in graded if source not in failing]
        problems += [f"the cell “{_first({'source': source})}” passes in the stub" for source in passing]
    return problems


def leaked(master: Path, stub: Path) -> list[str]:
    """Return the lines of the master's solution regions that the stub contains as well."""
    shown = {line.strip() for cell in _cells(stub) for line in source_of(cell).splitlines()}
    hidden = (line for cell in _cells(master) for line in _solution_lines(source_of(cell).splitlines()))
    return [line for line in dict.fromkeys(hidden) if len(line) >= REVEALING_LENGTH and line in shown]


def _solution_lines(lines: Iterable[str]) -> Iterable[str]:
    inside = False
    for line in map(str.strip, lines):
        inside = (inside or line == BEGIN) and line != END
        if inside and line != BEGIN and line:
            yield line


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = load_notebook(path)["cells"]
    return cells


def _first(cell: dict[str, str]) -> str:
    return cell["source"].splitlines()[0][:60] if cell["source"] else "(empty)"
