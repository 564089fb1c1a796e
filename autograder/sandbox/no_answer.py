"""What a learner is told where a call brought no answer: a sentence for each way in which that can happen."""

import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report import messages
from autograder.sandbox import replies
from autograder.sandbox.answers import Words

# Characters of the line that raised, and of its place, that a message quotes.
MOST_OF_A_LINE = 100


class Stopped(Exception):
    """The worker did not answer: it was too slow, or it died. `how` is a sentence's template with its figures."""

    def __init__(self, kind: str, **figures: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.figures = figures


def _cut(line: str) -> str:
    return line if len(line) <= MOST_OF_A_LINE else f"{line[: MOST_OF_A_LINE - 1]}…"


def mismatch(function: str, names: Sequence[str], reply: Mapping[str, Any]) -> tuple[str, Words]:
    """The function does not take these arguments."""
    told = {"name": function, "expected": "(" + ", ".join(names) + ")"}
    signature = replies.text(reply, "signature")
    brief = messages.MISMATCH_BRIEF.format(**told)
    return messages.MISMATCH.format(**told, signature=signature), Words(signature, "", brief, brief)


def raised(
    function: str, reply: Mapping[str, Any], forbids: Sequence[str], output_bytes: int
) -> tuple[str, Words | None]:
    """The function raised: because it is not written yet, or did what it may not do, or by itself."""
    told = {key: replies.text(reply, key) for key in ("type", "message")}
    told |= {"where": replies.text(reply, "where", MOST_OF_A_LINE), "line": _cut(replies.text(reply, "line"))}
    if told["type"] == "NotImplementedError":
        return messages.NOT_IMPLEMENTED.format(name=function), None
    if told["type"] == "Forbidden":
        banned = rule(forbids)
        at = {"where": told["where"], "line": told["line"]}
        brief = messages.FORBIDDEN_BRIEF.format(name=function, rule=banned)
        words = Words(told["message"] + told["line"], "", brief, brief)
        return messages.FORBIDDEN.format(name=function, operation=told["message"], rule=banned, **at), words
    if told["type"] == "TooMuchOutput":
        return messages.TOO_MUCH_OUTPUT.format(name=function, limit=output_bytes), None
    if told["message"]:
        template = messages.RAISED_AT if told["line"] else messages.RAISED
    else:
        template = messages.RAISED_SILENTLY_AT if told["line"] else messages.RAISED_SILENTLY
    brief = messages.RAISED_BRIEF.format(name=function, type=told["type"])
    briefest = messages.RAISED_BRIEFEST.format(name=function)
    words = Words(told["type"] + told["message"] + told["line"], told["type"], brief, briefest)
    return template.format(name=function, **told), words


def stopped(why: Stopped, function: str, status: int, forbids: Sequence[str] = ()) -> str:
    """The worker was stopped, or ended, in a call; `status` is its wait status."""
    templates = {
        "computing": messages.TOO_LONG,
        "waiting": messages.TOO_LONG_WAITING,
        "in all": messages.TOO_LONG_IN_ALL,
        "writing": messages.TOO_MUCH_WRITTEN,
        "returning": messages.TOO_MUCH_RETURNED,
    }
    if why.kind in templates:
        return templates[why.kind].format(name=function, **why.figures)
    if forbids and ran_into_the_wall(status):
        return messages.FORBIDDEN_BENEATH.format(name=function, rule=rule(forbids))
    return messages.DIED.format(name=function, how=how_it_ended(status))


def rule(forbids: Sequence[str]) -> str:
    """Return what these families are, as a list in words: "F.unfold and F.fold"."""
    *others, last = [each for family in forbids for each in messages.RULES[family]]
    return f"{', '.join(others)} and {last}" if others else last


def error(kind: str, message: str) -> str:
    """Return an exception in words: its name, and what it says where it says anything."""
    return messages.ERROR.format(type=kind, message=message) if message else kind


def ran_into_the_wall(status: int) -> bool:
    """Return whether a worker ended as one does that calls what machine_code has overwritten."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGILL


def how_it_ended(status: int) -> str:
    """Return how a process ended, by its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "it was killed: too much time or memory"
        names = {each.value: each.name for each in signal.Signals}
        return f"signal {names.get(number, number)}"
    return f"exit status {os.WEXITSTATUS(status)}"
