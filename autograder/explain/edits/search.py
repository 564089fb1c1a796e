"""Search for the edit that makes every check of a function pass. Candidates run in the sandbox only.

One worker tries all candidates: each call first defines the learner's functions anew. What this worker says is only a
hint, since a candidate may leave something behind. The proof is a worker of its own, in which the edited submission
runs as if it had been handed in.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from autograder.explain.edits.candidates import (
    Candidate,
    Definition,
    candidates,
    code_of,
    definitions,
    nodes_of,
    seconds,
)
from autograder.explain.edits.trials import Trial, of_checks, one_of_each_check, passes, wide
from autograder.key import Key, derived
from autograder.notebooks.read import Submission
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Refused
from autograder.sandbox.requests import Request
from autograder.suite.check import Learner, Session
from autograder.suite.load import Suite

# The edited submission must pass the checks under as many further keys.
FURTHER_KEYS = 2
# A call that most candidates fail is tried before the others, but after the smallest ones.
SMALLEST = 2
# The code of a larger function takes longer to make anew: its budget is smaller.
USUAL_NODES = 300
# A call of so many products of two numbers, as loops over a kernel and an image make them, counts as one more.
PRODUCTS = 1500
MOST = 4
# After this many calls that ended the worker, the search ends.
MOST_STOPPED = 2
# Of the edits that make the first call pass, so many are rated, and a second edit is looked for after the best ones.
MOST_RATED, MOST_FIRST = 12, 2
# Edits of the same line that are proved, until one is.
MOST_PROVED = 3

Open = Callable[[Submission], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Search:
    """What a search needs: a way to open a session with a submission, and a budget of calls.

    Where `tries` is not 0, the search ends after so many candidates that all fail their first call.
    """

    open: Open
    calls: int
    tries: int = 0


def cost(request: Request) -> int:
    """Return how many calls of the budget a call takes: more where its tensors are large.

    Sizes, unlike seconds, are the same in every run. So loops over every number do not end a search by the clock.
    """
    sizes = sorted(array.size for array in request.arrays)
    return min(1 + math.prod(sizes[-2:]) // PRODUCTS, MOST)


class OutOfCalls(Exception):
    """The budget of calls is used up, or the worker was stopped too often."""


class Edited:
    """A session in which each call first defines the learner's functions as `code` has them."""

    def __init__(self, session: Session, calls: int) -> None:
        self.submission = session.submission
        self.kept: dict[Request, Answer | Raised] = {}
        self.code = ""
        self._session = session
        self._left = calls
        self._stopped = 0

    def ask(self, request: Request) -> Answer:
        """Return the candidate's answer. Raises Wrong where there is none, and OutOfCalls."""
        if self._left <= 0:
            raise OutOfCalls
        self._left -= cost(request)
        try:
            return self._session.ask(replace(request, header={**request.header, "edited": self.code}))
        except NoAnswer as none:
            self._stopped += not (isinstance(none, Refused) or none.no_function)
            if self._stopped > MOST_STOPPED:
                raise OutOfCalls from None
            raise

    def foresee(self, request: Request) -> None:
        """Do nothing: the submission's text is not the candidate's."""

    def ahead(self, requests: Sequence[Request]) -> None:
        """Do nothing: most candidates fail their first call."""

    def renew(self) -> None:
        """Do nothing: each call defines the functions anew."""


def find(search: Search, suite: Suite, learner: Learner, function: str, first: Iterable[Trial]) -> Candidate | None:
    """Return the smallest edit that makes every check of a function pass; None where there is none, or doubt.

    There is doubt where edits of the same family mend different lines, and where the budget ends before that is known.
    `first` are the calls that are known to go wrong. Raises NoAnswer.
    """
    found = definitions(learner.session.submission, function)
    if not found or search.calls <= 0:
        return None
    known = [*first]
    trials = [*known, *of_checks(suite, learner, function), *wide(suite, learner.key, function)]
    try:
        with search.open(learner.session.submission) as session:
            calls = search.calls * USUAL_NODES // max(USUAL_NODES, nodes_of(found))
            edited = Edited(session, calls)
            trying = replace(learner, session=edited)
            mending, nearer = _mending(edited, trying, candidates(found), trials, search.tries)
            rated = [*known, *one_of_each_check(suite, learner, function)]
            for near in () if mending else _nearest(edited, trying, found, nearer, rated):
                first_to_fail = _failing_first(edited, trying, near, trials)
                mending += _mending(edited, trying, seconds(found, near), first_to_fail)[0]
    except OutOfCalls:
        return None
    if len({(candidate.definition.cell, candidate.lines) for candidate in mending}) != 1:
        return None
    tried = mending[:MOST_PROVED]
    return next((candidate for candidate in tried if _is_proved(search, suite, learner, function, candidate)), None)


def _mending(
    edited: Edited, trying: Learner, made: Iterable[Candidate], trials: list[Trial], tries: int = 0
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates of the smallest family that pass all trials, and those that pass the first one at least.

    Raises OutOfCalls.
    """
    mending: list[Candidate] = []
    nearer: list[Candidate] = []
    for tried, candidate in enumerate(made):
        if tries and tried >= tries and not (mending or nearer):
            break
        if mending and candidate.family.name != mending[0].family.name:
            break
        if sum(_stands_where(each, candidate) for each in mending) == MOST_PROVED:
            continue
        edited.code = candidate.code
        failed = next((number for number, trial in enumerate(trials) if not passes(trying, *trial)), None)
        if failed is None:
            mending.append(candidate)
            continue
        if failed:
            nearer.append(candidate)
        if failed > SMALLEST:
            trials.insert(SMALLEST, trials.pop(failed))
    return mending, nearer


def _stands_where(one: Candidate, other: Candidate) -> bool:
    """Return whether two edits change the same lines. After some that mend a function, no more of them are tried."""
    return one.lines == other.lines and one.definition is other.definition


def _nearest(
    edited: Edited, trying: Learner, found: Sequence[Definition], nearer: Sequence[Candidate], rated: Sequence[Trial]
) -> list[Candidate]:
    """Return the edits, at most so many, with which most trials pass, and more than without. Raises OutOfCalls."""

    def passed(code: str) -> int:
        edited.code = code
        return sum(passes(trying, *trial) for trial in rated)

    if not nearer:
        return []
    before = passed(code_of(found))
    marks = [(passed(candidate.code), candidate) for candidate in nearer[:MOST_RATED]]
    better = sorted((each for each in marks if each[0] > before), key=lambda each: -each[0])
    return [candidate for _, candidate in better[:MOST_FIRST]]


def _failing_first(edited: Edited, trying: Learner, candidate: Candidate, trials: list[Trial]) -> list[Trial]:
    """Return the trials, with one that a candidate fails in front: a second edit must make it pass."""
    edited.code = candidate.code
    failed = next((number for number, trial in enumerate(trials) if not passes(trying, *trial)), 0)
    return [trials[failed], *trials[:failed], *trials[failed + 1 :]]


def _is_proved(search: Search, suite: Suite, learner: Learner, function: str, candidate: Candidate) -> bool:
    """Return whether the edited submission passes every check of the function, under further keys as well."""
    keys = [learner.key, *(Key(derived(learner.key, "edits", number).hex()) for number in range(FURTHER_KEYS))]
    with search.open(candidate.within(learner.session.submission)) as session:
        return all(
            passes(trying, *trial)
            for trying in (replace(learner, session=session, key=key) for key in keys)
            for trial in (*of_checks(suite, trying, function), *wide(suite, trying.key, function))
        )
