"""Record how a function reacts to a check's cases, so that two functions can be compared."""

from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
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
# A right answer is not kept: it differs from no other right one.
RIGHT_TENSOR, RIGHT = "a right tensor", "right"
# A known mistake gave no answer: nobody's reaction is like this one.
NO_ANSWER = "no answer"
# More cases than any check has.
ALL = 1000


@dataclass(frozen=True, slots=True)
class Reaction:
    """The outcome of one call: whether the check accepted it, and what was returned or raised where it did not.

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
        if (self.accepted, self.raised) != (other.accepted, other.raised) or not other.answered:
            return False
        return same_values(self.value, other.value) and same_values(self.how, other.how)

    def like(self, other: "Reaction") -> bool:
        """Return whether one check sees no difference: any exception counts for any other, any right answer too."""
        if self.accepted != other.accepted or self.telling != other.telling or not other.answered:
            return False
        return self.accepted or not self.telling or self.same_as(other)

    @property
    def telling(self) -> bool:
        """Return whether more than an exception's kind is known. Most mistakes raise one of a few kinds."""
        return not self.accepted and self.raised in ("", ANOTHER_ERROR)

    @property
    def of_tensors(self) -> bool:
        """Return whether tensors were returned. They tell more than a number or a bool does."""
        return isinstance(self.value, (torch.Tensor, tuple)) or (self.accepted and self.value == RIGHT_TENSOR)

    @property
    def answered(self) -> bool:
        """Return whether there was an answer at all."""
        return self.raised != NO_ANSWER


# The check's id and the number of the case.
At = tuple[str, int]
Reactions = Mapping[At, Reaction]
# The cases of one function by their numbers, for each check.
Cases = Mapping[str, Mapping[int, Case]]


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
    checks = (*checks_of(suite, function),)
    return dict(_each(checks, learner, _class_cases(checks, learner.key, function)))


def check_reactions(check: Check, learner: Learner, function: str, most: int = ALL) -> Reactions:
    """Return the reactions to the cases of one check that the class shares: the `most` largest. Raises NoAnswer."""
    return dict(_each((check,), learner, _class_cases((check,), learner.key, function, most)))


def own_reactions(suite: Suite, learner: Learner, function: str) -> Reactions:
    """Return the reactions to the cases that only this submission meets, numbered from -1 down. Raises NoAnswer."""
    checks = (*checks_of(suite, function),)
    cases = {check.id: check.drawn_for(learner.digest, learner.key) for check in checks}
    reactions = _each(checks, learner, _of_function(cases, function))
    return {(check, -1 - number): reaction for (check, number), reaction in reactions}


class KnownReactions(Mapping[At, Reaction]):
    """A known mistake's reactions to the cases that the class shares. A call is made when it is first asked for.

    Many mistakes differ from a learner's function in an early call, so that the later ones are never made. The calls
    before the one that is asked for come first, since a mistake may remember them.
    """

    def __init__(self, checks: Sequence[Check], mistake: KnownAnswer, key: Key | int, most: int = ALL) -> None:
        """Prepare the calls of the checks' cases for this key: the `most` largest of each check."""
        cases = _class_cases(checks, key, mistake.function, most)
        self._places = dict.fromkeys((check, number) for check, own in cases.items() for number in own)
        self._made: dict[At, Reaction] = {}
        self._left = _of_mistake(checks, mistake, key, cases)

    def __getitem__(self, at: At) -> Reaction:
        while at in self._places and at not in self._made:
            try:
                place, reaction = next(self._left)
            except NoAnswer:
                self._made |= dict.fromkeys(self._places, Reaction(False, raised=NO_ANSWER))
            else:
                self._made[place] = reaction
        return self._made[at]

    def __iter__(self) -> Iterator[At]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, at: object) -> bool:
        return at in self._places

    def keys(self) -> KeysView[At]:
        """Return the places of all calls, made or not."""
        return self._places.keys()


# Judges go from step to step. The largest bank of a step has 50 mistakes, so no more than one or two are kept.
@lru_cache(maxsize=256)
def known_check_reactions(check: Check, mistake: KnownAnswer, key: Key | int, most: int = ALL) -> Reactions:
    """Return a known mistake's reactions to the `most` largest cases of one check, computed once for a class."""
    return KnownReactions((check,), mistake, key, most)


@lru_cache(maxsize=64)
def known_reactions(suite: Suite, mistake: KnownAnswer, key: Key | int) -> Reactions:
    """Return a known mistake's reactions to the cases that the class shares. They are computed once for a class."""
    return KnownReactions((*checks_of(suite, mistake.function),), mistake, key)


def all_known_reactions(suite: Suite, mistake: KnownAnswer, learner: Learner) -> Reactions:
    """Return a known mistake's reactions to all cases that this learner meets; empty where one has no answer."""
    mistaken = Learner(InProcess(mistake.submission, PRELUDE), learner.key, digest=learner.digest)
    try:
        own = own_reactions(suite, mistaken, mistake.function)
    except NoAnswer:
        return {}
    return {**known_reactions(suite, mistake, learner.key), **own}


def _class_cases(checks: Iterable[Check], key: Key | int, function: str, most: int = ALL) -> Cases:
    # The smallest come first.
    return _of_function({check.id: check.drawn(key)[-most:] for check in checks}, function)


def _of_function(cases: Mapping[str, Sequence[Case]], function: str) -> Cases:
    return {
        check: {number: case for number, case in enumerate(drawn) if case.function == function}
        for check, drawn in cases.items()
    }


def _of_mistake(
    checks: Iterable[Check], mistake: KnownAnswer, key: Key | int, cases: Cases
) -> Iterator[tuple[At, Reaction]]:
    yield from _each(checks, Learner(InProcess(mistake.submission, PRELUDE), key), cases)


def _each(checks: Iterable[Check], learner: Learner, cases: Cases) -> Iterator[tuple[At, Reaction]]:
    """Yield the reaction to each case, check by check. Raises NoAnswer."""
    recorder = Recorder(learner)
    for check in checks:
        for place, (number, case) in enumerate(cases[check.id].items()):
            yield (check.id, number), _reaction(check, recorder, case)
            if place == 0:
                learner.ahead([*cases[check.id].values()][1:])


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
        right = isinstance(case.expected, (torch.Tensor, tuple)) and same_values(recorder.last.value, case.expected)
        return Reaction(False, recorder.last.value, how=_how(recorder.last) if right else None)
    # Where the check wants an exception, an accepted call leaves no answer.
    tensors = recorder.last is not None and isinstance(recorder.last.value, (torch.Tensor, tuple))
    return Reaction(True, RIGHT_TENSOR if tensors else RIGHT)


def _how(answer: Answer) -> list[Any]:
    """Return what is known of an answer besides its value: gradient, arguments after the call, matrix products."""
    # Among many small products, which ones there are differs from spelling to spelling; their number does not.
    products = len(answer.products) if len(answer.products) != 1 else repr(answer.products[0])
    return [answer.traits[0].requires_grad, *(answer.after or {}).values(), products]


def same_values(mine: Any, theirs: Any) -> bool:
    """Return whether two values are the same: equal types and shapes, and equal numbers within 1e-4."""
    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        if mine.shape != theirs.shape or mine.is_floating_point() != theirs.is_floating_point():
            return False
        if mine.dtype is theirs.dtype and torch.equal(mine, theirs):
            return True
        return bool(torch.allclose(mine.double(), theirs.double(), rtol=1e-4, atol=1e-4, equal_nan=True))
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and type(mine) is type(theirs) and all(same_values(*pair) for pair in pairs)
    return type(mine) is type(theirs) and bool(mine == theirs)
