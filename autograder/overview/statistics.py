"""Count the results of a class, and measure its checks. Where numbers are too few to mean anything, there is none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, mean, median

from autograder.course import Assignment
from autograder.overview.class_data import ClassData, Entry, Result
from autograder.report.report import Look, Outcome

# With fewer learners, a share would say more about chance than about the check.
FEWEST_FOR_DIFFICULTY = 5
FEWEST_FOR_SHARE = 20
FEWEST_FOR_DISCRIMINATION, FEWEST_ON_A_SIDE = 20, 5
TENTHS = 10


@dataclass(frozen=True)
class CheckFigures:
    """How a class did on one check.

    `difficulty` is the share that failed among those for whom it was tried. `discrimination` is the correlation, over
    the same learners, between passing it and the share that they passed of the other checks that were tried for them.
    """

    id: str
    title: str
    passed: int
    failed: int
    skipped: int
    no_verdict: int
    difficulty: float | None
    discrimination: float | None

    @property
    def tried(self) -> int:
        """Return for how many learners it has a verdict."""
        return self.passed + self.failed


@dataclass(frozen=True)
class StepFigures:
    """How a class did on one assignment. `scores` are the final points, `judged` counts answers with checks."""

    assignment: Assignment
    learners: int
    counts: dict[Result, int]
    handed_in: int
    late: int
    changed: int
    automatic: int
    no_checks: int
    scores: tuple[float, ...]
    judged: int
    left_out: dict[Look, int]
    checks: tuple[CheckFigures, ...]

    @property
    def mean(self) -> float | None:
        """Return the mean of the final points; None if there are none."""
        return mean(self.scores) if self.scores else None

    @property
    def median(self) -> float | None:
        """Return the median of the final points; None if there are none."""
        return median(self.scores) if self.scores else None

    @property
    def graded(self) -> int:
        """Return how many hand-ins are graded as they stand, with a verdict or without."""
        return self.handed_in - self.counts[Result.NOT_GRADED]

    @property
    def missing(self) -> int:
        """Return how many learners have handed in nothing that was collected."""
        return self.learners - self.handed_in

    @property
    def tenths(self) -> list[int]:
        """Return how many scores begin each tenth of the points, and how many are full."""
        counts = [0] * (TENTHS + 1)
        for score in self.scores:
            # Rounded first: 0.7 of 1 point is 7 tenths, though 0.7 * 10 may be a little less.
            counts[max(0, min(TENTHS, int(round(score / self.assignment.points * TENTHS, 6))))] += 1
        return counts

    @property
    def hardest(self) -> list[CheckFigures]:
        """Return the checks with the highest difficulty; none if nobody failed, or too few came to any."""
        known = [check for check in self.checks if check.difficulty]
        most = max((check.difficulty or 0 for check in known), default=0)
        return [check for check in known if check.difficulty == most]


def figures(data: ClassData, assignment: Assignment) -> StepFigures:
    """Return how a class did on one assignment."""
    entries = data.of(assignment.id)
    answers = [entry for entry in entries if entry.has_answer]
    graded = [entry for entry in entries if entry.result is not Result.NOT_GRADED]
    counts = Counter(entry.result for entry in entries)
    looks = Counter(entry.looks[0] for entry in entries if entry.checks and not entry.has_answer)
    return StepFigures(
        assignment,
        learners=len(data.names),
        counts={result: counts[result] for result in Result},
        handed_in=len(entries),
        late=sum(entry.late for entry in entries),
        changed=sum(entry.changed for entry in entries),
        automatic=sum(entry.automatic for entry in graded),
        no_checks=sum(not entry.checks for entry in graded),
        scores=tuple(sorted(e.points for e in graded if e.points is not None and e.result is not Result.NO_VERDICT)),
        judged=len(answers),
        left_out=dict(looks),
        checks=tuple(_check(check.id, check.title, answers) for check in (answers[0].checks if answers else ())),
    )


def _check(name: str, title: str, answers: Sequence[Entry]) -> CheckFigures:
    outcomes = [{check.id: check.outcome for check in entry.checks} for entry in answers]
    counts = Counter(own.get(name) for own in outcomes)
    passed, failed = counts[Outcome.PASSED], counts[Outcome.FAILED]
    enough = passed + failed >= FEWEST_FOR_DIFFICULTY
    return CheckFigures(
        name,
        title,
        passed,
        failed,
        counts[Outcome.SKIPPED],
        counts[Outcome.ERROR],
        failed / (passed + failed) if enough else None,
        discrimination(name, outcomes),
    )


def discrimination(name: str, outcomes: Sequence[dict[str, Outcome]]) -> float | None:
    """Return the correlation between passing a check and the share passed of the others that were tried, or None.

    A skipped check counts on neither side: as a failure, it would speak for the check that it builds on.
    """
    own, others = list[float](), list[float]()
    for outcome in outcomes:
        tried = [value for check, value in outcome.items() if check != name and value in TRIED]
        if outcome.get(name) in TRIED and tried:
            own.append(outcome[name] is Outcome.PASSED)
            others.append(tried.count(Outcome.PASSED) / len(tried))
    sides = Counter(own)
    if len(own) < FEWEST_FOR_DISCRIMINATION or min(sides[True], sides[False]) < FEWEST_ON_A_SIDE:
        return None
    try:
        return correlation(own, others)
    except StatisticsError:
        # All did equally well on the other checks.
        return None


TRIED = frozenset((Outcome.PASSED, Outcome.FAILED))
