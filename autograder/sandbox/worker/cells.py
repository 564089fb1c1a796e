"""Run a submission's cells in a worker, statement by statement.

A cell that raises ends there, and the others still run. Once a cell has met a ban, a statement that raises is only
passed over: it may need what the banned operation would have computed, and later functions must still be defined.
"""

import __future__

import ast
import linecache
from functools import lru_cache
from typing import Any, NamedTuple

from autograder.sandbox.worker import bans
from autograder.sandbox.worker.statements import statement_at

MAX_MESSAGE = 500
MAX_LINE = 200
MAX_PASSED_OVER = 20


class Statement(NamedTuple):
    """A statement at the top level of a cell: its code, its first and last line, and the names it imports."""

    code: Any
    lines: tuple[int, int]
    imports: tuple[str, ...]


def name_of(label: str) -> str:
    """Return the file name by which Python refers to a cell."""
    return f"<{label}>"


def run(label: str, source: str, namespace: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    """Run one cell and return the reply on it.

    The status is "met" for a learner's cell that met a ban, or raised after one had been met; the course's `own` cells
    report nothing then. The reply lists the statements that were passed over, with the `lines` that did not run. An
    import that fails is passed over, too: only the code that uses it fails.
    """
    filename = name_of(label)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    end = 1 + source.count("\n")
    passed_over: list[dict[str, Any]] = []
    before = bans.forbidden_calls()
    try:
        statements = compiled(filename, source)
    except BaseException as error:
        return {"status": "raised", **error_fields(error), "lines": [1, end]}
    for statement in statements:
        try:
            exec(statement.code, namespace)
        except BaseException as error:
            if not (isinstance(error, Exception) and (bans.forbidden_calls() or statement.imports)):
                lines = [statement.lines[0], end]
                return {"status": "raised", **error_fields(error), "lines": lines, "passed_over": passed_over}
            if len(passed_over) < MAX_PASSED_OVER:
                fields = {"lines": [*statement.lines], "imports": [*statement.imports]}
                passed_over.append({**error_fields(error), **fields})
    met = bans.forbidden_calls() > before or (bans.forbidden_calls() and passed_over)
    return {"status": "met" if met and not own else "ran", "passed_over": [] if met and own else passed_over}


@lru_cache(maxsize=32)
def compiled(filename: str, source: str) -> list[Statement]:
    """Return each statement at the top level of a cell, in order. Raises SyntaxError."""
    body = ast.parse(source, filename).body
    flags = 0
    for statement in body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                feature = getattr(__future__, alias.name, None)
                flags |= feature.compiler_flag if feature else 0
    return [
        Statement(
            compile(ast.Module([statement], []), filename, "exec", flags),
            (statement.lineno, statement.end_lineno or statement.lineno),
            _imports(statement),
        )
        for statement in body
    ]


def _imports(statement: ast.stmt) -> tuple[str, ...]:
    """Return the names that an import binds; none for any other statement."""
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return ()
    return tuple(alias.asname or alias.name.partition(".")[0] for alias in statement.names)


def is_cell(filename: str) -> bool:
    """Return whether Python refers to a cell by this file name."""
    return filename.startswith("<") and filename in linecache.cache


def source_of(filename: str) -> str:
    """Return the source of a cell, by its file name."""
    return "".join(linecache.getlines(filename))


def place(filename: str, number: int) -> dict[str, str]:
    """Return where a line of a cell is, and the statement there."""
    where = f"{filename.strip('<>')}, line {number}"
    return {"where": where[:MAX_LINE], "line": statement_at(source_of(filename), number)[:MAX_LINE]}


def error_fields(error: BaseException) -> dict[str, Any]:
    """Return an exception as text: its type, its message, and the innermost line of the learner's own code."""
    try:
        message = str(error)[:MAX_MESSAGE]
    except BaseException:
        message = ""
    fields: dict[str, Any] = {"type": type(error).__name__[:100], "message": message, "where": "", "line": ""}
    fields["bases"] = [base.__name__[:100] for base in type(error).__mro__][:10]
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith("<"):
        fields["message"] = str(error.msg)[:MAX_MESSAGE]
        fields["where"] = f"{error.filename.strip('<>')}, line {error.lineno}"
        fields["line"] = (error.text or "").strip()[:MAX_LINE]
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if is_cell(filename):
            fields |= place(filename, trace.tb_lineno)
        trace = trace.tb_next
    return fields
