"""How much of what a learner's function returned or raised one report shows: what explains, and no more.

A function may put the inputs of hidden calls into what it returns, into its shape, or into an exception's text. Honest
answers are small, and explained by little. So all that a submission chooses itself is counted over the whole report.
"""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from autograder.sandbox.answers import Wrong
from autograder.sanitize import clean

# Numbers of returned tensors, over all checks of a report.
MOST_NUMBERS = 64
# Of one tensor whose shape is not the expected one: the shape says what is wrong, and the message has it.
MOST_MISSHAPEN = 20
# Characters of exceptions, over all checks: what one may say, and the line that raised it.
MOST_TEXT = 400


@dataclass(frozen=True)
class Shown:
    """What a report says of a wrong answer: its message, and what was returned; None where that is not shown."""

    message: str
    got: Any = None


def shown(wrong: Wrong) -> Shown:
    """All of one wrong answer, for who looks at it alone."""
    return Shown(wrong.message, wrong.got)


def limited(wrongs: Mapping[str, Wrong]) -> dict[str, Shown]:
    """What a report shows of these wrong answers, by check: the smallest tensors, and the first checks' words."""
    messages = _messages(wrongs)
    returned = _returned(wrongs)
    return {check: Shown(messages[check], returned.get(check)) for check in wrongs}


def _returned(wrongs: Mapping[str, Wrong]) -> dict[str, Any]:
    """The returned values to show, smallest first, as long as there is room. Lists and texts are told in words."""
    left: float = MOST_NUMBERS
    found = {}
    for check, wrong in sorted(wrongs.items(), key=lambda each: _count(each[1].got)):
        count = _count(wrong.got)
        if count <= (left if _has_expected_shape(wrong) else min(left, MOST_MISSHAPEN)):
            found[check] = wrong.got
            left -= count
    return found


def _has_expected_shape(wrong: Wrong) -> bool:
    expected = wrong.case.expected if wrong.expected is None and wrong.case else wrong.expected
    both = isinstance(expected, torch.Tensor) and isinstance(wrong.got, torch.Tensor)
    return both and expected.shape == wrong.got.shape


def _count(value: Any) -> float:
    """How many numbers a returned value shows; infinitely many where it is no number and no tensor."""
    if isinstance(value, torch.Tensor):
        return value.numel()
    return int(value is not None) if value is None or isinstance(value, (bool, int, float)) else float("inf")


def _messages(wrongs: Mapping[str, Wrong]) -> dict[str, str]:
    """The messages; once the learner's own words fill the room, the later ones do without them."""
    left = MOST_TEXT
    said: set[str] = set()
    found = {}
    for check, wrong in wrongs.items():
        words = wrong.words
        found[check] = wrong.message
        if words is None:
            continue
        # An exception's name is a word of the learner's, too, unless it is Python's.
        name = "" if hasattr(builtins, words.name) else words.name
        for own, message in ((words.own, wrong.message), (name, words.brief), ("", words.briefest)):
            if own in said or len(own) <= left:
                left -= 0 if own in said else len(own)
                said.add(own)
                found[check] = clean(message)
                break
    return found
