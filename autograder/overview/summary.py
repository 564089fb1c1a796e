"""Put together what the page, the terminal and the JSON say of a class, so that all three say the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course import Course
from autograder.errors import Problem
from autograder.overview import alike_words, labels
from autograder.overview.alike import Alike, alike
from autograder.overview.class_data import ClassData, load
from autograder.overview.headline import headline
from autograder.overview.hours import Hours, hours
from autograder.overview.mistakes import Mistake, Unnamed, mistakes, unnamed
from autograder.overview.needs_help import Needs, needs_help
from autograder.overview.statistics import StepFigures, figures

SCHEMA = "autograder/class/v1"
PROJECTED = "who shares what is for one person to look at, not for a page that a class may see"


@dataclass(frozen=True)
class Step:
    """One assignment of a class: figures, times, and failures without a name."""

    figures: StepFigures
    hours: Hours
    unnamed: Unnamed

    @property
    def id(self) -> str:
        """Return the assignment's id."""
        return self.figures.assignment.id


@dataclass(frozen=True)
class Summary:
    """A class at a glance. `labels` say how learners are called. `mistakes` are those of all steps, commonest first.

    `alike` is None unless somebody asked for it.
    """

    data: ClassData
    anonymous: bool
    labels: dict[str, str]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    needs_help: tuple[Needs, ...]
    headline: tuple[str, ...]
    alike: Alike | None = None

    @property
    def used(self) -> list[Step]:
        """Return the steps for which something was handed in."""
        return [step for step in self.steps if step.figures.handed_in]

    def by_label(self, students: Collection[str]) -> list[str]:
        """Return learners in an order that reveals no more than their labels do."""
        return sorted(students, key=lambda student: (self.labels[student], student))


def summarize(
    course: Course,
    assignments: Sequence[str],
    students: Collection[str] | None = None,
    *,
    anonymous: bool = False,
    compare: bool = False,
) -> Summary:
    """Return these learners, or the whole class, at a glance. Raises Problem."""
    if anonymous and compare:
        raise Problem("--alike", PROJECTED, "Leave out --anonymous, or --alike.")
    return of_data(load(course, assignments, students), anonymous=anonymous, compare=compare)


def of_data(data: ClassData, *, anonymous: bool = False, compare: bool = False) -> Summary:
    """Return a class at a glance, with names or with random numbers. Raises Problem.

    `compare` looks for hand-ins that are alike in a rare way.
    """
    steps = tuple(Step(figures(data, each), hours(data, each), unnamed(data, each.id)) for each in data.assignments)
    found = [mistake for each in data.assignments for mistake in mistakes(data, each.id, only_numbers=anonymous)]
    found.sort(key=lambda each: -len(each.learners))
    needing = needs_help(data)
    called = labels.numbers(data.course, data.names) if anonymous else labels.names(data.names)
    top = headline([step.figures for step in steps], found, len(needing))
    shared = alike(data) if compare else None
    return Summary(data, anonymous, called, steps, tuple(found), tuple(needing), tuple(top), shared)


def as_json(summary: Summary) -> dict[str, Any]:
    """Return a class at a glance for programs. Learners are ids, or the labels of an anonymous page."""
    needing = {_called(summary, [each.student])[0]: each.reasons for each in summary.needs_help}
    return {
        "schema": SCHEMA,
        "headline": summary.headline,
        "learners": _called(summary, summary.data.names),
        "steps": [_step(step) for step in summary.steps],
        "mistakes": [
            {
                "assignment": each.assignment,
                "id": each.id,
                "sentence": each.sentence,
                "learners": _called(summary, each.learners),
                "answers": each.answers,
            }
            for each in summary.mistakes
        ],
        "unnamed_failures": [
            {
                "assignment": step.id,
                "failures": step.unnamed.failures,
                "of": step.unnamed.all_failures,
                "learners": _called(summary, step.unnamed.learners),
            }
            for step in summary.steps
        ],
        "needs_help": len(needing) if summary.anonymous else needing,
        "scores": _scores(summary),
        "alike": alike_words.as_json(summary.alike) if summary.alike else None,
    }


def _called(summary: Summary, students: Collection[str]) -> list[str]:
    return [summary.labels[each] if summary.anonymous else each for each in summary.by_label(students)]


def _scores(summary: Summary) -> list[dict[str, Any]]:
    return [
        {
            "learner": _called(summary, [student])[0],
            "assignment": step.id,
            "result": entry.result,
            "points": entry.points,
            "late": entry.late,
            "checks": {check.id: check.outcome for check in entry.checks},
        }
        for step in summary.steps
        for student in summary.by_label(summary.data.names)
        if (entry := summary.data.entries.get((step.id, student)))
    ]


def _step(step: Step) -> dict[str, Any]:
    own = step.figures
    return {
        "assignment": step.id,
        "max_score": own.assignment.points,
        "learners": own.learners,
        "handed_in": own.handed_in,
        "results": own.counts,
        "late": own.late,
        "mean": own.mean,
        "median": own.median,
        "checks": [
            {
                "id": check.id,
                "title": check.title,
                "passed": check.passed,
                "failed": check.failed,
                "skipped": check.skipped,
                "no_verdict": check.no_verdict,
                "difficulty": check.difficulty,
                "discrimination": check.discrimination,
            }
            for check in own.checks
        ],
        "times": {
            "source": step.hours.source,
            "hand_ins": step.hours.hand_ins,
            "before_deadline": step.hours.spans,
            "learners_by_hand_ins": step.hours.often,
        },
    }
