"""Keep the results of running a submission's cells: the notes on them, and why a function is missing."""

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
class FailedLines:
    """Lines of a cell that did not run to their end: the exception, and the names that they would have imported."""

    source: str
    where: str
    kind: str
    message: str
    imports: Sequence[str] = ()

    def would_define(self, function: str) -> bool:
        """Return whether these lines would have bound the name. Lines with a syntax error may define any function."""
        return _binds(self.source, function) or (self.kind == "SyntaxError" and "def " in self.source)


class CellsRun:
    """The cells of one submission, with those that were left out, failed, or met a ban."""

    def __init__(self, submission: Submission, forbids: Sequence[str] = (), functions: Sequence[str] = ()) -> None:
        self.submission = submission
        self.left_out: set[int] = set()
        self.met_a_ban = False
        self.forbids = forbids
        self._functions = functions
        # Of the learner's own cells; failures of the cells that the course gave out are only counted.
        self._failures: list[FailedLines] = []
        self._given_failed = False

    @property
    def all_ran(self) -> bool:
        """Return whether each cell has run to its end, and none of the learner's own has met a ban."""
        return not (self.left_out or self.met_a_ban or self._failures or self._given_failed)

    def begin(self) -> None:
        """Forget what the previous worker reported."""
        self._failures = []

    def ran(self, index: int, reply: Mapping[str, Any], output_bytes: int) -> list[str]:
        """Record a worker's reply on a cell, and return the notes on it."""
        cell = self.submission.cells[index]
        met = reply.get("status") == "met"
        self.met_a_ban |= met
        passed_over = reply.get("passed_over")
        reported = passed_over if isinstance(passed_over, list) else []
        failures = [_failed_lines(cell, fields) for fields in reported if isinstance(fields, dict)]
        notes = [self._import_note(lines) for lines in failures if lines.imports and not met]
        if reply.get("status") == "raised":
            last = _failed_lines(cell, reply)
            failures.append(last)
            notes.append(self._raised_note(last, output_bytes))
        if index in self.submission.given:
            # The learner is not to blame for the course's own cells.
            self._given_failed |= bool(failures)
        else:
            self._failures += failures
        return notes

    def stopped(self, index: int, why: Exception, status: int | None) -> str:
        """Leave out the cell in which the worker was stopped, hung up (None) or ended, and return the note on it."""
        self.left_out.add(index)
        where, forbids = self.submission.cells[index].label, self.forbids
        kind = why.kind if isinstance(why, Stopped) else "garbled"
        figures = why.figures if isinstance(why, Stopped) else {}
        if kind == "returning":
            return messages.TOO_MUCH_RETURNED.format(**figures)
        if kind == "writing":
            note = messages.CELL_TOO_MUCH_WRITTEN.format(where=where, **figures)
        elif kind == "garbled":
            note = messages.CELL_GARBLED.format(where=where)
        elif kind != "died":
            note = messages.CELL_TOO_LONG.format(where=where, **figures)
        elif status is None:
            note = messages.CELL_HUNG_UP.format(where=where)
        elif forbids and no_answer.hit_the_trap(status):
            note = messages.CELL_FORBIDDEN_BENEATH.format(where=where, rule=no_answer.rule(forbids))
        else:
            note = messages.CELL_DIED.format(where=where, how=no_answer.how_it_ended(status))
        return note if self.submission.is_file else messages.OTHER_CELLS.format(told=note)

    def missing(self, function: str, reply: Mapping[str, Any]) -> str:
        """Return why there is no such function: its cell failed, it has a similar name, or it was never written.

        A similar name is not suggested if it is another function that the step asks for, or one of the course's own.
        """
        for failed in self._failures:
            if failed.would_define(function):
                return self._failed_cell(failed, function)
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
        """Return the text on an exception; where a name is undefined because a cell failed, add that reason."""
        undefined = UNDEFINED.fullmatch(replies.text(reply, "message")) if reply.get("type") == "NameError" else None
        if undefined is None:
            return text
        name = undefined[1]
        for failed in self._failures:
            if name in failed.imports:
                return messages.NOT_IMPORTED.format(message=text, missing=name, where=failed.where, why=failed.message)
        return messages.NOT_RUN.format(message=text, missing=name) if name in self._not_run else text

    @property
    def _not_run(self) -> frozenset[str]:
        return frozenset(name for source in self.submission.locked for name in _names(source))

    def _failed_cell(self, failed: FailedLines, function: str) -> str:
        if failed.kind == "Forbidden":
            rule = no_answer.rule(self.forbids)
            return messages.MISSING_FORBIDDEN.format(
                name=function, where=failed.where, operation=failed.message, rule=rule
            )
        error = no_answer.error(failed.kind, failed.message)
        return messages.MISSING_CELL.format(name=function, where=failed.where, error=error)

    def _import_note(self, failed: FailedLines) -> str:
        error = _sentence(no_answer.error(failed.kind, failed.message))
        return messages.CELL_IMPORT.format(where=failed.where, error=error)

    def _raised_note(self, failed: FailedLines, output_bytes: int) -> str:
        undefined = UNDEFINED.fullmatch(failed.message) if failed.kind == "NameError" else None
        if failed.kind == "TooMuchOutput":
            note = messages.CELL_TOO_MUCH_OUTPUT.format(where=failed.where.partition(", line ")[0], limit=output_bytes)
        elif undefined and undefined[1] in self._not_run:
            note = messages.CELL_NOT_RUN.format(where=failed.where, missing=undefined[1])
        else:
            error = _sentence(no_answer.error(failed.kind, failed.message))
            note = messages.CELL_RAISED.format(where=failed.where, error=error)
        if not self.submission.is_file:
            return messages.OTHER_CELLS.format(told=note)
        unread = failed.kind == "SyntaxError" and failed.source == self.submission.cells[0].source
        return (messages.FILE_UNREAD if unread else messages.FILE_STOPPED).format(told=note)


def _failed_lines(cell: Cell, fields: Mapping[str, Any]) -> FailedLines:
    """Return the failed lines that a worker reports. Accept each field only in the form that it should have."""
    lines = cell.source.splitlines()
    span = fields.get("lines")
    first, last = span if isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span) else (1, 0)
    source = "\n".join(lines[max(0, first - 1) : max(0, last)]) if (first, last) != (1, len(lines)) else cell.source
    kind, message, where = (replies.text(fields, key) for key in ("type", "message", "where"))
    return FailedLines(source, where or cell.label, kind, message, tuple(replies.words(fields, "imports")))


def _sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends like a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _binds(source: str, name: str) -> bool:
    """Return whether code seems to define, assign or import a name, even if Python cannot read the code."""
    word = re.escape(name)
    if re.search(rf"\b(?:def|class)\s+{word}\b|\b{word}\s*=(?!=)", source):
        return True
    # Line by line: one expression for all lines would take quadratic time on a line full of imports.
    imported = (line.partition("import ")[2] for line in source.splitlines() if "import " in line)
    return any(re.search(rf"\b{word}\b", names) for names in imported)


# All submissions of a class have the same locked cells.
@lru_cache(maxsize=64)
def _names(source: str) -> frozenset[str]:
    """Return the names that a cell of the course's own binds at its top level."""
    try:
        return frozenset(name for statement in ast.parse(source).body for name in static_names.bound(statement))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
