"""Say how learners are called on a page: by id and name, or by a number that nobody can look up."""

import json
import random
from collections.abc import Mapping
from pathlib import Path

from autograder.course import OVERVIEW, Course
from autograder.errors import Problem
from autograder.overview.written import write
from autograder.sanitize import clean, one_line

NUMBERS = "numbers.json"
MOST, ENOUGH = 60, 3000
DICE = random.SystemRandom()
NAMED, NUMBERED = "{} ({})", "learner {}"
REMOVE = "Remove it: each learner then gets another number."


def names(learners: Mapping[str, str]) -> dict[str, str]:
    """Return a label for each learner: the id, and the name if there is one. Both are cleaned and cut."""
    return {student: NAMED.format(_short(student), _short(name)) if name else _short(student)
            for student, name in learners.items()}  # fmt: skip


def numbers(course: Course, learners: Mapping[str, str]) -> dict[str, str]:
    """Return a random number for each learner, the same in each run. Raises Problem.

    The numbers are kept in a file, since numbers made from ids could be made again by anybody who knows the ids.
    """
    path = course.root / OVERVIEW / NUMBERS
    known = _read(path)
    missing = [student for student in learners if student not in known]
    # Far more than are needed: a number tells neither how many learners there are nor who came late.
    lowest = 1000 if len(known) + len(missing) < ENOUGH else 1_000_000
    given = set(known.values())
    for student in missing:
        while (number := DICE.randrange(lowest, 10 * lowest)) in given:
            pass
        known[student] = number
        given.add(number)
    if missing:
        write(path, json.dumps(known, indent=1) + "\n")
    return {student: NUMBERED.format(known[student]) for student in learners}


def _read(path: Path) -> dict[str, int]:
    """Return the numbers that were given before. Raises Problem if the file holds anything else."""
    try:
        numbers = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(numbers, dict) and all(isinstance(number, int) for number in numbers.values()):
            return numbers
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Problem(path, f"cannot be read ({error})", REMOVE) from error
    raise Problem(path, "holds something other than numbers of learners", REMOVE)


def _short(text: str) -> str:
    text = one_line(clean(text))
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
