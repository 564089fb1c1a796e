"""The calls that an edit of a function must make pass: those of its checks, and wide draws from their spaces."""

from collections.abc import Iterator
from functools import lru_cache

from autograder.explain.reactions import checks_of
from autograder.explain.wide_draw import one_more
from autograder.key import Key, derived
from autograder.sandbox.answers import Wrong
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.load import Suite

# Wide draws from each space of a check.
WIDE = 12

Trial = tuple[Check, Case]


def one_of_each_check(suite: Suite, learner: Learner, function: str) -> Iterator[Trial]:
    """Yield the first call of a function that each check makes."""
    seen = set()
    for check, case in of_checks(suite, learner, function):
        if check.id not in seen:
            seen.add(check.id)
            yield check, case


def of_checks(suite: Suite, learner: Learner, function: str) -> Iterator[Trial]:
    """Yield all calls of a function that this learner's checks make."""
    for check in checks_of(suite, function):
        for case in (*check.drawn(learner.key), *check.drawn_for(learner.digest, learner.key)):
            if case.function == function:
                yield check, case


def wide(suite: Suite, key: Key | int, function: str) -> Iterator[Trial]:
    """Yield calls that mix options and sizes as no check does: an edit that mends the checks alone is no mend."""
    for check in checks_of(suite, function):
        yield from ((check, case) for case in _drawn_wide(check, function, key))


@lru_cache(maxsize=64)
def _drawn_wide(check: Check, function: str, key: Key | int) -> tuple[Case, ...]:
    spaces = [space for space in check.spaces if space.function == function]
    drawn = [
        case
        for space in spaces
        for number in range(WIDE)
        for case in one_more(space, derived(key, "edits", check.id, number))
    ]
    return tuple(case for case in drawn if case.expected is not None)


def passes(learner: Learner, check: Check, case: Case) -> bool:
    """Return whether a call goes right."""
    try:
        check.body(learner, case)
    except Wrong:
        return False
    return True
