"""A batch of submissions as it goes to a judge's process, on this machine or another, and what comes back.

Nothing in it leads to a file of the course: the judge needs the kit as it is installed where it runs, and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.course import Course
from autograder.grading.profile import Stages
from autograder.notebooks.intake import Parcel
from autograder.report.report import Report


@dataclass(frozen=True)
class Work:
    """A batch: what was handed in, and of the course what grading it needs, by assignment.

    Where judges were lost over a submission, `lost` says why: it is not looked at, and its report says so.
    """

    course: Course
    parcels: tuple[Parcel, ...]
    stubs: Mapping[str, str]
    preludes: Mapping[str, str]
    suites: Mapping[str, str]
    unsafe: bool = False
    profile: bool = False
    lost: str = ""


@dataclass(frozen=True)
class Judged:
    """One submission's report, and its notebook filled with it, as JSON text."""

    report: Report
    notebook: str


@dataclass(frozen=True)
class Batch:
    """What came of a batch, in the order of its parcels; `stages` where the time went, if that was asked."""

    judged: tuple[Judged, ...]
    stages: Stages = field(default_factory=Stages)
