"""What comes of calling a learner's function: an answer, or Wrong, with words for the learner.

Whatever else a check raises is the grader's own fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.worker import values
from autograder.sanitize import clean


@dataclass(frozen=True)
class Answer:
    """What a call returned: the value, what its tensors were like, and what was asked for besides."""

    value: Any
    traits: tuple[values.Traits, ...] = ()
    after: Mapping[str, Any] | None = None
    products: tuple[Any, ...] = ()
    transforms: int = 0
    operands: tuple[Any, ...] = ()
    transformed: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Words:
    """What a message quotes of the learner's own: all of it, and the name of the exception in it.

    `brief` is the message with that name alone, `briefest` the message without any of it.
    """

    own: str
    name: str
    brief: str
    briefest: str


class Wrong(Exception):
    """The learner's answer is not the expected one; the message is written for the learner.

    `changed` names the argument that the call changed, where that is what is wrong; `counted` is "products" or
    "transforms" where it is the matrix products or the Fourier transforms that the call made. `words` are what the
    message quotes of the learner's own.
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
        # It may quote the learner's code, and not only a report shows it: a picture does, too.
        self.message = clean(message)
        self.expected = expected
        self.got = got
        self.case = case
        self.changed = changed
        self.counted = counted
        # Whether no smaller call was found to go wrong, and whether none needs to be made: there is no such function.
        self.shrunk = False
        self.no_function = False
        self.words = words


class NoAnswer(Wrong):
    """There was no answer at all: no such function, or it was stopped. No other call would tell more."""


class Raised(Wrong):
    """The learner's function raised an exception of its own: the names of its classes, and what it said itself."""

    def __init__(self, message: str, kinds: Sequence[str], said: str = "", words: "Words | None" = None) -> None:
        super().__init__(message, words=words)
        self.kinds = tuple(kinds)
        self.said = said


class Refused(Raised, NoAnswer):
    """The function raised because it is not written yet, or did what it may not do."""
