"""Turn failures of nbgrader and of the gradebook into Problems: the file, what is wrong, what to do."""

import re
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import Problem

GRADEBOOK = "gradebook.db"
# How SQLAlchemy's errors begin, whatever wraps them.
SQLITE = re.compile(r"\(sqlite3\.\w+\) (.+)")
# The last line of a traceback, without the module of the exception.
RAISED = re.compile(r"^(?:\w+\.)*(\w+): (\S.*)$")
LOGGED = re.compile(r"^\[(?:ERROR|CRITICAL)\] +(\S.*)$")
# These refer the reader to a traceback that is not shown.
EMPTY_WORDS = ("Please see", "There was an error processing", "Traceback", "Did you mean")
# The kit's own: they say where, what and what to do.
OWN = ("Problem", "TookTooLong")
WRAPPERS = ("NbGraderException", "ExchangeError")
FIX = "Fix that and run the command again."
# What is wrong and what to do, by a part of SQLite's message.
SQLITE_ERRORS = {
    "locked": (
        "is locked: another program is writing to it",
        "Wait until that program is done, or close it (formgrader, a running `nbgrader`), and run the command again.",
    ),
    "readonly": ("cannot be written", "Check its owner, its permissions and those of its folder."),
    "unable to open": ("cannot be opened", "Check its owner, its permissions and those of its folder."),
    "not a database": ("is damaged: it is not a database", "{restore}"),
    "malformed": ("is damaged", "{restore}"),
    "full": ("cannot be written: the disk is full", "Make room and run the command again."),
    "no such": ("is of another version of nbgrader", "Make a copy of it, and run `nbgrader db upgrade`."),
}
RESTORE = "Replace it with a copy, the last one in backups/ is {copy}; what was graded since is graded again."
NO_COPY = "There is no copy in backups/. Replace it with one of your own, or move it away and run `autograder release`."


def succeed(course: Course, result: dict[str, Any], where: Path, what: str) -> None:
    """Raise Problem with the reason that nbgrader gave, unless the command succeeded."""
    if result["success"]:
        return
    require_gradebook(course, result)
    raise Problem(where, f"{what}; nbgrader says: {reason(result)}", FIX)


def require_gradebook(course: Course, result: dict[str, Any]) -> None:
    """Raise Problem if an nbgrader command failed because of the gradebook."""
    output = "" if result["success"] else f"{result.get('log') or ''}\n{result.get('error') or ''}"
    if match := SQLITE.search(output):
        raise gradebook_problem(course, match[1])


def gradebook_problem(course: Course, message: str) -> Problem:
    """Return the Problem with the gradebook behind a message of SQLite's."""
    unknown = ("could not be used", FIX)
    what, remedy = next((known for part, known in SQLITE_ERRORS.items() if part in message), unknown)
    copies = sorted((course.root / "backups").glob("gradebook-*.db"))
    restore = RESTORE.format(copy=copies[-1].name) if copies else NO_COPY
    return Problem(course.root / GRADEBOOK, f"{what} ({message.strip()})", remedy.format(restore=restore))


def reason(result: dict[str, Any]) -> str:
    """Return the most telling line of a failed command's log: the exception, or else the last logged error."""
    log, error = (result.get(name) or "" for name in ("log", "error"))
    # The log indents all lines of a message but the first.
    for text, indent in ((log, "    "), (error, "")):
        lines = [line.rstrip().removeprefix(indent) for line in text.splitlines()]
        raised = [match for line in lines if (match := RAISED.match(line)) and match[1] not in WRAPPERS]
        if "Traceback" in text and raised:
            name, message = raised[-1].groups()
            return str(message) if name in OWN else f"{name}: {message}"
        logged = [match[1] for line in lines if (match := LOGGED.match(line)) and not match[1].startswith(EMPTY_WORDS)]
        if logged:
            return str(logged[-1])
    output = [line.strip() for line in f"{error}\n{log}".splitlines() if line.strip()]
    return output[-1] if output else "it gave no reason"
