"""Search for the edit that makes every check of a function pass. Candidates run in the sandbox only.

One worker tries all candidates: each call first defines the learner's functions anew. What this worker says is only a
hint, since a candidate may leave something behind. The proof is a worker of its own, in which the edited submission
runs as if it had been handed in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from autograder.explain.edits.candidates import Candidate, candidates, definitions, nodes_of
from autograder.explain.reactions import checks_of
from autograder.key import Key, derived
from autograder.notebooks.read import Submission
from autograder.sandbox.answers import Answer, NoAnswer, Refused, Wrong
from autograder.sandbox.requests import Request
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner, Session
from autograder.suite.load import Suite

# The edited submission must pass the checks under as many further keys.
FURTHER_KEYS = 2
# A call that most candidates fail is tried before the others, but after the smallest ones.
SMALLEST = 2
# The code of a larger function takes longer to make anew: its budget is smaller.
USUAL_NODES = 300
# After this many calls that ended the worker, the search ends.
MOST_STOPPED = 2

Open = Callable[[Submission], AbstractContextManager[Session]]
Trial = tuple[Check, Case]


@dataclass(frozen=True)
class Search:
    """What a search needs: a way to open a session with a submission, and a budget of calls."""

    open: Open
    calls: int


class OutOfCalls(Exception):
    """The budget of calls is used up, or the worker was stopped too often."""


class Edited:
    """A session in which each call first defines the learner's functions as `code` has them."""

    def __init__(self, session: Session, calls: int) -> None:
        self.submission = session.submission
        self.code = ""
        self._session = session
        self._left = calls
        self._stopped = 0

    def ask(self, request: Request) -> Answer:
        """Return the candidate's answer. Raises Wrong where there is none, and OutOfCalls."""
        if self._left <= 0:
            raise OutOfCalls
        self._left -= 1
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
    trials = [*first, *_trials(suite, learner, function)]
    try:
        with search.open(learner.session.submission) as session:
            calls = search.calls * USUAL_NODES // max(USUAL_NODES, nodes_of(found))
            mending = _mending(Edited(session, calls), learner, candidates(found), trials)
    except OutOfCalls:
        return None
    if len({(candidate.definition.cell, candidate.line) for candidate in mending}) != 1:
        return None
    return next((candidate for candidate in mending if _is_proved(search, suite, learner, function, candidate)), None)


def _mending(edited: Edited, learner: Learner, made: Iterable[Candidate], trials: list[Trial]) -> list[Candidate]:
    """Return the candidates of the smallest family that pass all trials. Raises OutOfCalls."""
    trying = replace(learner, session=edited)
    mending: list[Candidate] = []
    for candidate in made:
        if mending and candidate.family is not mending[0].family:
            break
        edited.code = candidate.code
        failed = next((number for number, trial in enumerate(trials) if not _passes(trying, *trial)), None)
        if failed is None:
            mending.append(candidate)
        elif failed > SMALLEST:
            trials.insert(SMALLEST, trials.pop(failed))
    return mending


def _trials(suite: Suite, learner: Learner, function: str) -> Iterator[Trial]:
    """Yield all calls of a function that this learner's checks make."""
    for check in checks_of(suite, function):
        for case in (*check.drawn(learner.key), *check.drawn_for(learner.digest, learner.key)):
            if case.function == function:
                yield check, case


def _passes(learner: Learner, check: Check, case: Case) -> bool:
    try:
        check.body(learner, case)
    except Wrong:
        return False
    return True


def _is_proved(search: Search, suite: Suite, learner: Learner, function: str, candidate: Candidate) -> bool:
    """Return whether the edited submission passes every check of the function, under further keys as well."""
    keys = [learner.key, *(Key(derived(learner.key, "edits", number).hex()) for number in range(FURTHER_KEYS))]
    with search.open(candidate.within(learner.session.submission)) as session:
        return all(
            _passes(trying, *trial)
            for trying in (replace(learner, session=session, key=key) for key in keys)
            for trial in _trials(suite, trying, function)
        )
