"""A check of a hidden suite: it is about one ability, and has a title, points and what it builds on."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Protocol

from autograder.key import Key
from autograder.notebooks.read import Submission
from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.requests import Request
from autograder.suite.cases import Case, Space, smallest_first

# What the source of a reference needs to stand on its own.
IMPORTS = "from typing import Any\n\nimport torch\nimport torch.nn.functional as F\n\n\n"


@dataclass(frozen=True, eq=False)
class Check:
    """What is fixed about a check, before any submission.

    `helper` is the check of an earlier function of the step, which the one tried here may call.
    """

    id: str
    title: str
    points: float
    after: tuple[str, ...]
    spaces: tuple[Space, ...]
    body: Callable[..., None]
    helper: "Check | None" = None

    def drawn(self, key: Key | int) -> tuple[Case, ...]:
        """The cases that a class shares, with their answers; drawn once and then remembered."""
        return _drawn(self, key)

    def drawn_for(self, submission: str, key: Key | int) -> tuple[Case, ...]:
        """The cases for one submission alone, by its digest; none where there is no digest.

        They make a table of answers worthless, however many reports it was learned from.
        """
        return _drawn_for(self, submission, key) if submission else ()

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
                # The rest is asked for at once: who has the first case right mostly has them all.
                learner.ahead(cases[1:])

    @property
    def stand_in(self) -> dict[str, str]:
        """Source of a right function by the name of the one that this check is about."""
        space = self.spaces[0]
        return {space.function: _standing_alone(space.function, space.reference)}


@cache
def _standing_alone(name: str, reference: Callable[..., Any]) -> str:
    return f"{IMPORTS}{inspect.getsource(reference)}\n\n{name} = {reference.__name__}\n"


@lru_cache(maxsize=2048)
def _drawn(check: Check, key: Key | int) -> tuple[Case, ...]:
    return smallest_first(case for space in check.spaces for case in space.drawn(key, check.id))


# Needed again only while its submission is being graded.
@lru_cache(maxsize=64)
def _drawn_for(check: Check, submission: str, key: Key | int) -> tuple[Case, ...]:
    return smallest_first(space.drawn_for(submission, key, check.id) for space in check.spaces)


@lru_cache(maxsize=4096)
def _request(case: Case, asks: tuple[tuple[str, Any], ...]) -> Request:
    options = dict(asks)
    # The function that is asked about is always the learner's own.
    instead = {name: source for name, source in options.pop("instead", ()) if name != case.function}
    options |= {"instead": instead} if instead else {}
    return Request.of(case.function, case.arguments, case.positional, case.layout, **options)


class Session(Protocol):
    """Calls the functions of one submission: in the sandbox, or in this process for known answers."""

    submission: Submission

    def ask(self, asked: Request) -> Answer:
        """Return the answer to a request. Raises Wrong where there is none."""

    def foresee(self, asked: Request) -> None:
        """Raise Wrong where the text of the code shows that this call must meet a ban."""

    def ahead(self, requests: Sequence[Request]) -> None:
        """Send requests that will be asked next, so that no side waits for the other."""

    def renew(self) -> None:
        """Forget functions that were lent for one call."""


@dataclass
class Learner:
    """What a check's body calls the learner's functions through.

    `key` decides the cases, and `digest` those that are for this submission alone; without one there are none.
    `failed` are the checks that have failed so far; `helped` says which checks were tried once more, with the course's
    own function (its name) in the place of a wrong helper. `instead` are the sources of such functions by name.
    """

    session: Session
    key: Key | int
    failed: set[str] = field(default_factory=set)
    helped: dict[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[tuple[str, Any], ...] = ()
    digest: str = ""

    def with_help(self, *checks: Check) -> "Learner":
        """The same, with the course's own function for each helper of these checks that failed; itself for none."""
        helpers = [check.helper for check in checks if check.helper and check.helper.id in self.failed]
        instead = {name: source for helper in helpers for name, source in helper.stand_in.items()}
        return replace(self, instead=instead) if instead else self

    def call(self, case: Case, **options: Any) -> Answer:
        """The learner's answer to a case. Raises Wrong where there is none."""
        self.asks = (*options.items(), *((("instead", tuple(self.instead.items())),) if self.instead else ()))
        asked = _request(case, self.asks)
        # Where an error is expected, or a helper is replaced, the call itself must show what comes of it.
        if case.expected is not None and not self.instead:
            self.session.foresee(asked)
        return self.session.ask(asked)

    def ahead(self, cases: Sequence[Case]) -> None:
        """Put these cases to the learner before they are called, asking for what the last call asked for."""
        self.session.ahead([_request(case, self.asks) for case in cases])


def check(
    *, points: float, cases: Space | tuple[Space, ...], after: Any = (), helper: Any = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a pytest test of `body(learner, case)`: it is called for every case, smallest first, until one is wrong.

    The docstring is the title that the learner sees. `cases` may be several spaces, where a check is about several
    functions. `after` names the checks (functions) that this one builds on: where one of them did not pass, this one
    is skipped. `helper` names the check of a function that the one tried here may call: where that check failed, and
    this one goes wrong, it is tried again with the course's own function in the helper's place, and that decides.
    """
    if points <= 0:
        raise ValueError(f"points must be more than 0, not {points}")

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        if not body.__doc__ or not body.__name__.startswith("test_"):
            raise ValueError(f"{body.__name__} must be named test_… and have its title as docstring")
        needs = after if isinstance(after, tuple) else (after,)
        described = Check(
            id=body.__name__.removeprefix("test_"),
            title=body.__doc__.strip(),
            points=points,
            after=tuple(need.check.id for need in needs),
            spaces=cases if isinstance(cases, tuple) else (cases,),
            body=body,
            helper=helper.check if helper else None,
        )

        def test(learner: Learner) -> None:
            try:
                described.try_all(learner)
            except Wrong:
                with_help = learner.with_help(described)
                if with_help is learner:
                    raise
                learner.helped[described.id] = ", ".join(with_help.instead)
                try:
                    described.try_all(with_help)
                finally:
                    # What was lent must not be there for the checks to come.
                    learner.session.renew()

        test.__name__ = body.__name__
        test.__doc__ = body.__doc__
        test.__module__ = body.__module__
        test.check = described  # type: ignore[attr-defined]
        return test

    return decorate
