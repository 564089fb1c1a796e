"""Write the learner's message for a call without an answer: a sentence for each way in which that can happen."""

import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report import messages
from autograder.sandbox import replies
from autograder.sandbox.answers import Words

# A message quotes this many characters of the line that raised, and of its place.
MOST_OF_A_LINE = 100
# And so many of the names in a condition.
MOST_NAMES = 4


class Stopped(Exception):
    """The worker did not answer: it passed a limit, or it died. `figures` are the numbers for the message."""

    def __init__(self, kind: str, **figures: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.figures = figures

    def may_be_others(self, status: int | None) -> bool:
        """Return whether others may have caused it, where the worker ended with this wait status.

        A machine may stand still for a while: the worker seems to wait. The system may kill a worker where other
        processes have taken the memory.
        """
        return self.kind == "waiting" or (self.kind == "died" and status == signal.SIGKILL)


def _cut(line: str) -> str:
    return line if len(line) <= MOST_OF_A_LINE else f"{line[: MOST_OF_A_LINE - 1]}…"


def mismatch(function: str, names: Sequence[str], reply: Mapping[str, Any]) -> tuple[str, Words]:
    """Return the message for a function that does not take these arguments."""
    expected = "(" + ", ".join(names) + ")"
    signature = replies.text(reply, "signature")
    brief = messages.MISMATCH_BRIEF.format(name=function, expected=expected)
    message = messages.MISMATCH.format(name=function, expected=expected, signature=signature)
    return message, Words(signature, "", brief, brief)


def raised(
    function: str, reply: Mapping[str, Any], forbids: Sequence[str], output_bytes: int
) -> tuple[str, Words | None]:
    """Return the message for a function that raised: it is not written yet, did something forbidden, or failed."""
    kind, message = replies.text(reply, "type"), replies.text(reply, "message")
    where, line = replies.text(reply, "where", MOST_OF_A_LINE), _cut(replies.text(reply, "line"))
    if kind == "NotImplementedError":
        return messages.NOT_IMPLEMENTED.format(name=function), None
    if kind == "Forbidden":
        banned = rule(forbids)
        brief = messages.FORBIDDEN_BRIEF.format(name=function, rule=banned)
        words = Words(message + line, "", brief, brief)
        text = messages.FORBIDDEN.format(name=function, operation=message, rule=banned, where=where, line=line)
        return text, words
    if kind == "TooMuchOutput":
        return messages.TOO_MUCH_OUTPUT.format(name=function, limit=output_bytes), None
    if message:
        template = messages.RAISED_AT if line else messages.RAISED
    else:
        template = messages.RAISED_SILENTLY_AT if line else messages.RAISED_SILENTLY
    brief = messages.RAISED_BRIEF.format(name=function, type=kind)
    briefest = messages.RAISED_BRIEFEST.format(name=function)
    words = Words(kind + message + line, kind, brief, briefest)
    return template.format(name=function, type=kind, message=message, where=where, line=line), words


def endless(function: str, reply: Mapping[str, Any]) -> tuple[str, Words]:
    """Return the message for a call that was stopped in a loop that never ends."""
    where, line = replies.text(reply, "where", MOST_OF_A_LINE), _cut(replies.text(reply, "line"))
    names, changed = (replies.words(reply, key)[:MOST_NAMES] for key in ("names", "changed"))
    brief = messages.ENDLESS_BRIEF.format(name=function)
    if changed:
        template, listed = messages.ENDLESS_CHANGED, " and ".join(changed)
    else:
        template, listed = messages.ENDLESS if names else messages.ENDLESS_ALWAYS, " or ".join(names)
    text = template.format(name=function, where=where, line=line, names=listed)
    return text, Words(line + " ".join(names), "", brief, brief)


def stopped(why: Stopped, function: str, status: int | None, forbids: Sequence[str] = ()) -> str:
    """Return the message for a call in which the worker was stopped, hung up (None), or ended with this wait status."""
    templates = {
        "computing": messages.TOO_LONG,
        "waiting": messages.TOO_LONG_WAITING,
        "in all": messages.TOO_LONG_IN_ALL,
        "writing": messages.TOO_MUCH_WRITTEN,
        "returning": messages.TOO_MUCH_RETURNED,
    }
    if why.kind in templates:
        return templates[why.kind].format(name=function, **why.figures)
    if status is None:
        return messages.HUNG_UP.format(name=function)
    if forbids and hit_the_trap(status):
        return messages.FORBIDDEN_BENEATH.format(name=function, rule=rule(forbids))
    return messages.DIED.format(name=function, how=how_it_ended(status))


def rule(forbids: Sequence[str]) -> str:
    """Return the functions of these families as a list in words: "F.unfold and F.fold"."""
    *others, last = [name for family in forbids for name in messages.RULES[family]]
    return f"{', '.join(others)} and {last}" if others else last


def error(kind: str, message: str) -> str:
    """Return an exception in words: its name, and its message if it has one."""
    return messages.ERROR.format(type=kind, message=message) if message else kind


def hit_the_trap(status: int) -> bool:
    """Return whether a worker ended by calling a function that machine_code.py has overwritten."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGILL


def how_it_ended(status: int) -> str:
    """Return how a process ended, by its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "it was killed: too much time or memory"
        names = {known.value: known.name for known in signal.Signals}
        return f"signal {names.get(number, number)}"
    return f"exit status {os.WEXITSTATUS(status)}"
