"""A check of a hidden suite: it tests one ability and has a title, points and the checks that it builds on."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Protocol, cast

from autograder.key import Key
from autograder.notebooks.read import Submission
from autograder.sandbox.answers import Answer, Raised, Wrong
from autograder.sandbox.requests import Request
from autograder.suite.cases import Case, Space, smallest_first
from autograder.suite.misuse import misuse

# With these before it, a reference's source runs on its own.
IMPORTS = "from typing import Any\n\nimport torch\nimport torch.nn.functional as F\n\n\n"


@dataclass(frozen=True, eq=False)
class Check:
    """One check, the same for all submissions.

    `helper` is the check of an earlier function of the step, which the function under test may call.
    """

    id: str
    title: str
    points: float
    after: tuple[str, ...]
    spaces: tuple[Space, ...]
    body: Callable[..., None]
    helper: "Check | None" = None

    def drawn(self, key: Key | int) -> tuple[Case, ...]:
        """Return the cases that the class shares, with their answers. They are drawn once and remembered."""
        return _drawn(self, key)

    def drawn_for(self, submission: str, key: Key | int) -> tuple[Case, ...]:
        """Return the cases for one submission alone, by its digest; none without a digest.

        Against them, a table of answers is worthless, however many reports it was learned from.
        """
        return _drawn_for(self, submission, key) if submission else ()

    def space_of(self, case: Case) -> Space | None:
        """Return the space that a case was drawn from; None where it is none of this check's."""
        fitting = (s for s in self.spaces if s.function == case.function and set(s.axes) <= set(case.row))
        return next(fitting, None)

    def try_all(self, learner: "Learner") -> None:
        """Raise Wrong, with its case, for the first case that goes wrong."""
        cases = (*self.drawn(learner.key), *self.drawn_for(learner.digest, learner.key))
        for number, case in enumerate(cases):
            try:
                self.body(learner, case)
            except Wrong as wrong:
                wrong.case = wrong.case or case
                raise
            if number == 0:
                # Send the rest at once: a function that gets the first case right usually gets all of them right.
                learner.ahead(cases[1:])

    def run(self, learner: "Learner") -> None:
        """Try all cases. Where one goes wrong and the helper failed too, try again with the course's own helper."""
        try:
            self.try_all(learner)
        except Wrong:
            helped = learner.with_help(self)
            if helped is learner:
                raise
            learner.helped[self.id] = ", ".join(helped.instead)
            try:
                self.try_all(helped)
            finally:
                # Later checks must not find the functions that were lent for this one.
                learner.session.renew()

    @property
    def stand_in(self) -> dict[str, str]:
        """Return the source of a right function, by the name of the function that this check tests."""
        space = self.spaces[0]
        return {space.function: _standing_alone(space.function, space.reference)}


@cache
def _standing_alone(name: str, reference: Callable[..., Any]) -> str:
    return f"{IMPORTS}{inspect.getsource(reference)}\n\n{name} = {reference.__name__}\n"


@lru_cache(maxsize=128)
def _drawn(check: Check, key: Key | int) -> tuple[Case, ...]:
    return smallest_first(case for space in check.spaces for case in space.drawn(key, check.id))


# These cases are needed only while their submission is graded.
@lru_cache(maxsize=64)
def _drawn_for(check: Check, submission: str, key: Key | int) -> tuple[Case, ...]:
    return smallest_first(space.drawn_for(submission, key, check.id) for space in check.spaces)


@lru_cache(maxsize=2048)
def _request_of(case: Case, options: tuple[tuple[str, Any], ...]) -> Request:
    wanted = dict(options)
    # The function under test is always the learner's own.
    instead = {name: source for name, source in wanted.pop("instead", ()) if name != case.function}
    wanted |= {"instead": instead} if instead else {}
    return Request.of(case.function, case.arguments, case.positional, case.layout, case.expected, **wanted)


class Session(Protocol):
    """Calls the functions of one submission: in the sandbox, or, for known answers, in this process."""

    submission: Submission

    @property
    def kept(self) -> Mapping[Request, Answer | Raised]:
        """Return the first answers to requests, as far as they are kept."""

    def ask(self, request: Request) -> Answer:
        """Return the answer to a request. Raises Wrong where there is none."""

    def foresee(self, request: Request) -> None:
        """Raise Wrong where the code's text shows that this call must meet a ban."""

    def ahead(self, requests: Sequence[Request]) -> None:
        """Make the next calls in advance, so that neither side waits for the other."""

    def renew(self) -> None:
        """Forget functions that were lent for one call."""


@dataclass
class Learner:
    """Calls the learner's functions for a check's body.

    `key` decides the cases that the class shares, `digest` those for this submission alone. `failed` are the checks
    that have failed so far. `helped` maps each check that was tried again with the course's own helper to that
    helper's name. `instead` are the sources of such helpers by name. `options` are those of the last call.
    """

    session: Session
    key: Key | int
    failed: set[str] = field(default_factory=set)
    helped: dict[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    options: tuple[tuple[str, Any], ...] = ()
    digest: str = ""

    def with_help(self, *checks: Check) -> "Learner":
        """Return a learner with the course's own function for each helper of these checks that failed.

        Return this learner itself where no helper failed.
        """
        helpers = [check.helper for check in checks if check.helper and check.helper.id in self.failed]
        instead = {name: source for helper in helpers for name, source in helper.stand_in.items()}
        return replace(self, instead=instead) if instead else self

    def call(self, case: Case, **options: Any) -> Answer:
        """Return the learner's answer to a case. Raises Wrong where there is none."""
        self.options = (*options.items(), *((("instead", tuple(self.instead.items())),) if self.instead else ()))
        request = _request_of(case, self.options)
        # Where an error is expected, or a helper is replaced, only the call itself shows whether it meets a ban.
        if case.expected is not None and not self.instead:
            self.session.foresee(request)
        return self.session.ask(request)

    def ahead(self, cases: Sequence[Case]) -> None:
        """Send these cases in advance, with the options of the last call."""
        self.session.ahead([_request_of(case, self.options) for case in cases])


class CheckTest(Protocol):
    """A pytest test that tries one check on a learner's functions."""

    check: Check

    def __call__(self, learner: Learner) -> None:
        """Raise Wrong where the check fails."""


def check(
    *,
    points: float,
    cases: Space | tuple[Space, ...],
    after: CheckTest | tuple[CheckTest, ...] = (),
    helper: CheckTest | None = None,
) -> Callable[[Callable[..., None]], CheckTest]:
    """Make a pytest test of `body(learner, case)`, which is called for one case after another until one goes wrong.

    The docstring is the title that the learner sees. `cases` are drawn from one space, or from several where a check
    tests several functions; small cases come first. `after` are the checks (functions) that this one builds on: unless
    all of them passed, this one is skipped. `helper` is the check of a function that the function under test may call:
    where both checks fail, this one is tried again with the course's own function in the helper's place, and the second
    try decides. Raises Problem where an argument means nothing.
    """
    needs = after if isinstance(after, tuple) else (after,)
    spaces = cases if isinstance(cases, tuple) else (cases,)

    def decorate(body: Callable[..., None]) -> CheckTest:
        _require_sense(body, points, spaces, (*needs, *((helper,) if helper else ())))
        return _test_of(
            Check(
                id=body.__name__.removeprefix("test_"),
                title=(body.__doc__ or "").strip(),
                points=points,
                after=tuple(need.check.id for need in needs),
                spaces=spaces,
                body=body,
                helper=helper.check if helper else None,
            )
        )

    return decorate


def _require_sense(
    body: Callable[..., None], points: float, spaces: tuple[Space, ...], others: tuple[CheckTest, ...]
) -> None:
    """Raise Problem for a check that means nothing. An author reads it."""
    if not body.__name__.startswith("test_"):
        raise misuse(body, "is not named test_…, so pytest does not find it", f"Name it test_{body.__name__}.")
    if not (body.__doc__ or "").strip():
        raise misuse(body, "has no docstring", "Give it one: learners read it as the title of the check.")
    if not isinstance(points, int | float) or points <= 0:
        raise misuse(body, f"gives {points!r} points", "Give it a number above 0, as @check(points=2, …).")
    if not spaces or not all(isinstance(space, Space) for space in spaces):
        raise misuse(body, "has cases that are no space", "Pass a Space, or a tuple of them, as cases=SPACE.where(…).")
    if not all(isinstance(getattr(other, "check", None), Check) for other in others):
        what = "names something after or as its helper that is no check"
        raise misuse(body, what, "Pass the functions of checks above it, as after=test_slides.")


def _test_of(check: Check) -> CheckTest:
    """Return the function that pytest collects for a check."""

    def test(learner: Learner) -> None:
        check.run(learner)

    test.__name__ = check.body.__name__
    test.__doc__ = check.body.__doc__
    test.__module__ = check.body.__module__
    collected = cast(CheckTest, test)
    collected.check = check
    return collected
