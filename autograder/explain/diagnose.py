"""Which known mistake is it? A failing submission's answers, compared with those of the known-wrong answers.

The same calls are put to both. Only where every answer is the same as that of one known mistake, or of one pair of
them, is anything said; a guess would teach the wrong lesson.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import torch

from autograder.key import Key, derived
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, Known, misconceptions
from autograder.suite.load import Suite

# How often cases are drawn anew at most, where those of the class do not tell two mistakes apart.
MORE_KEYS = 3
# How often they are in any case: a name must fit them, too. A whole number, or a yes or no, tells less of how it was
# come by than a tensor does.
ENOUGH_KEYS, ENOUGH_KEYS_FOR_NUMBERS = 1, 8
ANOTHER_ERROR = "another error"


@dataclass(frozen=True)
class Reaction:
    """What one call came to: whether the check took it, and what was returned or raised.

    `how` is what is wrong with a right value: how it was computed, or what else the call did. `said` is the exception's
    own text; another spelling of a mistake may well raise the same exception with another text.
    """

    fine: bool
    value: Any = None
    raised: str = ""
    said: str = ""
    how: Any = None

    def same_as(self, other: "Reaction") -> bool:
        """True where nobody could tell the two apart by this call."""
        if (self.fine, self.raised) != (other.fine, other.raised):
            return False
        return _same(self.value, other.value) and _same(self.how, other.how)

    @property
    def telling(self) -> bool:
        """True where it is known from more than an exception's kind: most mistakes end in one of a few."""
        return not self.fine and self.raised in ("", ANOTHER_ERROR)


class Recorder:
    """A learner that remembers the last answer."""

    def __init__(self, learner: Learner) -> None:
        self.session, self.key, self.digest = learner.session, learner.key, learner.digest
        self._learner = learner
        self.last: Answer | None = None

    def call(self, case: Case, **options: Any) -> Answer:
        self.last = None
        self.last = self._learner.call(case, **options)
        return self.last


Reactions = dict[tuple[str, int], Reaction]


def diagnose(suite: Suite, learner: Learner, failed: Sequence[str]) -> dict[str, Known]:
    """For each failed check the known mistake behind it, where there is no doubt. Raises NoAnswer where one stops."""
    found: dict[str, Known] = {}
    functions = {space.function for check in suite.checks if check.id in failed for space in check.spaces}
    for function in sorted(functions):
        known = [one for one in misconceptions(suite.id) if one.function == function and not one.library]
        if known:
            # The known mistakes were made beside right helpers.
            helped = learner.with_help(*_checks_of(suite, function))
            mine = reactions(suite, helped, function)
            mistakes = _mistakes(suite, helped, function, known, mine)
            if mistakes:
                mine |= _own_reactions(suite, helped, function)
                theirs = [_all_reactions(suite, mistake, helped) for mistake in mistakes]
                found.update(_by_check(suite, function, failed, mistakes, theirs, mine))
    return found


def _mistakes(
    suite: Suite, learner: Learner, function: str, known: list[Known], mine: Mapping[Any, Reaction]
) -> tuple[Known, ...]:
    """The one known mistake, or the pair, that answers as this learner does; none where there is doubt."""
    if all(reaction.fine for reaction in mine.values()):
        return ()
    theirs = {mistake: known_reactions(suite, mistake, learner.key) for mistake in known}
    fitting: list[tuple[Known, ...]] = [(mistake,) for mistake in known if _fits(mine, theirs[mistake])]
    fitting = fitting or [pair for pair in combinations(known, 2) if _explains(mine, *(theirs[one] for one in pair))]
    tensors = any(isinstance(reaction.value, (torch.Tensor, tuple)) for reaction in mine.values())
    enough = ENOUGH_KEYS if tensors else ENOUGH_KEYS_FOR_NUMBERS
    for more in range(max(MORE_KEYS, enough)):
        if not fitting or (more >= enough and _is_one(fitting)):
            break
        other = replace(learner, key=Key(derived(learner.key, "more", more).hex()))
        mine_too = reactions(suite, other, function)
        fitting = [fit for fit in fitting if _still(mine_too, [known_reactions(suite, one, other.key) for one in fit])]
    return fitting[0] if _is_one(fitting) else ()


def _is_one(fitting: Sequence[tuple[Known, ...]]) -> bool:
    """True where these are one mistake, or one pair, under whatever names."""
    return len({tuple(one.alias for one in fit) for fit in fitting}) == 1


def _by_check(
    suite: Suite,
    function: str,
    failed: Sequence[str],
    mistakes: Sequence[Known],
    reacted: Sequence[Reactions],
    mine: Reactions,
) -> dict[str, Known]:
    """Each failed check with the mistake that fails it: by a call, at least, in which it alone is to be seen.

    None where the cases of this submission alone tell the learner's answer from the mistake.
    """
    found: dict[str, Known] = {}
    if not _still(mine, reacted):
        return found
    for mistake, theirs in zip(mistakes, reacted, strict=True):
        for check in _checks_of(suite, function):
            calls = [at for at in theirs if at[0] == check.id]
            if check.id in failed and any(not theirs[at].fine and mine[at].same_as(theirs[at]) for at in calls):
                found.setdefault(check.id, mistake)
    return found


def reactions(suite: Suite, learner: Learner, function: str) -> Reactions:
    """What a learner's function came to in every case of the class that calls it. Raises NoAnswer."""
    cases = {check.id: check.drawn(learner.key) for check in _checks_of(suite, function)}
    return _reactions(suite, learner, function, cases)


def _own_reactions(suite: Suite, learner: Learner, function: str) -> Reactions:
    """What it came to in the cases of this submission alone, numbered from -1 down."""
    cases = {check.id: check.drawn_for(learner.digest, learner.key) for check in _checks_of(suite, function)}
    found = _reactions(suite, learner, function, cases)
    return {(check, -1 - number): reaction for (check, number), reaction in found.items()}


def _all_reactions(suite: Suite, mistake: Known, learner: Learner) -> Reactions:
    """What a known mistake comes to in all the cases that this submission meets."""
    own = Learner(InProcess(mistake.submission, PRELUDE), learner.key, digest=learner.digest)
    try:
        return {**known_reactions(suite, mistake, learner.key), **_own_reactions(suite, own, mistake.function)}
    except NoAnswer:
        return {}


def _reactions(suite: Suite, learner: Learner, function: str, cases: Mapping[str, Sequence[Case]]) -> Reactions:
    recorder = Recorder(learner)
    return {
        (check.id, number): _reaction(check, recorder, case)
        for check in _checks_of(suite, function)
        for number, case in enumerate(cases[check.id])
        if case.function == function
    }


@lru_cache(maxsize=4096)
def known_reactions(suite: Suite, mistake: Known, key: Key | int) -> Mapping[tuple[str, int], Reaction]:
    """What a known mistake comes to; computed once for a class."""
    try:
        return reactions(suite, Learner(InProcess(mistake.submission, PRELUDE), key), mistake.function)
    except NoAnswer:
        return {}


def _reaction(check: Check, recorder: Recorder, case: Case) -> Reaction:
    recorder.last = None
    try:
        check.body(recorder, case)
    except NoAnswer:
        raise
    except Raised as raised:
        return Reaction(False, raised=raised.kinds[0] if raised.kinds else "?", said=raised.said)
    except Wrong:
        if recorder.last is None:
            # The call raised what the check does not take for the error that it wants; that is not the same as None.
            return Reaction(False, raised=ANOTHER_ERROR)
        right = isinstance(case.expected, (torch.Tensor, tuple)) and _same(recorder.last.value, case.expected)
        return Reaction(False, recorder.last.value, how=_how(recorder.last) if right else None)
    # Where the check wants an exception, a fine reaction leaves no answer.
    return Reaction(True, recorder.last.value if recorder.last else None)


def _how(answer: Answer) -> list[Any]:
    """All else that is known of an answer: its gradient, the arguments after the call, and the products made."""
    # Which one of many small products there are differs from spelling to spelling; how many does not.
    products = len(answer.products) if len(answer.products) != 1 else repr(answer.products[0])
    return [answer.traits[0].requires_grad, *(answer.after or {}).values(), products]


def _checks_of(suite: Suite, function: str) -> Iterable[Check]:
    return (check for check in suite.checks if any(space.function == function for space in check.spaces))


def _fits(mine: Mapping[Any, Reaction], theirs: Mapping[Any, Reaction]) -> bool:
    """True where a mistake explains every reaction, and one wrong reaction at least tells it from other mistakes.

    Where all that goes wrong ends in an exception, its kind says too little, and its text must be the same.
    """
    wrong = {at: reaction for at, reaction in theirs.items() if not reaction.fine}
    return _equal(mine, theirs) and (
        any(reaction.telling for reaction in wrong.values())
        or all(mine[at].said == reaction.said for at, reaction in wrong.items())
    )


def _still(mine: Mapping[Any, Reaction], reacted: Sequence[Mapping[Any, Reaction]]) -> bool:
    """True where a mistake, or a pair, explains other reactions as well."""
    return _equal(mine, reacted[0]) if len(reacted) == 1 else _explains(mine, *reacted)


def _equal(mine: Mapping[Any, Reaction], theirs: Mapping[Any, Reaction]) -> bool:
    return mine.keys() == theirs.keys() and all(reaction.same_as(theirs[at]) for at, reaction in mine.items())


def _explains(mine: Mapping[Any, Reaction], one: Mapping[Any, Reaction], two: Mapping[Any, Reaction]) -> bool:
    """True where each mistake alone explains some calls, and nothing is left that neither could have done.

    Where both mistakes show in one call, their mixture is not known; it only has to be wrong. So most calls that go
    wrong have to be explained by one alone, and each by more than an exception.
    """
    alone, telling, together = [0, 0], [False, False], 0
    if not mine.keys() == one.keys() == two.keys():
        return False
    for at, reaction in mine.items():
        first, second = one[at], two[at]
        if first.fine and second.fine:
            if not reaction.fine:
                return False
        elif not first.fine and not second.fine:
            if reaction.fine:
                return False
            together += 1
        else:
            if not reaction.same_as(second if first.fine else first):
                return False
            which = 0 if second.fine else 1
            alone[which] += 1
            telling[which] |= reaction.telling
    return all(telling) and sum(alone) > together


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        if mine.shape != theirs.shape or mine.is_floating_point() != theirs.is_floating_point():
            return False
        return bool(torch.allclose(mine.double(), theirs.double(), rtol=1e-4, atol=1e-4, equal_nan=True))
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and type(mine) is type(theirs) and all(_same(*pair) for pair in pairs)
    return type(mine) is type(theirs) and mine == theirs
