"""The proof of an assignment: its solution earns everything and its stub nothing, and the stub can be released."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbconvert.filters import strip_ansi
from nbgrader.validator import Validator
from traitlets.config import Config

from autograder import judge, notebook
from autograder.course import Course
from autograder.notebook import nbgrader_metadata, source_of
from autograder.problems import Problem
from autograder.report import Report
from autograder.sandbox.host import Sandbox

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
VISIBLE_CHECKS = "visible-checks"
NOT_IMPLEMENTED = "NotImplementedError"
# Shorter lines, such as `return output`, give nothing away and stand in many cells.
TELLING = 16
QUIET_KERNEL = Config({"Execute": {"extra_arguments": ["--IPKernelApp.log_level=40"]}})


@dataclass(frozen=True)
class Proof:
    """What was found of one assignment, in words for a table; `problems` says what does not hold."""

    assignment: str
    solution: str
    stub: str
    release: str
    leak: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def verify(
    course: Course, assignments: Sequence[str], *, seeds: int, on_step: Callable[[], None] = lambda: None
) -> list[Proof]:
    """Prove these assignments under `seeds` seeds, the course's own first. Raises Problem where a stub is missing.

    `on_step` is called once a seed and once an assignment.
    """
    for name in assignments:
        if not course.stub(name).is_file():
            raise Problem(
                course.stub(name), "the stub has not been generated", "Run `autograder release --only-stubs`."
            )
    tried: dict[str, tuple[list[Report], list[Report]]] = {name: ([], []) for name in assignments}
    with Sandbox(course.limits) as sandbox:
        for seed in range(course.seed, course.seed + seeds):
            papers = [
                notebook.read(path, name) for name in assignments for path in (course.master(name), course.stub(name))
            ]
            reports = iter(judge.grade(course.model_copy(update={"seed": seed}), papers, sandbox))
            for name in assignments:
                tried[name][0].append(next(reports))
                tried[name][1].append(next(reports))
            on_step()
    proofs = []
    for name in assignments:
        proofs.append(_prove(course, name, *tried[name]))
        on_step()
    return proofs


def _prove(course: Course, name: str, solved: list[Report], blank: list[Report]) -> Proof:
    lost = [_lost(report) for report in solved if report.has_error or report.score != report.max_score]
    gained = [
        f"seed {report.seed}: the stub earns {report.score:g}" for report in blank if report.score or report.has_error
    ]
    failing = release_problems(course.stub(name))
    leaks = [
        f"the stub holds a line of the solution: {line}" for line in leaked(course.master(name), course.stub(name))
    ]
    full = solved[0].max_score
    return Proof(
        assignment=name,
        solution=f"{full:g} of {full:g}" if not lost else f"loses under {len(lost)} of {len(solved)}",
        stub="0" if not gained else f"gains under {len(gained)} of {len(blank)}",
        release="only not implemented" if not failing else f"{len(failing)} problems",
        leak="yes" if not leaks else f"{len(leaks)} lines shown",
        problems=(*lost[:3], *gained[:3], *failing, *leaks),
    )


def _lost(report: Report) -> str:
    bad = [f"{check.id}: {check.message}" for check in report.checks if check.score != check.max_score]
    return f"seed {report.seed}: the solution earns {report.score:g} of {report.max_score:g} ({'; '.join(bad[:2])})"


def release_problems(stub: Path) -> list[str]:
    """What keeps a stub from being released, by nbgrader's own validation in a kernel.

    Every cell must run without an error and without a word on stderr, save the visible checks: they fail, and only
    because nothing is implemented yet.
    """
    # Imported here once, matplotlib builds its font cache now and does not speak of it in the stub.
    import matplotlib.font_manager  # noqa: F401

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    results = Validator(validate_all=True, config=QUIET_KERNEL).validate(str(stub))
    problems = [f"a cell's type was changed: {_first(cell)}" for cell in results.get("type_changed", ())]
    problems += [f"a locked cell was changed: {_first(cell)}" for cell in results.get("changed", ())]
    visible = {
        source_of(cell).strip() for cell in _cells(stub) if nbgrader_metadata(cell).get("grade_id") == VISIBLE_CHECKS
    }
    failed = results.get("failed", ())
    for cell in failed:
        said = strip_ansi(cell["raw_error"]).strip().splitlines()[-1]
        if cell["source"] not in visible:
            problems.append(f"the cell “{_first(cell)}” fails in the stub: {said}")
        elif not said.startswith(NOT_IMPLEMENTED):
            problems.append(f"the visible checks fail in the stub, but not for being not implemented: {said}")
    if not problems and not any(cell["source"] in visible for cell in failed):
        problems.append("the visible checks do not fail in the stub")
    return problems


def leaked(master: Path, stub: Path) -> list[str]:
    """Lines of the master's solution regions that stand in the stub as well."""
    shown = {line.strip() for cell in _cells(stub) for line in source_of(cell).splitlines()}
    hidden = (line for cell in _cells(master) for line in _regions(source_of(cell).splitlines()))
    return [line for line in dict.fromkeys(hidden) if len(line) >= TELLING and line in shown]


def _regions(lines: Iterable[str]) -> Iterable[str]:
    inside = False
    for line in map(str.strip, lines):
        inside = (inside or line == BEGIN) and line != END
        if inside and line != BEGIN and line:
            yield line


def _cells(path: Path) -> list[dict]:
    return notebook.load_notebook(path)["cells"]


def _first(cell: dict[str, str]) -> str:
    return cell["source"].splitlines()[0][:60] if cell["source"] else "(empty)"
