"""Name the known mistake behind a failure, by comparing the submission's answers with those of known mistakes.

All of them answer the same calls. A mistake, or a pair of mistakes, is named where every answer is the same; a guess
would teach the wrong lesson. Then diagnose_check.py compares the cases of each failed check that has no name yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from autograder.explain.diagnose_check import diagnose_check
from autograder.explain.reactions import (
    ALL,
    Reactions,
    all_known_reactions,
    check_reactions,
    checks_of,
    class_reactions,
    known_check_reactions,
    known_reactions,
    own_reactions,
)
from autograder.explain.recall import recalling
from autograder.key import Key, derived
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import KnownAnswer, wrong_answers
from autograder.suite.load import Suite

# New cases are drawn at most this often, where the class's cases do not tell two mistakes apart.
MORE_KEYS = 3
# And at least this often: the mistake must explain these cases, too. A number or a bool says less than a tensor.
ENOUGH_KEYS, ENOUGH_KEYS_FOR_NUMBERS = 1, 8
# Of these cases, so many of each check are enough where tensors are returned: the largest, which tell most.
ENOUGH_CASES = 5

# One mistake, or two that a submission makes together.
Mistakes = tuple[KnownAnswer, ...]


def diagnose(suite: Suite, learner: Learner, failed: Sequence[str]) -> dict[str, KnownAnswer]:
    """Return the known mistake behind each failed check, where there is no doubt. Raises NoAnswer."""
    named: dict[str, KnownAnswer] = {}
    functions = {space.function for check in suite.checks if check.id in failed for space in check.spaces}
    for function in sorted(functions):
        known = [mistake for mistake in wrong_answers(suite.id) if mistake.function == function and not mistake.library]
        if not known:
            continue
        # Known mistakes run beside right helpers; so must the learner's function.
        helped = recalling(learner.with_help(*checks_of(suite, function)))
        mine = class_reactions(suite, helped, function)
        mistakes = _mistakes(suite, helped, function, known, mine)
        mine = {**mine, **own_reactions(suite, helped, function)}
        if mistakes:
            theirs = [all_known_reactions(suite, mistake, helped) for mistake in mistakes]
            named.update(_by_check(suite, function, failed, mistakes, theirs, mine))
        for check in checks_of(suite, function):
            if check.id in failed and check.id not in named:
                mistake = diagnose_check(suite, helped, check, known, mine)
                named.update({check.id: mistake} if mistake else {})
    return named


def _mistakes(suite: Suite, learner: Learner, function: str, known: Sequence[KnownAnswer], mine: Reactions) -> Mistakes:
    """Return the one mistake, or the one pair, that answers as this learner does; none where there is doubt."""
    if all(reaction.accepted for reaction in mine.values()):
        return ()
    # A mistake fails the checks that the bank says it fails, alone and in a pair: most are out without a call.
    rejected = {check for (check, _), reaction in mine.items() if not reaction.accepted}
    passed = {check for check, _ in mine} - rejected
    possible = [mistake for mistake in known if passed.isdisjoint(mistake.checks)]
    theirs = {mistake: known_reactions(suite, mistake, learner.key) for mistake in possible}
    fitting: list[Mistakes] = [(mistake,) for mistake in possible if _fits(mine, theirs[mistake])]
    fitting = fitting or [
        (first, second)
        for first, second in combinations(possible, 2)
        if _pair_fits(mine, theirs[first], theirs[second])
    ]
    failing = [check for check in checks_of(suite, function) if check.id in rejected]
    tensors = any(reaction.of_tensors for reaction in mine.values())
    enough = ENOUGH_KEYS if tensors else ENOUGH_KEYS_FOR_NUMBERS
    for more in range(max(MORE_KEYS, enough)):
        if not fitting or (more >= enough and _are_same(fitting)):
            break
        other = replace(learner, key=Key(derived(learner.key, "more", more).hex()))
        most = ENOUGH_CASES if tensors and more < enough else ALL
        mine_too = _joined(check_reactions(check, other, function, most) for check in failing)
        fitting = [
            mistakes
            for mistakes in fitting
            if _still_fit(mine_too, [_known_to(failing, mistake, other.key, most) for mistake in mistakes])
        ]
    return fitting[0] if _are_same(fitting) else ()


def _known_to(checks: Sequence[Check], mistake: KnownAnswer, key: Key | int, most: int) -> Reactions:
    """Return a known mistake's reactions to the `most` largest cases of some checks."""
    return _joined(known_check_reactions(check, mistake, key, most) for check in checks)


def _joined(of_checks: Iterable[Reactions]) -> Reactions:
    return {at: reaction for reactions in of_checks for at, reaction in reactions.items()}


def _are_same(fitting: Sequence[Mistakes]) -> bool:
    """Return whether these are one mistake, or one pair, under whatever names."""
    return len({tuple(mistake.alias for mistake in mistakes) for mistakes in fitting}) == 1


def _by_check(
    suite: Suite,
    function: str,
    failed: Sequence[str],
    mistakes: Sequence[KnownAnswer],
    reactions: Sequence[Reactions],
    mine: Reactions,
) -> dict[str, KnownAnswer]:
    """Return, for each failed check, the mistake that fails it and reacts as the learner does in at least one call.

    Return nothing where the submission's own cases tell the learner's function and the mistakes apart.
    """
    named: dict[str, KnownAnswer] = {}
    if not _still_fit(mine, reactions):
        return named
    for mistake, theirs in zip(mistakes, reactions, strict=True):
        for check in checks_of(suite, function):
            calls = [at for at in theirs if at[0] == check.id]
            if check.id in failed and any(not theirs[at].accepted and mine[at].same_as(theirs[at]) for at in calls):
                named.setdefault(check.id, mistake)
    return named


def _fits(mine: Reactions, theirs: Reactions) -> bool:
    """Return whether a mistake explains every reaction, and at least one rejected reaction sets it apart from the rest.

    Where every rejected call raises, the kind of the exception says too little: the text must be the same as well.
    """
    if not _equal(mine, theirs):
        return False
    rejected = {at: reaction for at, reaction in theirs.items() if not reaction.accepted}
    return any(reaction.telling for reaction in rejected.values()) or all(
        mine[at].text == reaction.text for at, reaction in rejected.items()
    )


def _still_fit(mine: Reactions, theirs: Sequence[Reactions]) -> bool:
    """Return whether a mistake, or a pair, explains other reactions as well."""
    return _equal(mine, theirs[0]) if len(theirs) == 1 else _pair_fits(mine, *theirs)


def _equal(mine: Reactions, theirs: Reactions) -> bool:
    return mine.keys() == theirs.keys() and all(reaction.same_as(theirs[at]) for at, reaction in mine.items())


def _pair_fits(mine: Reactions, first: Reactions, second: Reactions) -> bool:
    """Return whether each mistake alone explains some calls, and the two together explain all of them.

    Where both mistakes show in one call, their mixture is not known; the call only has to be rejected. So each mistake
    must explain some calls alone, by more than an exception, and such calls must outnumber the mixed ones.
    """
    alone, telling, together = [0, 0], [False, False], 0
    if not mine.keys() == first.keys() == second.keys():
        return False
    for at, reaction in mine.items():
        accepted = first[at].accepted, second[at].accepted
        if not (first[at].answered and second[at].answered):
            return False
        if all(accepted):
            if not reaction.accepted:
                return False
        elif not any(accepted):
            if reaction.accepted:
                return False
            together += 1
        else:
            which = 0 if accepted[1] else 1
            if not reaction.same_as((first, second)[which][at]):
                return False
            alone[which] += 1
            telling[which] |= reaction.telling
    return all(telling) and sum(alone) > together
