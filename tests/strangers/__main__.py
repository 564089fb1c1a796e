"""Grade the strangers as a learner's notebook is graded, and write docs/strangers.md: python tests/strangers"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from autograder import course, judge
from autograder.misconceptions.bank import Known
from autograder.report import Outcome, Report

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "strangers.md"
STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
HEAD = """\
# Wrong answers that the grader does not know

For each of the seven core steps ten wrong answers or more that are not in the bank of known mistakes, made up without
looking up what the hidden checks try. They are in `tests/strangers/`; a test holds that each loses points, and that
none is given a cause that it has not. Each is graded as `autograder check` grades a notebook, under the course's own
seed. This page is written by `python tests/strangers`.

“Nothing” under “named as” is the right answer for a mistake that is not in the bank: the grader rather says nothing
than guess. Where a name stands there, the mistake turned out to be in the bank after all, written in another way; it
does not count as one of the ten.

Two things came of it. Padding with −100 for the maximum kept every point at first, as it does in other kits: since then
the check also tries numbers below −10³⁰. And an answer that returned None for an unknown mode was told that it raised
an error of the wrong kind: a false cause, which is mended.
"""


def strangers(step: str) -> list[Known]:
    """A step's wrong answers, each in a notebook with right ones to the step's other functions."""
    module = loaded(step)
    return [
        Known(
            step=step,
            name=body.__name__,
            function=function,
            checks=(),
            says=body.__doc__,
            hint="",
            alias=body.__name__,
            before="",
            body=body,
            helpers=module.HELPERS,
        )
        for function, bodies in module.STRANGERS.items()
        for body in bodies
    ]


def loaded(step: str) -> ModuleType:
    """The module of a step; by its path, since some have the names of suites."""
    spec = importlib.util.spec_from_file_location(f"strangers_{step}", HERE / f"{step}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def graded(step: str) -> list[tuple[Known, Report]]:
    """The reports on a step's strangers."""
    known = strangers(step)
    return list(zip(known, judge.grade(course.load(ROOT), [each.submission for each in known]), strict=True))


def page(reports: dict[str, list[tuple[Known, Report]]]) -> str:
    """The page of the docs."""
    return "\n".join([HEAD, *(table(step, found) for step, found in reports.items())])


def table(step: str, found: list[tuple[Known, Report]]) -> str:
    """A step's part of the page."""
    heads = [f"## {step}\n", "| what is wrong | points | fails | named as |", "|---|---|---|---|"]
    return "\n".join([*heads, *(_row(known, report) for known, report in found), ""])


def _row(known: Known, report: Report) -> str:
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    named = sorted({check.misconception for check in failed if check.misconception})
    fails = ", ".join(check.id for check in failed)
    says = f"{known.says} (`{known.name}`)"
    return f"| {says} | {report.score:g} of {report.max_score:g} | {fails} | {', '.join(named) or 'nothing'} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page({step: graded(step) for step in STEPS}), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
