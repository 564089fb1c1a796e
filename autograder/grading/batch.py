"""A batch of submissions on its way to a judge, on this machine or another, and the result that comes back.

A batch holds no path into the course folder: all that a judge needs besides is the kit installed where it runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.course import Course
from autograder.notebooks.intake import RawSubmission
from autograder.report.report import Report
from autograder.stages import Stages


@dataclass(frozen=True)
class Batch:
    """Submissions to grade together, with the parts of the course that grading needs, by assignment.

    `crash_reason` is set if the submission has crashed its judges: it is not run again, and its report says why.
    """

    course: Course
    submissions: tuple[RawSubmission, ...]
    stubs: Mapping[str, str]
    preludes: Mapping[str, str]
    suites: Mapping[str, str]
    unsafe: bool = False
    profile: bool = False
    crash_reason: str = ""


@dataclass(frozen=True)
class GradedNotebook:
    """A submission's report, and the notebook that shows it as JSON text."""

    report: Report
    notebook: str


@dataclass(frozen=True)
class BatchResult:
    """A batch's graded notebooks, in the order of its submissions. If profiled, `stages` says where the time went."""

    graded: tuple[GradedNotebook, ...]
    stages: Stages = field(default_factory=Stages)
