"""Test whether the mistake that a report names is the one that was made, with calls that no report has seen.

A name is proved if the submission and the named known answer agree in every call of the function, under several other
keys: the same numbers, the same arguments afterwards, the same kind of error. The same kind of error says little, since
many mistakes raise it. So at least one wrong number must agree or, if there is none, every error message.

A name may also fit one check alone. Then the two must agree in every call of that check, with any error for any other.

If two mistakes are named together, each call in which only one of them shows must agree with that one. Most wrong calls
must be of this kind, and no other single mistake may explain all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import torch

from autograder.key import Key, derived
from autograder.sandbox.answers import Answer, Raised, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, wrong_answers
from autograder.suite.load import Suite

OTHER_KEYS = tuple(Key(derived(2718, "mutants", number).hex()) for number in range(4))


@dataclass(frozen=True)
class Outcome:
    """The outcome of one call. `error` is the exception's kind, and `text` its message."""

    passed: bool
    wants_an_error: bool
    value: Any = None
    after: Mapping[str, Any] | None = None
    products: int = 0
    error: str = ""
    text: str = ""

    def like(self, other: "Outcome") -> bool:
        """Return whether the two outcomes agree, except for the text of an error."""
        if self.passed != other.passed:
            return False
        if self.passed or self.wants_an_error:
            return bool(self.error) == bool(other.error)
        return (
            self.error == other.error
            and _alike(self.value, other.value)
            and _alike(self.after or {}, other.after or {})
        )


class Listener:
    """A learner that records the outcome of the last call."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.session, self.key, self.digest = learner.session, learner.key, learner.digest
        self.answer: Answer | None = None
        self.raised: Raised | None = None

    def call(self, case: Case, **options: Any) -> Answer:
        """Call the function as the learner does."""
        self.answer = self.raised = None
        try:
            self.answer = self._learner.call(case, **options)
        except Raised as raised:
            self.raised = raised
            raise
        return self.answer


def doubts(suite: Suite, learner: Learner, named: Mapping[str, str]) -> list[str]:
    """Return what contradicts the named mistakes, by check; empty if all are proved."""
    found = []
    for function in suite.functions:
        known = [one for one in wrong_answers(suite.id) if one.function == function]
        checks = {check.id for check in suite.checks if any(space.function == function for space in check.spaces)}
        ids = {name for check, name in named.items() if check in checks}
        mistakes = [one for one in known if one.id in ids]
        if mistakes and any(_doubts_of(suite, learner, function, mistakes, known)):
            found += _doubts_by_check(suite, learner, {one.id: one for one in mistakes}, named)
    unknown = {name for name in named.values() if name not in {one.id for one in wrong_answers(suite.id)}}
    return found + [f"no known mistake is called {name}" for name in sorted(unknown)]


def _doubts_by_check(
    suite: Suite, learner: Learner, mistakes: Mapping[str, KnownAnswer], named: Mapping[str, str]
) -> Iterator[str]:
    """Yield the names that the calls of their own check contradict."""
    for check in suite.checks:
        mistake = mistakes.get(named.get(check.id, ""))
        if mistake is None:
            continue
        helped = learner.with_help(check)
        mine = [each for key in OTHER_KEYS for each in _of_check(check, replace(helped, key=key), mistake.function)]
        theirs = [
            each
            for key in OTHER_KEYS
            for each in _of_check(check, Learner(InProcess(mistake.submission, PRELUDE), key), mistake.function)
        ]
        if not _is_one(mine, theirs, any_error=True):
            yield f"{check.id}: {mistake.function} answers other calls otherwise than {mistake.id}"


def _doubts_of(
    suite: Suite, learner: Learner, function: str, mistakes: Sequence[KnownAnswer], known: Sequence[KnownAnswer]
) -> Iterator[str]:
    helped = learner.with_help(*(check for check in suite.checks if check.spaces[0].function == function))
    mine = [outcome for key in OTHER_KEYS for outcome in outcomes(suite, replace(helped, key=key), function)]
    if len(mistakes) == 1:
        if _is_one(mine, _outcomes_of(suite, mistakes[0])):
            return
        # One of a pair may fail no check of its own.
        pairs = [(mistakes[0], other) for other in known if other is not mistakes[0] and not other.library]
    else:
        pairs = [(mistakes[0], mistakes[1])] if len(mistakes) == 2 else []
    alone = [other for other in known if other.alias not in {one.alias for one in mistakes} and not other.library]
    if any(_is_one(mine, _outcomes_of(suite, other)) for other in alone):
        pairs = []
    if not any(_is_pair(mine, _outcomes_of(suite, one), _outcomes_of(suite, two)) for one, two in pairs):
        yield f"{function} answers other calls otherwise than {' and '.join(one.id for one in mistakes)}"


@cache
def _outcomes_of(suite: Suite, one: KnownAnswer) -> list[Outcome]:
    session = InProcess(one.submission, PRELUDE)
    return [outcome for key in OTHER_KEYS for outcome in outcomes(suite, Learner(session, key), one.function)]


def outcomes(suite: Suite, learner: Learner, function: str) -> Iterator[Outcome]:
    """Yield a function's outcome in each case of the suite under the learner's key."""
    for check in suite.checks:
        yield from _of_check(check, learner, function)


def _of_check(check: Check, learner: Learner, function: str) -> Iterator[Outcome]:
    for case in check.drawn(learner.key) if any(space.function == function for space in check.spaces) else ():
        if case.function == function:
            listener = Listener(learner)
            try:
                check.body(listener, case)
                passed = True
            except Wrong:
                passed = False
            yield _outcome(listener, case, passed)


def _outcome(listener: Listener, case: Case, passed: bool) -> Outcome:
    wants = case.expected is None
    if listener.raised is not None:
        kinds = listener.raised.kinds
        return Outcome(passed, wants, error=kinds[0] if kinds else "?", text=listener.raised.said)
    answer = listener.answer
    if answer is None:
        return Outcome(passed, wants, error="no answer")
    return Outcome(passed, wants, answer.value, answer.after, len(answer.products))


def _is_one(mine: Sequence[Outcome], theirs: Sequence[Outcome], *, any_error: bool = False) -> bool:
    if len(mine) != len(theirs):
        return False
    for a, b in zip(mine, theirs, strict=True):
        both_raise = any_error and bool(a.error) and bool(b.error) and a.passed == b.passed
        if not both_raise and not a.like(b):
            return False
    failed = [(a, b) for a, b in zip(mine, theirs, strict=True) if not a.passed]
    return any(a.wants_an_error or not a.error for a, _ in failed) or (
        bool(failed) and all(a.text == b.text for a, b in failed)
    )


def _is_pair(mine: Sequence[Outcome], one: Sequence[Outcome], two: Sequence[Outcome]) -> bool:
    if not len(mine) == len(one) == len(two):
        return False
    alone: tuple[list[Outcome], list[Outcome]] = ([], [])
    together = 0
    for a, b, c in zip(mine, one, two, strict=True):
        if b.passed != c.passed and not a.like(c if b.passed else b):
            return False
        if b.passed == c.passed and a.passed != b.passed:
            return False
        together += not b.passed and not c.passed
        if b.passed != c.passed:
            alone[b.passed].append(c if b.passed else b)
    distinct = all(any(each.wants_an_error or not each.error for each in outcomes) for outcomes in alone)
    return distinct and len(alone[0]) + len(alone[1]) > together


def _alike(one: Any, two: Any) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor):
        same_sort = one.shape == two.shape and one.is_floating_point() == two.is_floating_point()
        return same_sort and torch.allclose(one.double(), two.double(), rtol=1e-4, atol=1e-4, equal_nan=True)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(_alike(one[name], two[name]) for name in one)
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        return len(one) == len(two) and all(_alike(*pair) for pair in zip(one, two, strict=True))
    return type(one) is type(two) and one == two
