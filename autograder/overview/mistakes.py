"""Count the known mistakes of a class, and the failures that have no name."""

import re
from collections import Counter
from dataclasses import dataclass

from autograder.overview.class_data import ClassData
from autograder.report.explanation_messages import LIKELY
from autograder.report.report import CheckResult, Outcome, Picture

# The description is the first sentence; the hint follows it.
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
WORD = re.compile(r"[a-z]+(?=[ ,])")
BEGINS = LIKELY.partition("{")[0]


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what it is and the hint that learners read, who made it, and a picture of one failure."""

    assignment: str
    id: str
    sentence: str
    hint: str
    learners: tuple[str, ...]
    answers: int
    picture: Picture | None = None


@dataclass(frozen=True)
class Unnamed:
    """The failures of one assignment that have no name, by the titles of their checks, and who has them."""

    assignment: str
    failures: int
    learners: tuple[str, ...]
    titles: tuple[tuple[str, int], ...]
    all_failures: int


def mistakes(data: ClassData, assignment: str, *, only_numbers: bool = False) -> list[Mistake]:
    """Return the known mistakes in an assignment, commonest first. A learner counts once, however many checks fail.

    `only_numbers` leaves out pictures with words that a learner may have chosen.
    """
    learners: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    answers = [entry for entry in data.of(assignment) if entry.has_answer]
    for entry in answers:
        named = {check.misconception: check for check in entry.checks if check.misconception}
        for name, check in named.items():
            learners.setdefault(str(name), []).append(entry.student)
            texts.setdefault(str(name), _text(check))
    found = [
        Mistake(
            assignment,
            name,
            *_split(texts[name]),
            tuple(students),
            len(answers),
            data.pictures.of(assignment, name, only_numbers=only_numbers),
        )
        for name, students in learners.items()
    ]
    return sorted(found, key=lambda each: (-len(each.learners), each.id))


def unnamed(data: ClassData, assignment: str) -> Unnamed:
    """Return the failures in an assignment that are of no known mistake."""
    titles: Counter[str] = Counter()
    learners: dict[str, None] = {}
    failures = 0
    for entry in data.of(assignment):
        failed = [check for check in entry.checks if check.outcome is Outcome.FAILED] if entry.has_answer else []
        failures += len(failed)
        for check in failed:
            if not check.misconception:
                titles[check.title] += 1
                learners[entry.student] = None
    ranked = sorted(titles.items(), key=lambda each: (-each[1], each[0]))
    return Unnamed(assignment, titles.total(), tuple(learners), tuple(ranked), failures)


def _text(check: CheckResult) -> str:
    return (check.hint or "").removeprefix(BEGINS) or str(check.misconception).replace("-", " ")


def _split(text: str) -> tuple[str, str]:
    """Return the sentence that says what is wrong, and the hint."""
    sentence, *hint = SENTENCE.split(text, maxsplit=1)
    # The name of a function keeps its small letter.
    if WORD.match(sentence):
        sentence = sentence[0].upper() + sentence[1:]
    return sentence, "".join(hint)
