"""Find when a function goes wrong: the simplest condition on a call that parts right calls from wrong ones.

It is a finding about calls, not a guess about the code. The calls are those of the failed check and, beside them, draws
from its spaces and from those of the function's other checks. Which call is made next depends on the conditions that
still fit: one that tells them apart. A condition is said only if it parts all calls made, with enough on both sides.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from autograder.explain.conditions import CONDITIONS, Call
from autograder.explain.unread import unread
from autograder.explain.where_it_fails import where_it_fails
from autograder.explain.wide_draw import one_more, with_other_numbers
from autograder.key import Key, derived
from autograder.report import condition_messages as messages
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check, Learner
from autograder.suite.load import Suite

# Calls drawn from one check's space, and calls made at first: of the check itself, and of each other check.
DRAWN, OWN, OTHERS = 100, 12, 3
# Calls on each side, over rows of options and sizes that all differ, before anything is said.
ENOUGH = 4
# Calls that are made again at the end, in a fresh worker.
REPEATED = 5
# Calls on each side that must agree with the condition: in all, and with each other condition true, and with it false.
CONFIRMING, EACH = 32, 2


@dataclass
class Sample:
    """Calls that may be made, as bits of whole numbers: bit n stands for call n.

    `references` give the right answers. `masks` tell for each condition where it holds; -1 where it does not apply to
    all calls. `asked` are the calls made, and `wrong` those that went wrong.
    """

    cases: list[Case]
    references: list[Callable[..., Any]]
    masks: list[int]
    asked: int = 0
    wrong: int = 0
    wrongs: list[Wrong] = field(default_factory=list)

    def fits(self, mask: int, within: int) -> bool:
        """Return whether a condition parts the calls made within a set of calls: it holds where they went wrong."""
        return not (mask ^ self.wrong) & self.asked & within


@dataclass(frozen=True)
class Found:
    """A condition of one or two phrases, within a set of calls.

    `mask` are the calls that should go wrong by it. `of_wrong` tells whether the phrases hold of these, or of the rest.
    """

    phrases: tuple[str, ...]
    mask: int
    of_wrong: bool
    within: int


def when_it_fails(suite: Suite, learner: Learner, check: Check, wrong: Wrong, calls: int) -> list[str]:
    """Return when, and where in the result, the function goes wrong, in a sentence each; none where nothing parts.

    Make at most `calls` calls. Raises NoAnswer.
    """
    own = [space for space in check.spaces if wrong.case and space.function == wrong.case.function]
    if not own or calls < 4 * ENOUGH:
        return []
    near, far = _other_checks(suite, learner, check, own[0])
    groups = [_drawn(each, own[0].function, learner.key) for each in (check, *near, *far)]
    cases = [case for group in groups for case in group.cases]
    sample = Sample(cases, [each for group in groups for each in group.references], _joined(groups))
    ask = _asking(learner, check, sample, calls - REPEATED)
    ends = [sum(len(group.cases) for group in groups[:count]) for count in range(1, len(groups) + 1)]
    for start, end, most in zip([0, *ends], ends, [OWN, *([OTHERS] * (len(groups) - 1))], strict=False):
        for at in range(start, min(end, start + most)):
            ask(at)
    everything, narrow = (1 << ends[-1]) - 1, (1 << ends[len(near)]) - 1
    found = None
    for within in (everything, narrow):
        found = found or _simplest(sample, within, ask)
    wrong_ones = [case for at, case in enumerate(sample.cases) if sample.asked & sample.wrong & narrow & 1 << at]
    names = unread(learner.session.submission, own[0].function, wrong_ones)
    words = messages.UNREAD.format(name=names[0]) if names else _sentence(sample, found, everything) if found else ""
    sentences = [words] if words else []
    place = where_it_fails(sample.wrongs)
    sentences += [place] if place else []
    if not sentences or not _repeats(learner, check, sample):
        return []
    return sentences


def _other_checks(suite: Suite, learner: Learner, check: Check, own: Space) -> tuple[list[Check], list[Check]]:
    """Return the other checks of the same calls: those that were passed, and those that were skipped."""
    # A body that looks at its case's row finds the same axes there.
    others = [
        each
        for each in suite.checks
        if each is not check
        and each.id not in learner.failed
        and any(space.function == own.function and set(space.axes) == set(own.axes) for space in each.spaces)
    ]
    skipped = _skipped(suite, learner.failed)
    return [each for each in others if each.id not in skipped], [each for each in others if each.id in skipped]


def _skipped(suite: Suite, failed: set[str]) -> set[str]:
    skipped: set[str] = set()
    for check in suite.checks:
        if check.id not in failed and set(check.after) & (failed | skipped):
            skipped.add(check.id)
    return skipped


@dataclass(frozen=True)
class Drawn:
    """Cases of one check with a tensor or a number as answer, and where each condition holds; None where it cannot."""

    cases: tuple[Case, ...]
    references: tuple[Callable[..., Any], ...]
    masks: tuple[int | None, ...]


@lru_cache(maxsize=512)
def _drawn(check: Check, function: str, key: Key | int) -> Drawn:
    """Return the check's own cases of a function, and further draws from its spaces: the same ones for a class."""
    spaces = [space for space in check.spaces if space.function == function]
    drawn = [(case, spaces[0].reference) for case in check.drawn(key) if case.function == function]
    drawn += [
        (case, space.reference)
        for space in spaces
        for number in range(DRAWN // len(spaces))
        for case in one_more(space, derived(key, "when it fails", check.id, number))
    ]
    drawn = [each for each in drawn if each[0].expected is not None]
    cases, references = tuple(case for case, _ in drawn), tuple(reference for _, reference in drawn)
    calls = [Call(case) for case in cases]
    masks = []
    for condition in CONDITIONS:
        values = [condition.holds(call) for call in calls]
        masks.append(None if None in values else sum(bool(value) << at for at, value in enumerate(values)))
    return Drawn(cases, references, tuple(masks))


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


def _asking(learner: Learner, check: Check, sample: Sample, calls: int) -> Callable[[int], bool]:
    """Return a function that makes a call of the sample, if it was not made yet and the budget allows it.

    A call that goes right is made again with other numbers: few whole numbers, or a maximum, may be right by chance.
    """
    left = calls

    def ask(at: int) -> bool:
        nonlocal left
        if sample.asked >> at & 1:
            return True
        if left < 2:
            return False
        sample.asked |= 1 << at
        for case in (sample.cases[at], with_other_numbers(sample.cases[at], sample.references[at], at)):
            left -= 1
            try:
                check.body(learner, case)
            except NoAnswer:
                raise
            except Wrong as wrong:
                wrong.case = wrong.case or case
                sample.wrong |= 1 << at
                sample.wrongs.append(wrong)
                break
        return True

    return ask


def _simplest(sample: Sample, within: int, ask: Callable[[int], bool]) -> Found | None:
    """Return the simplest condition that parts the calls within a set, after calls that could contradict it."""
    while True:
        fitting = _fitting(sample, within)
        if not fitting:
            return None
        best = fitting[0]
        at = _telling(sample, within, best, fitting[1:])
        if at is None:
            return best if _enough(sample, within) else None
        if not ask(at):
            return None


def _fitting(sample: Sample, within: int) -> list[Found]:
    """Return the conditions that part the calls made, the simplest first: one phrase, then two together."""
    applying = [(each, mask) for each, mask in zip(CONDITIONS, sample.masks, strict=True) if mask >= 0]
    single = [(each.phrase, mask) for each, mask in applying]
    found = [Found((phrase,), mask, True, within) for phrase, mask in single if sample.fits(mask, within)]
    if found:
        return found
    double = [(each.phrase, mask) for each, mask in applying if not each.alone]
    wrong, right = sample.wrong & sample.asked & within, ~sample.wrong & sample.asked & within
    for of_wrong, side in ((True, wrong), (False, right)):
        # Both phrases of a pair must hold on all of its side.
        holding = [(phrase, mask) for phrase, mask in double if not side & ~mask]
        for (one, first), (two, second) in combinations(holding, 2):
            mask = first & second
            if sample.fits(mask if of_wrong else ~mask, within):
                found.append(Found((one, two), mask if of_wrong else ~mask, of_wrong, within))
    return found


def _telling(sample: Sample, within: int, best: Found, rivals: Sequence[Found]) -> int | None:
    """Return a call that was not made and that could contradict the best condition; None where none is needed.

    First come calls in which a rival says something else, then calls on either side until enough have confirmed it.
    """
    left = within & ~sample.asked
    for rival in rivals:
        differing = (best.mask ^ rival.mask) & left
        if differing:
            return _one_of(differing)
    for side in (best.mask, ~best.mask):
        made = sample.asked & within & side
        # With every other condition true, and with it false.
        for mask in sample.masks:
            for part in (mask, ~mask) if mask >= 0 else ():
                if (made & part).bit_count() < EACH and side & left & part:
                    return _one_of(side & left & part)
        if made.bit_count() < CONFIRMING and side & left:
            return _one_of(side & left)
    return None


def _one_of(mask: int) -> int:
    """Return one of the calls: any, but always the same one of these."""
    calls = [at for at in range(mask.bit_length()) if mask >> at & 1]
    return random.Random(mask).choice(calls)


def _enough(sample: Sample, within: int) -> bool:
    """Return whether enough different calls were made on both sides."""
    for side in (sample.wrong, ~sample.wrong):
        made = [case for at, case in enumerate(sample.cases) if sample.asked & within & side & 1 << at]
        if len({_sort(case) for case in made}) < ENOUGH:
            return False
    return True


def _sort(case: Case) -> tuple[str, ...]:
    """Return what sort of call it is: its options and its sizes."""
    return tuple(
        f"{name} {tuple(value.shape) if hasattr(value, 'shape') else value}" for name, value in case.arguments.items()
    )


def _sentence(sample: Sample, found: Found, everything: int) -> str:
    kernel = "window" if Call(sample.cases[0]).kernel is None else "kernel"
    phrases = [phrase.format(kernel=kernel) for phrase in found.phrases]
    condition = messages.BOTH.format(first=phrases[0], second=phrases[1]) if len(phrases) > 1 else phrases[0]
    asked = sample.asked & found.within
    wrong, calls = (sample.wrong & asked).bit_count(), asked.bit_count()
    if found.within == everything:
        template = messages.WRONG_WHEN if found.of_wrong else messages.RIGHT_WHEN
    else:
        template = messages.WRONG_WHEN_HERE if found.of_wrong else messages.RIGHT_WHEN_HERE
    return template.format(condition=condition, wrong=wrong, right=calls - wrong, calls=calls)


def _repeats(learner: Learner, check: Check, sample: Sample) -> bool:
    """Return whether a fresh worker gives the same verdicts on some calls: nothing is said of chance or memory."""
    learner.session.renew()
    wrong_cases = [wrong.case for wrong in sample.wrongs]
    made = [at for at in range(len(sample.cases)) if sample.asked >> at & 1]
    wrong = [at for at in made if sample.wrong >> at & 1]
    right = [at for at in made if not sample.wrong >> at & 1]
    for at in (*right[-2:], *wrong[-2:], *right[:1])[:REPEATED]:
        try:
            check.body(learner, sample.cases[at])
        except NoAnswer:
            return False
        except Wrong:
            if not sample.wrong >> at & 1:
                return False
        else:
            if sample.cases[at] in wrong_cases:
                return False
    return True
