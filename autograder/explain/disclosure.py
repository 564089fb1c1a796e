"""Limit what one report shows of the values and exceptions that a learner's functions return and raise.

A function may hide the inputs of hidden calls in a returned value, in its shape, or in an exception's text. Honest
answers are small, and little is needed to explain them. So everything that a submission chooses is counted over the
whole report.
"""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from autograder.report import messages
from autograder.sandbox.answers import Raised, Refused, Wrong
from autograder.sanitize import clean

# The most numbers of returned tensors that a report shows, over all checks.
MOST_NUMBERS = 64
# The most numbers of one tensor with a wrong shape. The message already gives the shape, which is what is wrong.
MOST_MISSHAPEN = 20
# The most characters of exceptions, over all checks: their texts and the lines that raised them.
MOST_TEXT = 400


@dataclass(frozen=True)
class Shown:
    """The part of a wrong answer that a report shows: its message and the returned value, or None.

    `again` says that the message only names the check that has told of the same error.
    """

    message: str
    got: Any = None
    again: bool = False


def shown(wrong: Wrong) -> Shown:
    """Return all of one wrong answer, for a page that shows no other."""
    return Shown(wrong.message, wrong.got)


def limited(wrongs: Mapping[str, Wrong]) -> dict[str, Shown]:
    """Return what a report shows of these wrong answers, by check: the smallest tensors, the first checks' texts."""
    told, returned = _messages(wrongs), _returned(wrongs)
    return {check: Shown(told[check], returned.get(check)) for check in wrongs}


def told_once(wrongs: Mapping[str, Wrong], titles: Mapping[str, str]) -> dict[str, Shown]:
    """Return what `limited` does; where a call raised just what an earlier check's call raised, name that check.

    A message names the function and the line, so the same message is the same error. `titles` are those of the checks.
    """
    first: dict[str, str] = {}
    told = limited(wrongs)
    for check, wrong in wrongs.items():
        if isinstance(wrong, Raised) and not isinstance(wrong, Refused):
            earlier = first.setdefault(wrong.message, check)
            if earlier != check:
                told[check] = Shown(messages.RAISED_BEFORE.format(title=titles[earlier]), again=True)
    return told


def _returned(wrongs: Mapping[str, Wrong]) -> dict[str, Any]:
    """Return the values to show, smallest first, while there is room. Lists and texts are never shown."""
    left: float = MOST_NUMBERS
    values = {}
    for check, wrong in sorted(wrongs.items(), key=lambda item: _count(item[1].got)):
        count = _count(wrong.got)
        if count <= (left if _has_expected_shape(wrong) else min(left, MOST_MISSHAPEN)):
            values[check] = wrong.got
            left -= count
    return values


def _has_expected_shape(wrong: Wrong) -> bool:
    expected = wrong.case.expected if wrong.expected is None and wrong.case else wrong.expected
    both = isinstance(expected, torch.Tensor) and isinstance(wrong.got, torch.Tensor)
    return both and expected.shape == wrong.got.shape


def _count(value: Any) -> float:
    """Return how many numbers a returned value would show: infinitely many unless it is a number or a tensor."""
    if isinstance(value, torch.Tensor):
        return value.numel()
    return int(value is not None) if value is None or isinstance(value, (bool, int, float)) else float("inf")


def _messages(wrongs: Mapping[str, Wrong]) -> dict[str, str]:
    """Return the messages. Once the learner's own words fill the room, later messages leave them out."""
    left = MOST_TEXT
    quoted: set[str] = set()
    told = {}
    for check, wrong in wrongs.items():
        words = wrong.words
        told[check] = wrong.message
        if words is None:
            continue
        # The learner chooses an exception's name, too, unless it is one of Python's.
        name = "" if hasattr(builtins, words.name) else words.name
        for own, message in ((words.own, wrong.message), (name, words.brief), ("", words.briefest)):
            if own in quoted or len(own) <= left:
                left -= 0 if own in quoted else len(own)
                quoted.add(own)
                told[check] = clean(message)
                break
    return told
