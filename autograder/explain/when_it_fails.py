"""Find when a function goes wrong: the simplest condition on a call that parts right calls from wrong ones.

It is a finding about calls, not a guess about the code. The calls are those of the failed check, the one that learners
are shown, and draws from the check's spaces and from those of the function's other checks. Which call is made next
depends on the conditions that still fit: one that tells them apart. A condition is said only if it parts all calls
made, with enough on both sides.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from autograder.explain.call import Call
from autograder.explain.conditions import CONDITIONS
from autograder.explain.sample import REPEATED, Sample, drawn_calls, shown_calls
from autograder.explain.unread import unread
from autograder.explain.what_it_returns import what_it_returns
from autograder.explain.where_it_fails import where_it_fails
from autograder.report import condition_messages as messages
from autograder.sandbox.answers import Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check, Learner
from autograder.suite.load import Suite

# Calls made at first: of the check itself, and of each other check.
OWN, OTHERS = 12, 3
# Calls on each side, over rows of options and sizes that all differ, before anything is said.
ENOUGH = 4
# Calls on each side that must agree with the condition: in all, and with each other condition true, and with it false.
CONFIRMING, EACH = 48, 4


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
    """Return when the function goes wrong, and what or where the wrong part is: a sentence each, or none.

    All of it holds of the call of `wrong`, which learners are shown. Make at most `calls` calls. Raises NoAnswer.
    """
    own = [space for space in check.spaces if wrong.case and space.function == wrong.case.function]
    if wrong.case is None or not own or calls < 4 * ENOUGH:
        return []
    near, far = _other_checks(suite, learner, check, own[0])
    drawn = [drawn_calls(each, own[0].function, learner.key) for each in (check, *near, *far)]
    groups = [shown_calls(wrong.case, own[0].reference), *drawn]
    sample = Sample(learner, check, groups, calls - REPEATED)
    ends = [sum(len(group.cases) for group in groups[:count]) for count in range(1, len(groups) + 1)]
    for start, end, most in zip([0, *ends], ends, [OWN, OWN, *([OTHERS] * (len(drawn) - 1))], strict=False):
        for at in range(start, min(end, start + most)):
            sample.ask(at)
    everything, narrow = (1 << ends[-1]) - 1, (1 << ends[len(near) + 1]) - 1
    found = None
    for within in () if sample.always_the_same_error else (everything, narrow):
        found = found or _simplest(sample, within)
    wrong_ones = [case for at, case in enumerate(sample.cases) if sample.asked & sample.wrong & narrow & 1 << at]
    names = unread(learner.session.submission, own[0].function, wrong_ones)
    words = messages.UNREAD.format(name=names[0]) if names else _sentence(sample, found, everything) if found else ""
    sentences = [words] if words else []
    instead = what_it_returns(sample.wrongs, sample.references) or where_it_fails(sample.wrongs)
    sentences += [instead] if instead else []
    if not sentences or not sample.repeats():
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


def _simplest(sample: Sample, within: int) -> Found | None:
    """Return the simplest condition that parts the calls within a set, after calls that could contradict it."""
    tried: Found | None = None
    corners: Iterator[int] = iter(())
    while fitting := _fitting(sample, within):
        best = fitting[0]
        at = _telling(sample, within, best, fitting[1:])
        if at is not None:
            if not sample.ask(at):
                return None
            continue
        if best != tried:
            tried, corners = best, _corners(sample, within, best)
        at = next(corners, None)
        if at is None or not sample.ask(at):
            return best if _enough(sample, within) and not _hangs_on_the_shown_call(sample, best) else None
    return None


def _hangs_on_the_shown_call(sample: Sample, best: Found) -> bool:
    """Return whether one of two phrases would do but for the call that is shown, which may be wrong by chance."""
    drawn = best.within & ~sample.shown
    masks = [mask for each, mask in zip(CONDITIONS, sample.masks, strict=True) if each.phrase in best.phrases]
    alone = (mask if best.of_wrong else ~mask for mask in masks)
    return len(best.phrases) > 1 and any(sample.fits(mask, drawn) for mask in alone)


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


def _corners(sample: Sample, within: int, best: Found) -> Iterator[int]:
    """Yield calls for which two other conditions hold that did not hold together yet on the same side of the best."""
    masks = [mask for mask in sample.masks if mask >= 0]
    for (one, two), side in product(combinations(masks, 2), (best.mask, ~best.mask)):
        corner = one & two & side & within
        if corner and not corner & sample.asked:
            yield _one_of(corner)


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
