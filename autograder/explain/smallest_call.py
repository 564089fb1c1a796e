"""Find the smallest call on which a function goes wrong: once for all learners who make the same known mistake."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.explain.reactions import same_values
from autograder.explain.shrink import how_wrong, smallest
from autograder.key import Key
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer


@dataclass(frozen=True)
class Smallest:
    """A call, how the mistake goes wrong on it, and the options that were switched off while the call shrank."""

    case: Case
    kind: tuple[str, ...]
    got: Any
    plain: dict[str, int]


def smallest_call(learner: Learner, check: Check, wrong: Wrong, mistake: KnownAnswer | None, calls: int) -> Wrong:
    """Return the learner's wrong answer to the smallest call on which the known mistake goes wrong.

    Where there is no mistake, or the learner's function does not go wrong on that call as the mistake does, find the
    smallest call of this learner, with as many `calls`. Raises NoAnswer.
    """
    known = _of_mistake(check, mistake, learner.key, calls) if mistake else None
    if known and wrong.case and (known.case.function, known.kind) == (wrong.case.function, how_wrong(wrong)):
        mine = _answer_to(known.case, learner, check)
        if mine and how_wrong(mine) == known.kind and same_values(mine.got, known.got):
            mine.shrunk, mine.plain = True, known.plain
            return mine
    return smallest(learner, check, wrong, calls)


def _answer_to(case: Case, learner: Learner, check: Check) -> Wrong | None:
    """Return the learner's answer to a call if it is wrong. Raises NoAnswer."""
    try:
        check.body(learner, case)
    except NoAnswer:
        raise
    except Wrong as wrong:
        wrong.case = wrong.case or case
        return wrong
    return None


@lru_cache(maxsize=128)
def _of_mistake(check: Check, mistake: KnownAnswer, key: Key | int, calls: int) -> Smallest | None:
    learner = Learner(InProcess(mistake.submission, PRELUDE), key)
    try:
        check.try_all(learner)
    except NoAnswer:
        return None
    except Wrong as wrong:
        found = smallest(learner, check, wrong, calls)
        return Smallest(found.case, how_wrong(found), found.got, {**found.plain}) if found.shrunk else None
    return None
