"""What a check raises when the learner's answer is wrong; anything else it raises is the grader's own fault."""

from typing import Any

from autograder.sanitize import clean


class Wrong(Exception):
    """The learner's answer is not the expected one; the message is written for the learner.

    `changed` names the argument that the call changed, where that is what is wrong; `counted` is "products" or
    "transforms" where it is the matrix products or the Fourier transforms that the call made.
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
    ) -> None:
        super().__init__(message)
        # It may quote the learner's code, and not only a report shows it: a picture does, too.
        self.message = clean(message)
        self.expected = expected
        self.got = got
        self.case = case
        self.changed = changed
        self.counted = counted


class NoAnswer(Wrong):
    """There was no answer at all: no such function, or it was stopped. No other call would tell more."""
