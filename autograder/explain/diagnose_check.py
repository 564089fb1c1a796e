"""Name the known mistake behind one failed check, by the cases of this check alone.

A submission with several mistakes, or with a crash elsewhere, never answers all calls as one known mistake does. It
may still answer the calls of one check as that mistake does. Then the check gets the name: the mistake must fail it, a
wrong value must be the same, and where both raise, any exception counts for any other.
"""

from collections.abc import Sequence
from dataclasses import replace

from autograder.explain.reactions import (
    Reactions,
    all_known_reactions,
    check_reactions,
    known_check_reactions,
    known_reactions,
)
from autograder.key import Key, derived
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import KnownAnswer
from autograder.suite.load import Suite

# New cases are drawn this often: a number or a bool tells less than a tensor does.
KEYS, KEYS_FOR_NUMBERS = 2, 8


def diagnose_check(
    suite: Suite, learner: Learner, check: Check, known: Sequence[KnownAnswer], mine: Reactions
) -> KnownAnswer | None:
    """Return the known mistake that reacts to this check's cases as the learner does; None where none does.

    `mine` are the learner's reactions to all cases of the function. Of several mistakes that fit, the one that agrees
    with most of these is meant, then the first in the bank. Raises NoAnswer.
    """
    of_check = {at: reaction for at, reaction in mine.items() if at[0] == check.id}
    # The class's cases first: the bank's reactions to them are kept, and few mistakes need to meet this learner's own.
    shared = {at: reaction for at, reaction in of_check.items() if at[1] >= 0}
    alike = [one for one in known if _like_all(shared, known_reactions(suite, one, learner.key))]
    fitting = [one for one in alike if _fits(of_check, _only(check, all_known_reactions(suite, one, learner)))]
    tensors = any(reaction.of_tensors for reaction in of_check.values())
    for more in range(KEYS if tensors else KEYS_FOR_NUMBERS):
        if not fitting:
            return None
        other = replace(learner, key=Key(derived(learner.key, "more of a check", more).hex()))
        new = check_reactions(check, other, fitting[0].function)
        fitting = [one for one in fitting if _alike(new, known_check_reactions(check, one, other.key))]
    return max(fitting, key=lambda one: _agreement(mine, known_reactions(suite, one, learner.key)), default=None)


def _only(check: Check, reactions: Reactions) -> Reactions:
    return {at: reactions[at] for at in reactions if at[0] == check.id}


def _fits(mine: Reactions, theirs: Reactions) -> bool:
    """Return whether a mistake that fails this check explains it, by a wrong value or by the text of all exceptions."""
    rejected = {at: reaction for at, reaction in theirs.items() if not reaction.accepted}
    if not rejected or not _alike(mine, theirs):
        return False
    return any(reaction.telling for reaction in rejected.values()) or all(
        (mine[at].raised, mine[at].text) == (reaction.raised, reaction.text) for at, reaction in rejected.items()
    )


def _alike(mine: Reactions, theirs: Reactions) -> bool:
    return mine.keys() == theirs.keys() and _like_all(mine, theirs)


def _like_all(mine: Reactions, theirs: Reactions) -> bool:
    return all(reaction.like(theirs[at]) for at, reaction in mine.items())


def _agreement(mine: Reactions, theirs: Reactions) -> int:
    return sum(at in theirs and reaction.like(theirs[at]) for at, reaction in mine.items())
