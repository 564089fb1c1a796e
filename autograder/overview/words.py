"""The sentences about a step on the class page, each made from its numbers."""

from collections.abc import Sequence

from autograder.overview.hours import Hours, Source
from autograder.overview.mistakes import Unnamed
from autograder.overview.needs_help import listed
from autograder.overview.statistics import StepFigures
from autograder.report.counts import counted, rounded
from autograder.report.report import Look

CHANGED = "{count} not counted: changed since the last `autograder grade`, or what decides a report did."
UNGRADED = "{count} not counted: not graded yet."
AUTOMATIC = "{count} automatic: the gradebook has no final score."
NO_CHECKS = "{count} with a score but no report of the kit: not part of checks and mistakes."
WAITING = "{count} in the exchange and not yet collected."
SCORES = "{count} with final scores: mean {mean}, median {median} of {most} points."
LEFT_OUT = "Left out here: {parts}."
LOOKS = {Look.UNREADABLE: "that could not be read", Look.EMPTY: "without an answer", Look.WRONG_STEP: "of another step"}
UNNAMED = "{failures} of {all} in {step} have no name ({learners}). By check: {titles}."
UNNAMED_ONE = "1 of {all} in {step} has no name: “{title}”."
MOST_TITLES = 4
FROM_EXCHANGE = "{hand_ins} by {learners}, counted in the exchange: {often}."
FROM_TIMESTAMPS = (
    "The last hand-in of each learner, by its timestamp. "
    "The exchange holds no hand-in for this step, so earlier ones are not known."
)
UNDATED = "{count} without a timestamp."
PICTURES_LEFT_OUT = "Without a picture here, to keep the page small: {count}."
NO_DUE_DATE = "The step has no due date."


def notes_on(figures: StepFigures, waiting: int) -> list[str]:
    """Return what a reader must know to read a step's numbers rightly."""
    ungraded = figures.handed_in - figures.graded - figures.changed
    numbers = (
        (CHANGED, figures.changed),
        (UNGRADED, ungraded),
        (AUTOMATIC, figures.automatic),
        (NO_CHECKS, figures.no_checks),
        (WAITING, waiting),
    )
    return [words.format(count=counted(number, "hand-in")) for words, number in numbers if number]


def scores(figures: StepFigures) -> str:
    """Return the middle of the scores in words; empty if there are none."""
    if figures.mean is None or figures.median is None:
        return ""
    return SCORES.format(
        count=counted(len(figures.scores), "hand-in"),
        mean=rounded(figures.mean),
        median=rounded(figures.median),
        most=rounded(figures.assignment.points),
    )


def left_out(figures: StepFigures) -> str:
    """Return which hand-ins have no answer that could be judged; empty if all have one."""
    parts = [f"{counted(count, 'hand-in')} {LOOKS[look]}" for look, count in figures.left_out.items()]
    return LEFT_OUT.format(parts=listed(parts)) if parts else ""


def unnamed(found: Unnamed) -> str:
    """Return how many failures of a step have no name; empty if all have one."""
    if not found.failures:
        return ""
    all_failures = counted(found.all_failures, "failure")
    if found.failures == 1:
        return UNNAMED_ONE.format(all=all_failures, step=found.assignment, title=found.titles[0][0])
    titles = [f"“{title}” {count}" for title, count in found.titles[:MOST_TITLES]]
    more = found.failures - sum(count for _, count in found.titles[:MOST_TITLES])
    return UNNAMED.format(
        failures=found.failures,
        all=all_failures,
        step=found.assignment,
        learners=counted(len(found.learners), "learner"),
        titles=", ".join([*titles, *([f"others {more}"] if more else [])]),
    )


def pictures_left_out(count: int) -> str:
    """Return how many mistakes have a picture that the page has no room for; empty if there are none."""
    return PICTURES_LEFT_OUT.format(count=counted(count, "more mistake")) if count else ""


def times(hours: Hours) -> list[str]:
    """Return where the times are from, and how often learners handed in."""
    if not hours.hand_ins:
        return []
    if hours.source is Source.EXCHANGE:
        lines = [
            FROM_EXCHANGE.format(
                hand_ins=counted(hours.hand_ins, "hand-in"),
                learners=counted(sum(hours.often.values()), "learner"),
                often=_often(hours.often),
            )
        ]
    else:
        lines = [FROM_TIMESTAMPS]
    lines += [UNDATED.format(count=counted(hours.undated, "hand-in"))] if hours.undated else []
    return lines + ([] if hours.spans else [NO_DUE_DATE] if hours.undated < hours.hand_ins else [])


def _often(often: dict[int, int]) -> str:
    """Return how many learners handed in how often: "9 once, 2 twice, 1 more often"."""
    more = sum(count for times, count in often.items() if times > 2)
    parts: Sequence[tuple[str, int]] = (("once", often.get(1, 0)), ("twice", often.get(2, 0)), ("more often", more))
    return ", ".join(f"{count} {words}" for words, count in parts if count)
