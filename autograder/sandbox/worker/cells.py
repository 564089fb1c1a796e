"""Runs a submission's cells inside the fork, statement by statement.

A cell that raises ends there, and the others go on. Once a cell has run into a ban, what raises is only passed over: it
may lack what a banned operation would have computed, and a function must not be lost for that.
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
    """A statement at the top of a cell: its code, its first and last line, and what it imports."""

    code: Any
    lines: tuple[int, int]
    imports: tuple[str, ...]


def name_of(label: str) -> str:
    """What stands for a cell's file where Python tells of one."""
    return f"<{label}>"


def run(label: str, source: str, namespace: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    """Run one cell; the reply on it.

    "met" is the status of a learner's cell that ran into a ban, or raised after a ban had been met. Of the course's
    `own` cells nothing is said then. What was passed over is told; `lines` are those that did not run for it. An import
    that fails is passed over, too: only what uses it is lost.
    """
    filename = name_of(label)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    end = 1 + source.count("\n")
    passed_over: list[dict[str, Any]] = []
    before = bans.met()
    try:
        statements = compiled(filename, source)
    except BaseException as error:
        return {"status": "raised", **told(error), "lines": [1, end]}
    for statement in statements:
        try:
            exec(statement.code, namespace)
        except BaseException as error:
            if not (isinstance(error, Exception) and (bans.met() or statement.imports)):
                lines = [statement.lines[0], end]
                return {"status": "raised", **told(error), "lines": lines, "passed_over": passed_over}
            if len(passed_over) < MAX_PASSED_OVER:
                passed_over.append({**told(error), "lines": [*statement.lines], "imports": [*statement.imports]})
    met = bans.met() > before or (bans.met() and passed_over)
    return {"status": "met" if met and not own else "ran", "passed_over": [] if met and own else passed_over}


@lru_cache(maxsize=32)
def compiled(filename: str, source: str) -> list[Statement]:
    """Each statement at the top of a cell, in order. Raises SyntaxError where any of them has one."""
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


def told(error: BaseException) -> dict[str, Any]:
    """An exception as text: its kind, its message, and the last line of the learner's own code that it passed."""
    try:
        message = str(error)[:MAX_MESSAGE]
    except BaseException:
        message = ""
    said: dict[str, Any] = {"type": type(error).__name__[:100], "message": message, "where": "", "line": ""}
    said["bases"] = [base.__name__[:100] for base in type(error).__mro__][:10]
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith("<"):
        said["message"] = str(error.msg)[:MAX_MESSAGE]
        said["where"] = f"{error.filename.strip('<>')}, line {error.lineno}"
        said["line"] = (error.text or "").strip()[:MAX_LINE]
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in linecache.cache and filename.startswith("<"):
            said["where"] = f"{filename.strip('<>')}, line {trace.tb_lineno}"[:200]
            said["line"] = statement_at("".join(linecache.getlines(filename)), trace.tb_lineno)[:MAX_LINE]
        trace = trace.tb_next
    return said
