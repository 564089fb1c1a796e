"""Grade a class and show the results: scores, submissions for a person to review, where the time went."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.course import Course
from autograder.grading import engine, lock
from autograder.grading.chosen import choose, skipped_folders
from autograder.grading.plan import Plan
from autograder.notebooks.submitted import alike
from autograder.report.counts import counted
from autograder.report.messages import NOT_FINAL
from autograder.report.report import Outcome
from autograder.stages import Stages
from autograder.terminal import changes as changing
from autograder.terminal import interrupt, keys
from autograder.terminal.console import console, plain
from autograder.terminal.exit_status import GRADED, INTERRUPTED, NO_VERDICT
from autograder.terminal.progress import Review, Score, Tally, end, following
from autograder.terminal.say import say
from autograder.terminal.tables import STYLES, show_scores, table

if TYPE_CHECKING:
    from autograder.feedback.early import EarlyPages

MOST_ROWS = 40
AUTOMATIC = "{count}: automatic scores, before late penalties and manual grading"
REVIEWS = "{count} for a person to review"
SUMMARY = "--table shows every student"
MORE = "and {count} more; --table and --json show all of them"


def run(
    course: Course,
    assignments: Sequence[str],
    students: Sequence[str] | None,
    plan: Plan,
    *,
    events: bool,
    every_student: bool,
    wait: bool,
    page: Path | None = None,
    early: "EarlyPages | None" = None,
) -> int:
    """Grade a class, show progress and results, and return the exit status. Raises Problem.

    If the plan collects changes, they are shown, too; `page` is the file to write them to. `early` makes feedback pages
    meanwhile.
    """
    changing.require_writable(page)
    folders = choose(course, assignments, students)
    assignments = list(dict.fromkeys(folder.assignment for folder in folders))
    keys.warn(course)
    tally = Tally(len(folders))
    if plan.changes:
        plan.changes.submissions = len(folders)
    try:
        with interrupt.finish_on_first(lambda: say(interrupt.FINISHING)) as interrupted:
            plan = replace(plan, stop=interrupted.is_set)
            if early:
                plan = replace(plan, idle=early.make_one)
            with (
                plan.stages.recording(plan.profile),
                lock.held(course, "grade", wait=wait),
                following(tally, events=events) as on_graded,
            ):
                for graded in engine.grade_each(course, assignments, students, plan):
                    on_graded(graded)
                    if early and not graded.cached:
                        early.add(graded.student, graded.assignment)
            if plan.changes and page:
                changing.write_page(course, plan.changes, page, dry_run=plan.dry_run)
            tally.sort(assignments)
            _show(tally, plan, events=events, every_student=every_student)
    except KeyboardInterrupt:
        stopped = interrupt.STOPPED_DRY.format(done=tally.done, total=tally.total)
        say(stopped if plan.dry_run else interrupt.STOPPED_AT_ONCE)
        return INTERRUPTED
    skipped = skipped_folders(course)
    for line in (*alike(course), *skipped):
        say(line)
    if tally.done < tally.total:
        say((interrupt.STOPPED_DRY if plan.dry_run else interrupt.STOPPED).format(done=tally.done, total=tally.total))
        return INTERRUPTED
    return NO_VERDICT if tally.has_error or skipped else GRADED


def _show(tally: Tally, plan: Plan, *, events: bool, every_student: bool) -> None:
    """Print the results as the last event, or for people; then where the time went, if the plan says so."""
    if events:
        changed = changing.as_data(plan.changes) if plan.changes else None
        end(tally, stopped=tally.done < tally.total, dry_run=plan.dry_run, changes=changed)
    else:
        if not plan.dry_run:
            show_class(console(), tally, every_student=every_student)
        if plan.changes:
            changing.show(console(), plan.changes, dry_run=plan.dry_run)
    if plan.profile:
        show_stages(console(stderr=True), plan.stages, tally)


def show_class(out: Console, tally: Tally, *, every_student: bool = False) -> None:
    """Print the scores, and the submissions for a person to review. A large class is summarized.

    `every_student` shows a large class in full.
    """
    title = AUTOMATIC.format(count=counted(tally.done, "submission"))
    if every_student or len({score.student for score in tally.scores}) <= MOST_ROWS:
        show_scores(out, title, tally.scores)
    else:
        _show_summary(out, title, tally.scores)
    out.print(plain(f"{counted(tally.done, 'submission')}: {tally.line()}"))
    if tally.has_error:
        out.print(Text(f"! {NOT_FINAL} They are marked for manual grading.", STYLES[Outcome.ERROR]))
    if tally.reviews:
        _show_reviews(out, sorted(tally.reviews), len(tally.reviews) if every_student else MOST_ROWS)


def _show_summary(out: Console, title: str, scores: Sequence[Score]) -> None:
    """Print one line per assignment."""
    points: dict[str, list[float]] = {}
    for score in scores:
        points.setdefault(score.assignment, []).append(score.points)
    rows = [[name, str(len(each)), f"{mean(each):.1f}", f"{median(each):g}"] for name, each in points.items()]
    numbers = ["submissions", "mean", "median"]
    out.print(plain(title, "bold"))
    out.print(table("", ["assignment", *numbers], rows, numbers=numbers))
    out.print(plain(SUMMARY))


def _show_reviews(out: Console, reviews: Sequence[Review], most: int) -> None:
    rows = [[review.student, review.assignment, "; ".join(review.reasons)] for review in reviews[:most]]
    out.print(plain(REVIEWS.format(count=counted(len(reviews), "submission")), "bold"))
    out.print(table("", ["student", "assignment", "why"], rows))
    if len(reviews) > most:
        out.print(plain(MORE.format(count=len(reviews) - most)))


def show_stages(out: Console, stages: Stages, tally: Tally) -> None:
    """Print where the time went: one line per stage, in milliseconds per submission."""
    count = max(1, tally.graded)
    rows = [
        [name, f"{seconds / count * 1000:.2f}", f"{cpu / count * 1000:.2f}"]
        for name, (seconds, cpu) in sorted(stages.seconds.items(), key=lambda each: -each[1][0])
    ]
    heads = ["stage", "ms per submission", "CPU ms of judge or parent"]
    out.print(table(f"Time per stage over {counted(count, 'submission')}", heads, rows, numbers=heads[1:]))
