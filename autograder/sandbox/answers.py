"""The result of a call of a learner's function: an Answer, or Wrong, with a message for the learner.

Any other exception that a check raises is the grader's own fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.worker import values
from autograder.sanitize import clean


@dataclass(frozen=True)
class Answer:
    """The result of a call that returned: its value, the traits of the tensors in it, and what else was requested.

    `after` are the arguments after the call. `products` are the shapes of what each matrix product multiplied, and
    `operands` the tensors of the first. `transforms` counts Fourier transforms; `transformed` are their numbers. `near`
    is the right answer, if every number was found to be within the tolerance.
    """

    value: Any
    traits: tuple[values.Traits, ...] = ()
    after: Mapping[str, Any] | None = None
    products: tuple[Any, ...] = ()
    transforms: int = 0
    operands: tuple[Any, ...] = ()
    transformed: tuple[Any, ...] = ()
    near: Any = None


@dataclass(frozen=True)
class Words:
    """The parts of a message that quote the learner: `own` is all of them, `name` the exception's name.

    `brief` is the message with that name alone, `briefest` the message without any quote.
    """

    own: str
    name: str
    brief: str
    briefest: str


class Wrong(Exception):
    """The learner's answer is not the expected one. The message is written for the learner.

    `changed` names the argument that the call changed, where that is the mistake. `counted` is "products" or
    "transforms", where the mistake is in the matrix products or Fourier transforms that the call made. `words` are the
    parts of the message that quote the learner.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: Any = None,
        got: Any = None,
        case: Any = None,
        changed: str = "",
        counted: str = "",
        words: "Words | None" = None,
    ) -> None:
        super().__init__(message)
        # It may quote the learner's code, and a picture shows it as well as a report.
        self.message = clean(message)
        self.expected = expected
        self.got = got
        self.case = case
        self.changed = changed
        self.counted = counted
        # Set once the case is the smallest that was found to go wrong.
        self.shrunk = False
        # The options that were switched off while it shrank, although the check is about them.
        self.plain: Mapping[str, int] = {}
        # Set where the learner has no such function, so that no smaller case needs to be tried.
        self.no_function = False
        self.words = words


class NoAnswer(Wrong):
    """The call gave no answer: there is no such function, or it was stopped. No other call would reveal more."""


class Raised(Wrong):
    """The learner's function raised an exception. `kinds` are the names of its classes, `said` is its own message."""

    def __init__(self, message: str, kinds: Sequence[str], said: str = "", words: "Words | None" = None) -> None:
        super().__init__(message, words=words)
        self.kinds = tuple(kinds)
        self.said = said


class Refused(Raised, NoAnswer):
    """The function raised because it is not written yet, or did something that is forbidden."""
