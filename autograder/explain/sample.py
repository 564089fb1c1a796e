"""The calls that tell when a function goes wrong: the cases of checks, and further draws from their spaces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from autograder.explain.call import Call
from autograder.explain.conditions import CONDITIONS
from autograder.explain.wide_draw import one_more, turned, with_other_numbers
from autograder.key import Key, derived
from autograder.sandbox.answers import NoAnswer, Raised, Wrong
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner

# Calls drawn from one check's spaces.
DRAWN = 160
# Calls that are made again at the end, in a fresh worker.
REPEATED = 5


@dataclass(frozen=True)
class Drawn:
    """Cases of one check with a tensor or a number as answer, and where each condition holds; None where it cannot."""

    cases: tuple[Case, ...]
    references: tuple[Callable[..., Any], ...]
    masks: tuple[int | None, ...]


@lru_cache(maxsize=64)
def drawn_calls(check: Check, function: str, key: Key | int) -> Drawn:
    """Return the check's own cases of a function, and further draws from its spaces: the same ones for a class."""
    spaces = [space for space in check.spaces if space.function == function]
    drawn = [(case, spaces[0].reference) for case in check.drawn(key) if case.function == function]
    drawn += [
        (case, space.reference)
        for space in spaces
        for number in range(DRAWN // len(spaces))
        for case in one_more(space, derived(key, "when it fails", check.id, number))
    ]
    return _with_masks([each for each in drawn if each[0].expected is not None])


def shown_calls(case: Case, reference: Callable[..., Any]) -> Drawn:
    """Return the call that learners are shown, and the same with height and width exchanged, where that makes sense.

    It may be smaller than any draw. What is said must hold of it, too.
    """
    cases = [case, *turned(case, reference)]
    return _with_masks([(each, reference) for each in cases if each.expected is not None])


def _with_masks(drawn: Sequence[tuple[Case, Callable[..., Any]]]) -> Drawn:
    cases, references = tuple(case for case, _ in drawn), tuple(reference for _, reference in drawn)
    calls = [Call(case) for case in cases]
    masks = []
    for condition in CONDITIONS:
        values = [condition.holds(call) for call in calls]
        masks.append(None if None in values else sum(bool(value) << at for at, value in enumerate(values)))
    return Drawn(cases, references, tuple(masks))


@dataclass
class Sample:
    """Calls that may be made by one check, as bits of whole numbers: bit n stands for call n.

    The first group holds the call that learners are shown.
    `masks` tell for each condition where it holds; -1 where it does not apply to all calls. `asked` are the calls made,
    and `wrong` those that went wrong, with their answers in `wrongs` and what gives the right ones in `references`.
    `left` is how many more may be made, each of them once or twice.
    """

    learner: Learner
    check: Check
    groups: Sequence[Drawn]
    left: int
    asked: int = 0
    wrong: int = 0
    wrongs: list[Wrong] = field(default_factory=list)
    references: list[Callable[..., Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cases = [case for group in self.groups for case in group.cases]
        self.masks = _joined(self.groups)
        self._references = [each for group in self.groups for each in group.references]

    @property
    def shown(self) -> int:
        """Return the calls of the first group."""
        return (1 << len(self.groups[0].cases)) - 1

    def fits(self, mask: int, within: int) -> bool:
        """Return whether a condition parts the calls made within a set of calls: it holds where they went wrong."""
        return not (mask ^ self.wrong) & self.asked & within

    @property
    def always_the_same_error(self) -> bool:
        """Return whether every call so far raised the same exception with the same text: no condition parts those."""
        errors = {(wrong.kinds[:1], wrong.said) if isinstance(wrong, Raised) else None for wrong in self.wrongs}
        return self.wrong == self.asked and len(errors) == 1 and None not in errors

    def ask(self, at: int) -> bool:
        """Make a call, if it was not made yet. Return whether the budget allows it. Raises NoAnswer.

        A call that goes right is made again with other numbers: few whole numbers, or a maximum, may be right by
        chance.
        """
        if self.asked >> at & 1:
            return True
        if not self.left:
            return False
        self.left -= 1
        self.asked |= 1 << at
        for case in (self.cases[at], with_other_numbers(self.cases[at], self._references[at], at)):
            try:
                self.check.body(self.learner, case)
            except NoAnswer:
                raise
            except Wrong as wrong:
                wrong.case = wrong.case or case
                self.wrong |= 1 << at
                self.wrongs.append(wrong)
                self.references.append(self._references[at])
                break
        return True

    def repeats(self) -> bool:
        """Return whether a fresh worker gives the same verdicts on some calls: chance and memory do not count."""
        self.learner.session.renew()
        made = [at for at in range(len(self.cases)) if self.asked >> at & 1]
        wrong = [at for at in made if self.wrong >> at & 1]
        right = [at for at in made if not self.wrong >> at & 1]
        first_try = {id(wrong.case) for wrong in self.wrongs}
        for at in (*right[-2:], *wrong[-2:], *right[:1])[:REPEATED]:
            try:
                self.check.body(self.learner, self.cases[at])
            except NoAnswer:
                return False
            except Wrong:
                if at in right:
                    return False
            else:
                if id(self.cases[at]) in first_try:
                    return False
        return True


def _joined(groups: Sequence[Drawn]) -> list[int]:
    """Return where each condition holds in all groups together; -1 where it does not apply in some group."""
    joined = []
    for masks in zip(*(group.masks for group in groups), strict=True):
        total, shift = 0, 0
        for mask, group in zip(masks, groups, strict=True):
            total = -1 if mask is None or total < 0 else total | mask << shift
            shift += len(group.cases)
        joined.append(total)
    return joined
