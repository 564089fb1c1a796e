"""What a learner is told where a call brought no answer: a sentence for each way in which that can happen."""

import difflib
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


def missing(function: str, reply: Mapping[str, Any], broken_cell: Mapping[str, Any] | None) -> str:
    """There is no such function: because of a cell that raised, or under another name, or not at all."""
    if broken_cell is not None:
        return messages.MISSING_CELL.format(name=function, **broken_cell)
    nearest = difflib.get_close_matches(function, replies.words(reply, "defined"), n=1, cutoff=0.6)
    if nearest:
        return messages.MISSING_NEAR.format(name=function, nearest=nearest[0])
    return messages.MISSING.format(name=function)


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
    told |= {key: replies.text(reply, key, MOST_OF_A_LINE) for key in ("where", "line")}
    if told["type"] == "NotImplementedError":
        return messages.NOT_IMPLEMENTED.format(name=function), None
    if told["type"] == "Forbidden":
        rule = _rule(forbids)
        at = {"where": told["where"], "line": told["line"]}
        brief = messages.FORBIDDEN_BRIEF.format(name=function, rule=rule)
        words = Words(told["message"] + told["line"], "", brief, brief)
        return messages.FORBIDDEN.format(name=function, operation=told["message"], rule=rule, **at), words
    if told["type"] == "TooMuchOutput":
        return messages.TOO_MUCH_OUTPUT.format(name=function, limit=output_bytes), None
    template = messages.RAISED_AT if told["line"] else messages.RAISED
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
    if forbids and _ran_into_the_wall(status):
        return messages.FORBIDDEN_BENEATH.format(name=function, rule=_rule(forbids))
    return messages.DIED.format(name=function, how=_how_it_ended(status))


def cell_stopped(why: Exception, label: str, status: int, forbids: Sequence[str] = ()) -> str:
    """The worker was stopped, or ended, while it ran a cell."""
    if isinstance(why, Stopped) and why.kind == "writing":
        return messages.CELL_TOO_MUCH_WRITTEN.format(where=label, **why.figures)
    if isinstance(why, Stopped) and why.kind == "returning":
        return messages.TOO_MUCH_RETURNED.format(**why.figures)
    if isinstance(why, Stopped) and why.kind != "died":
        return messages.CELL_TOO_LONG.format(where=label, **why.figures)
    if forbids and _ran_into_the_wall(status):
        return messages.CELL_FORBIDDEN_BENEATH.format(where=label, rule=_rule(forbids))
    return messages.CELL_DIED.format(where=label, how=_how_it_ended(status))


def _rule(forbids: Sequence[str]) -> str:
    return " and ".join(messages.RULES[family] for family in forbids)


def _ran_into_the_wall(status: int) -> bool:
    """Return whether a worker ended as one does that calls what machine_code has overwritten."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGILL


def _how_it_ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "it was killed: too much time or memory"
        names = {each.value: each.name for each in signal.Signals}
        return f"signal {names.get(number, number)}"
    return f"exit status {os.WEXITSTATUS(status)}"
