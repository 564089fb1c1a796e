"""Record how a function reacts to a check's cases, so that two functions can be compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from autograder.key import Key
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer
from autograder.suite.load import Suite

# The call raised, but not the exception that the check wants. This must differ from returning None.
ANOTHER_ERROR = "another error"
# An exception was wanted, and something was returned that is no result, such as a text.
A_WORD = "no result"


@dataclass(frozen=True)
class Reaction:
    """The outcome of one call: whether the check accepted it, and what was returned or raised.

    `how` is what else is known of a right value that was rejected: how it was computed, and what the call changed.
    `text` is the exception's text, which may differ between two spellings of the same mistake. Where an exception is
    wanted, `value` only tells whether a result came instead: a text or an exception that is returned is a refusal, too.
    """

    accepted: bool
    value: Any = None
    raised: str = ""
    text: str = ""
    how: Any = None

    def same_as(self, other: "Reaction") -> bool:
        """Return whether this call cannot tell the two functions apart."""
        if (self.accepted, self.raised) != (other.accepted, other.raised):
            return False
        return _same(self.value, other.value) and _same(self.how, other.how)

    def like(self, other: "Reaction") -> bool:
        """Return whether one check sees no difference: any exception counts for any other, any right answer too."""
        if self.accepted != other.accepted or self.telling != other.telling:
            return False
        return self.accepted or not self.telling or self.same_as(other)

    @property
    def telling(self) -> bool:
        """Return whether more than an exception's kind is known. Most mistakes raise one of a few kinds."""
        return not self.accepted and self.raised in ("", ANOTHER_ERROR)


# By the check's id and the number of the case.
Reactions = Mapping[tuple[str, int], Reaction]


class Recorder:
    """A learner that remembers its last answer."""

    def __init__(self, learner: Learner) -> None:
        self.session, self.key, self.digest = learner.session, learner.key, learner.digest
        self._learner = learner
        self.last: Answer | None = None

    def call(self, case: Case, **options: Any) -> Answer:
        """Return the learner's answer and remember it."""
        self.last = None
        self.last = self._learner.call(case, **options)
        return self.last


def checks_of(suite: Suite, function: str) -> Iterable[Check]:
    """Yield the suite's checks that call a function."""
    return (check for check in suite.checks if any(space.function == function for space in check.spaces))


def class_reactions(suite: Suite, learner: Learner, function: str) -> Reactions:
    """Return the reactions to all cases that the class shares. Raises NoAnswer."""
    cases = {check.id: check.drawn(learner.key) for check in checks_of(suite, function)}
    return _reactions(checks_of(suite, function), learner, function, cases)


def check_reactions(check: Check, learner: Learner, function: str) -> Reactions:
    """Return the reactions to the cases of one check that the class shares. Raises NoAnswer."""
    return _reactions((check,), learner, function, {check.id: check.drawn(learner.key)})


@lru_cache(maxsize=4096)
def known_check_reactions(check: Check, mistake: KnownAnswer, key: Key | int) -> Reactions:
    """Return a known mistake's reactions to the cases of one check; empty where one of them has no answer."""
    try:
        return check_reactions(check, Learner(InProcess(mistake.submission, PRELUDE), key), mistake.function)
    except NoAnswer:
        return {}


def own_reactions(suite: Suite, learner: Learner, function: str) -> Reactions:
    """Return the reactions to the cases that only this submission meets, numbered from -1 down. Raises NoAnswer."""
    cases = {check.id: check.drawn_for(learner.digest, learner.key) for check in checks_of(suite, function)}
    reactions = _reactions(checks_of(suite, function), learner, function, cases)
    return {(check, -1 - number): reaction for (check, number), reaction in reactions.items()}


@lru_cache(maxsize=4096)
def known_reactions(suite: Suite, mistake: KnownAnswer, key: Key | int) -> Reactions:
    """Return a known mistake's reactions to the cases that the class shares; empty where one of them has no answer.

    They are computed once for a class.
    """
    try:
        return class_reactions(suite, Learner(InProcess(mistake.submission, PRELUDE), key), mistake.function)
    except NoAnswer:
        return {}


def all_known_reactions(suite: Suite, mistake: KnownAnswer, learner: Learner) -> Reactions:
    """Return a known mistake's reactions to all cases that this learner meets; empty where one has no answer."""
    mistaken = Learner(InProcess(mistake.submission, PRELUDE), learner.key, digest=learner.digest)
    try:
        own = own_reactions(suite, mistaken, mistake.function)
    except NoAnswer:
        return {}
    return {**known_reactions(suite, mistake, learner.key), **own}


def _reactions(
    checks: Iterable[Check], learner: Learner, function: str, cases: Mapping[str, Sequence[Case]]
) -> Reactions:
    recorder, reactions = Recorder(learner), {}
    for check in checks:
        own = [(number, case) for number, case in enumerate(cases[check.id]) if case.function == function]
        for number, case in own:
            reactions[check.id, number] = _reaction(check, recorder, case)
            if case is own[0][1]:
                learner.ahead([later for _, later in own[1:]])
    return reactions


def _reaction(check: Check, recorder: Recorder, case: Case) -> Reaction:
    recorder.last = None
    try:
        check.body(recorder, case)
    except NoAnswer:
        raise
    except Raised as raised:
        return Reaction(False, raised=raised.kinds[0] if raised.kinds else "?", text=raised.said)
    except Wrong:
        if recorder.last is None:
            return Reaction(False, raised=ANOTHER_ERROR)
        if case.expected is None:
            is_result = recorder.last.value is None or isinstance(recorder.last.value, torch.Tensor)
            return Reaction(False, "" if is_result else A_WORD)
        right = isinstance(case.expected, (torch.Tensor, tuple)) and _same(recorder.last.value, case.expected)
        return Reaction(False, recorder.last.value, how=_how(recorder.last) if right else None)
    # Where the check wants an exception, an accepted call leaves no answer.
    return Reaction(True, recorder.last.value if recorder.last else None)


def _how(answer: Answer) -> list[Any]:
    """Return what is known of an answer besides its value: gradient, arguments after the call, matrix products."""
    # Among many small products, which ones there are differs from spelling to spelling; their number does not.
    products = len(answer.products) if len(answer.products) != 1 else repr(answer.products[0])
    return [answer.traits[0].requires_grad, *(answer.after or {}).values(), products]


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        if mine.shape != theirs.shape or mine.is_floating_point() != theirs.is_floating_point():
            return False
        return bool(torch.allclose(mine.double(), theirs.double(), rtol=1e-4, atol=1e-4, equal_nan=True))
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and type(mine) is type(theirs) and all(_same(*pair) for pair in pairs)
    return type(mine) is type(theirs) and bool(mine == theirs)
