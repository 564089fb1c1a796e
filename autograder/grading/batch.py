"""A batch of submissions as it goes to a judge's process, on this machine or another, and what comes back.

Nothing in it leads to a file of the course: the judge needs the kit as it is installed where it runs, and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.course import Course
from autograder.notebooks.intake import RawSubmission
from autograder.report.report import Report
from autograder.stages import Stages


@dataclass(frozen=True)
class Batch:
    """Submissions to grade together, and what of the course grading them needs, by assignment.

    `lost` is the reason where a submission has crashed its judges: it is not run again, and its report says so.
    """

    course: Course
    submissions: tuple[RawSubmission, ...]
    stubs: Mapping[str, str]
    preludes: Mapping[str, str]
    suites: Mapping[str, str]
    unsafe: bool = False
    profile: bool = False
    lost: str = ""


@dataclass(frozen=True)
class GradedNotebook:
    """A submission's report, and the notebook that shows it, as JSON text."""

    report: Report
    notebook: str


@dataclass(frozen=True)
class BatchResult:
    """A batch's graded notebooks, in the order of its submissions; `stages` say where the time went, if profiled."""

    graded: tuple[GradedNotebook, ...]
    stages: Stages = field(default_factory=Stages)
