"""Runs a submission's cells inside the fork, statement by statement.

A cell that raises ends there, and the others go on. Once a cell has run into a ban, what raises is only passed over: it
may lack what a banned operation would have computed, and a function must not be lost for that.
"""

import __future__

import ast
import linecache
from functools import lru_cache
from typing import Any

from autograder.sandbox.worker import bans

MAX_MESSAGE = 500


def name_of(label: str) -> str:
    """What stands for a cell's file where Python tells of one."""
    return f"<{label}>"


def run(label: str, source: str, namespace: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    """Run one cell; the reply on it.

    "met" is the status of a learner's cell that ran into a ban, or raised after a ban had been met. Of the course's
    `own` cells nothing is said then.
    """
    filename = name_of(label)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    passed_over: dict[str, Any] = {}
    before = bans.met()
    try:
        for statement in compiled(filename, source):
            try:
                exec(statement, namespace)
            except Exception as error:
                if not bans.met():
                    raise
                passed_over = passed_over or told(error)
    except BaseException as error:
        return {"status": "raised", **told(error)}
    ran = own or (not passed_over and bans.met() == before)
    return {"status": "ran"} if ran else {"status": "met", **passed_over}


@lru_cache(maxsize=32)
def compiled(filename: str, source: str) -> list[Any]:
    """The code of each statement at the top of a cell, in order. Raises SyntaxError where any of them has one."""
    body = ast.parse(source, filename).body
    flags = 0
    for statement in body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                feature = getattr(__future__, alias.name, None)
                flags |= feature.compiler_flag if feature else 0
    return [compile(ast.Module([statement], []), filename, "exec", flags) for statement in body]


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
        said["line"] = (error.text or "").strip()[:200]
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in linecache.cache and filename.startswith("<"):
            said["where"] = f"{filename.strip('<>')}, line {trace.tb_lineno}"[:200]
            said["line"] = linecache.getline(filename, trace.tb_lineno).strip()[:200]
        trace = trace.tb_next
    return said
