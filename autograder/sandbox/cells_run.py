"""What came of running a submission's cells: the notes on them, and what their functions lack because of it."""

import ast
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.notebooks.read import Cell, Submission, names_defined
from autograder.report import messages
from autograder.sandbox import no_answer, replies, static_names
from autograder.sandbox.no_answer import Stopped

UNDEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Lost:
    """Lines of a cell that did not run to their end: what was raised there, and the names that it would import."""

    source: str
    where: str
    kind: str
    message: str
    imports: Sequence[str] = ()

    def would_define(self, function: str) -> bool:
        """True where these lines bind the name. Of what Python cannot read, any function may be the one."""
        return _binds(self.source, function) or (self.kind == "SyntaxError" and "def " in self.source)


class CellsRun:
    """The cells of one submission, and what became of each where it is not that it ran to its end."""

    def __init__(self, submission: Submission, forbids: Sequence[str] = (), functions: Sequence[str] = ()) -> None:
        self.submission = submission
        self.left_out: set[int] = set()
        self.met_a_ban = False
        self.forbids = forbids
        self._functions = functions
        self._lost: list[Lost] = []
        self._others_lost = False

    @property
    def all_ran(self) -> bool:
        """True where each cell has run to its end, and none of the learner's own has met a ban."""
        return not (self.left_out or self.met_a_ban or self._lost or self._others_lost)

    def begin(self) -> None:
        """Forget what a worker before this one said."""
        self._lost = []

    def ran(self, index: int, reply: Mapping[str, Any], output_bytes: int) -> list[str]:
        """Take in what a worker says of a cell; the notes on it."""
        cell = self.submission.cells[index]
        met = reply.get("status") == "met"
        self.met_a_ban |= met
        passed_over = reply.get("passed_over")
        told = [each for each in passed_over if isinstance(each, dict)] if isinstance(passed_over, list) else []
        lost = [_lost(cell, each) for each in told]
        notes = [self._import_failed(each) for each in lost if each.imports and not met]
        if reply.get("status") == "raised":
            last = _lost(cell, reply)
            lost.append(last)
            notes.append(self._raised(last, output_bytes))
        if index in self.submission.given:
            # Nobody but the course is to blame for its own cells.
            self._others_lost |= bool(lost)
        else:
            self._lost += lost
        return notes

    def stopped(self, index: int, why: Exception, status: int) -> str:
        """Leave a cell out, in which the worker was stopped or ended; the note on it."""
        self.left_out.add(index)
        where, forbids = self.submission.cells[index].label, self.forbids
        kind = why.kind if isinstance(why, Stopped) else "died"
        figures = why.figures if isinstance(why, Stopped) else {}
        if kind == "returning":
            return messages.TOO_MUCH_RETURNED.format(**figures)
        if kind == "writing":
            told = messages.CELL_TOO_MUCH_WRITTEN.format(where=where, **figures)
        elif kind != "died":
            told = messages.CELL_TOO_LONG.format(where=where, **figures)
        elif forbids and no_answer.ran_into_the_wall(status):
            told = messages.CELL_FORBIDDEN_BENEATH.format(where=where, rule=no_answer.rule(forbids))
        else:
            told = messages.CELL_DIED.format(where=where, how=no_answer.how_it_ended(status))
        return told if self.submission.is_file else messages.OTHER_CELLS.format(told=told)

    def missing(self, function: str, reply: Mapping[str, Any]) -> str:
        """Return why there is no such function: lost in a cell of the learner's own, under another name, or not there.

        No other function that the step asks for is offered as the one, and none of the course's own.
        """
        for lost in self._lost:
            if lost.would_define(function):
                return self._lost_in(lost, function)
        for index in sorted(self.left_out - set(self.submission.given)):
            cell = self.submission.cells[index]
            if _binds(cell.source, function):
                return messages.MISSING_LEFT_OUT.format(name=function, where=cell.label)
        given = (name for index in self.submission.given for name in names_defined(self.submission.cells[index].source))
        taken = {*self._functions, *given}
        defined = [name for name in replies.words(reply, "defined") if name not in taken]
        nearest = difflib.get_close_matches(function, defined, n=1, cutoff=0.6)
        if self.submission.is_file:
            template = messages.MISSING_NEAR_IN_FILE if nearest else messages.MISSING_IN_FILE
        else:
            template = messages.MISSING_NEAR if nearest else messages.MISSING
        return template.format(name=function, nearest=nearest[0] if nearest else "")

    def explained(self, text: str, reply: Mapping[str, Any]) -> str:
        """Return the words for an exception, with the reason where a name is missing that a cell should have given."""
        undefined = UNDEFINED.fullmatch(replies.text(reply, "message")) if reply.get("type") == "NameError" else None
        if undefined is None:
            return text
        name = undefined[1]
        for lost in self._lost:
            if name in lost.imports:
                return messages.NOT_IMPORTED.format(message=text, missing=name, where=lost.where, why=lost.message)
        return messages.NOT_RUN.format(message=text, missing=name) if name in self._not_run else text

    @property
    def _not_run(self) -> frozenset[str]:
        return frozenset(name for source in self.submission.locked for name in _names(source))

    def _lost_in(self, lost: Lost, function: str) -> str:
        if lost.kind == "Forbidden":
            told = {"operation": lost.message, "rule": no_answer.rule(self.forbids)}
            return messages.MISSING_FORBIDDEN.format(name=function, where=lost.where, **told)
        error = no_answer.error(lost.kind, lost.message)
        return messages.MISSING_CELL.format(name=function, where=lost.where, error=error)

    def _import_failed(self, lost: Lost) -> str:
        return messages.CELL_IMPORT.format(where=lost.where, error=_sentence(no_answer.error(lost.kind, lost.message)))

    def _raised(self, lost: Lost, output_bytes: int) -> str:
        undefined = UNDEFINED.fullmatch(lost.message) if lost.kind == "NameError" else None
        if lost.kind == "TooMuchOutput":
            told = messages.CELL_TOO_MUCH_OUTPUT.format(where=lost.where.partition(", line ")[0], limit=output_bytes)
        elif undefined and undefined[1] in self._not_run:
            told = messages.CELL_NOT_RUN.format(where=lost.where, missing=undefined[1])
        else:
            error = _sentence(no_answer.error(lost.kind, lost.message))
            told = messages.CELL_RAISED.format(where=lost.where, error=error)
        if not self.submission.is_file:
            return messages.OTHER_CELLS.format(told=told)
        unread = lost.kind == "SyntaxError" and lost.source == self.submission.cells[0].source
        return (messages.FILE_UNREAD if unread else messages.FILE_STOPPED).format(told=told)


def _lost(cell: Cell, told: Mapping[str, Any]) -> Lost:
    """What a worker says was lost in a cell; its claims are taken only in the form that they should have."""
    lines = cell.source.splitlines()
    span = told.get("lines")
    first, last = span if isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span) else (1, 0)
    source = "\n".join(lines[max(0, first - 1) : max(0, last)]) if (first, last) != (1, len(lines)) else cell.source
    said = {key: replies.text(told, key) for key in ("type", "message", "where")}
    imports = tuple(replies.words(told, "imports"))
    return Lost(source, said["where"] or cell.label, said["type"], said["message"], imports)


def _sentence(text: str) -> str:
    """The text with the full stop that it lacks."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _binds(source: str, name: str) -> bool:
    """True where code seems to define a name, assign to it or import it. Python may not be able to read the code."""
    word = re.escape(name)
    if re.search(rf"\b(?:def|class)\s+{word}\b|\b{word}\s*=(?!=)", source):
        return True
    # Line by line: one expression for all of it would take the square of the length of a line full of imports.
    imported = (line.partition("import ")[2] for line in source.splitlines() if "import " in line)
    return any(re.search(rf"\b{word}\b", names) for names in imported)


# The locked cells of a class are the same for all.
@lru_cache(maxsize=64)
def _names(source: str) -> frozenset[str]:
    """Names that a cell of the course's own binds at its top."""
    try:
        return frozenset(name for statement in ast.parse(source).body for name in static_names.bound(statement))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
