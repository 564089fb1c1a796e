"""Invent a class of any size: some learners are strong and some weak, and they make known mistakes."""

import base64
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from autograder.course import Course
from autograder.explain import counterexample
from autograder.explain.picture.draw import draw
from autograder.explain.shrink import smallest
from autograder.overview.class_data import ClassData, Entry, Result
from autograder.report.explanation_messages import LIKELY
from autograder.report.report import Look, Picture, Report
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, wrong_answers
from autograder.suite.load import load_suite
from tests.overview.made_up import DUE, Named, grade, report

# Drawing takes a third of a second each.
MOST_MISTAKES = 14


@cache
def named(step: str) -> tuple[tuple[KnownAnswer, Named], ...]:
    """Return known mistakes of a step with the picture of a real failure, as reports hold them."""
    checks = {check.id: check for check in load_suite(step).checks}
    found = []
    for known in wrong_answers(step)[:MOST_MISTAKES]:
        wrong = None if known.library else _wrong(known, checks[known.checks[0]])
        if wrong is not None:
            example = counterexample.counterexample(wrong)
            hint = LIKELY.format(description=known.description, hint=known.hint)
            found.append((known, Named(known.id, hint, example, draw(wrong, example))))
    return tuple(found)


def _wrong(known: KnownAnswer, check: Check) -> Wrong | None:
    learner = Learner(InProcess(known.submission, PRELUDE), 2026)
    try:
        check.try_all(learner)
    except Wrong as wrong:
        return smallest(learner, check, wrong, 60)
    return None


FIRST = ("Amara", "Bela", "Chidi", "Dewi", "Elif", "Goran", "Ines", "Mei", "Noor", "Quynh", "Sami", "Tove")
LAST = ("Abe", "Blum", "Costa", "Dahl", "Eze", "Gupta", "Ito", "Kaya", "Moreau", "Nkosi", "Rossi", "Tran")


def make_class(of: Course, learners: int, seed: int = 1) -> None:
    """Make up a class: some are strong and some weak, and who errs makes known mistakes, the first ones most often."""
    dice = random.Random(seed)
    strength = {f"{dice.choice(FIRST)}.{dice.choice(LAST)}{number:03}": dice.random() for number in range(learners)}
    for number, assignment in enumerate(of.assignments):
        for student, own in strength.items():
            if dice.random() < 0.9:
                when = DUE + timedelta(weeks=number, hours=8 - dice.expovariate(1 / 40))
                grade(of, student, _made_up(of, assignment.id, own, dice, named(assignment.id)), when)


def make_data(of: Course, learners: int, seed: int = 1) -> ClassData:
    """Return such a class with full names and without a file, its pictures as large as real ones."""
    dice = random.Random(seed)
    names = {f"{number:08}": f"{dice.choice(FIRST)} {dice.choice(LAST)}" for number in range(learners)}
    strength = {student: dice.random() for student in names}
    data = ClassData(of, of.assignments, names, {}, DUE + timedelta(weeks=len(of.assignments)))
    for number, assignment in enumerate(of.assignments):
        for student, own in strength.items():
            if dice.random() < 0.9:
                made = _made_up(of, assignment.id, own, dice, _with_noise(assignment.id))
                full, none = made.score == assignment.points, made.score == 0
                result = Result.NO_VERDICT if made.has_error else Result.FULL if full else Result.PARTLY
                data.entries[assignment.id, student] = Entry(
                    student,
                    assignment.id,
                    Result.NONE if none and not made.has_error else result,
                    made.score,
                    when=DUE + timedelta(weeks=number, hours=8 - dice.expovariate(1 / 40)),
                    deadline=DUE + timedelta(weeks=number),
                    checks=made.checks,
                    looks=made.looks,
                )
                for check in made.checks:
                    data.pictures.consider(assignment.id, check)
    return data


@cache
def _with_noise(step: str) -> tuple[tuple[KnownAnswer, Named], ...]:
    """Return known mistakes with noise for pictures: drawing them would take minutes."""
    dice = random.Random(step)
    return tuple(
        (known, Named(known.id, LIKELY.format(description=known.description, hint=known.hint), None, _noise(dice)))
        for known in wrong_answers(step)[:MOST_MISTAKES]
    )


def _noise(dice: random.Random) -> Picture:
    png = base64.b64encode(dice.randbytes(dice.randrange(3000, 9000))).decode()
    return Picture(alt="Picture of the call that goes wrong. " * 6, png=png, width=600)


def _made_up(
    of: Course, step: str, strength: float, dice: random.Random, mistakes: Sequence[tuple[KnownAnswer, Named]]
) -> Report:
    checks = load_suite(step).checks
    if dice.random() < 0.03:
        look = dice.choice((Look.EMPTY, Look.UNREADABLE))
        return report(of, "f" * len(checks), step=step, looks=(look,))
    outcomes: dict[str, str] = {}
    whys: dict[int, Named] = {}
    for number, check in enumerate(checks):
        if any(outcomes[before] != "p" for before in check.after):
            outcomes[check.id] = "s"
            continue
        # Most come past the first check, on which the others build.
        fails = dice.random() > (0.65 + 0.35 * strength if number else 0.9 + 0.1 * strength)
        outcomes[check.id] = "f" if fails else "e" if dice.random() < 0.003 else "p"
        fitting = [each for known, each in mistakes if check.id in known.checks]
        if fails and fitting and dice.random() < 0.7:
            whys[number] = fitting[min(int(dice.expovariate(0.9)), len(fitting) - 1)]
    return report(of, "".join(outcomes.values()), whys, step=step)
