"""What went wrong in nbgrader or in the gradebook, as a Problem: the file, what is wrong with it, and what to do."""

import re
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import Problem

GRADEBOOK = "gradebook.db"
# What SQLAlchemy's errors begin with, whatever wraps them.
SQLITE = re.compile(r"\(sqlite3\.\w+\) (.+)")
# The last line of a traceback, without the module that the exception is of.
RAISED = re.compile(r"^(?:\w+\.)*(\w+): (\S.*)$")
LOGGED = re.compile(r"^\[(?:ERROR|CRITICAL)\] +(\S.*)$")
# They send the reader to a traceback that nobody is shown, or stand for one.
EMPTY_WORDS = ("Please see", "There was an error processing", "Traceback", "Did you mean")
# The kit's own: they say where, what and what to do.
OWN = ("Problem", "TookTooLong")
WRAPPERS = ("NbGraderException", "ExchangeError")
MEND = "Mend that and run the command again."
# By a part of what SQLite says: what is wrong, and what to do.
TROUBLES = {
    "locked": (
        "is locked: another program is writing to it",
        "Wait until that is done, or close it (formgrader, an open `nbgrader`), and run the command again.",
    ),
    "readonly": ("cannot be written", "Check whose it is, its permissions and those of its folder."),
    "unable to open": ("cannot be opened", "Check whose it is, its permissions and those of its folder."),
    "not a database": ("is damaged: it is no database", "{restore}"),
    "malformed": ("is damaged", "{restore}"),
    "full": ("cannot be written: the disk is full", "Make room and run the command again."),
    "no such": ("is of another version of nbgrader", "Keep a copy of it, and run `nbgrader db upgrade`."),
}
RESTORE = "Put a copy in its place, the last one of backups/ is {copy}; what was graded since is graded again."
NO_COPY = (
    "There is no copy in backups/. Put one of your own in its place, or move it away and run `autograder release`."
)


def succeed(course: Course, result: dict[str, Any], where: Path, what: str) -> None:
    """Raise Problem with the reason that nbgrader gave, unless the command succeeded."""
    if result["success"]:
        return
    require_gradebook(course, result)
    raise Problem(where, f"{what}; nbgrader says: {reason(result)}", MEND)


def require_gradebook(course: Course, result: dict[str, Any]) -> None:
    """Raise Problem where a command of nbgrader's failed because of the gradebook."""
    said = "" if result["success"] else f"{result.get('log') or ''}\n{result.get('error') or ''}"
    if found := SQLITE.search(said):
        raise in_gradebook(course, found[1])


def in_gradebook(course: Course, said: str) -> Problem:
    """Return the Problem with the gradebook that SQLite tells of in these words."""
    known = next((one for part, one in TROUBLES.items() if part in said), ("could not be used", MEND))
    copies = sorted((course.root / "backups").glob("gradebook-*.db"))
    restore = RESTORE.format(copy=copies[-1].name) if copies else NO_COPY
    return Problem(course.root / GRADEBOOK, f"{known[0]} ({said.strip()})", known[1].format(restore=restore))


def reason(result: dict[str, Any]) -> str:
    """Return the line of a failed command's log that says most: what was raised, or else the last error in words."""
    log, error = (result.get(name) or "" for name in ("log", "error"))
    # In the log, all lines of a message but the first are set in.
    for text, indent in ((log, "    "), (error, "")):
        lines = [line.rstrip().removeprefix(indent) for line in text.splitlines()]
        raised = [found for line in lines if (found := RAISED.match(line)) and found[1] not in WRAPPERS]
        if "Traceback" in text and raised:
            name, said = raised[-1].groups()
            return said if name in OWN else f"{name}: {said}"
        logged = [found[1] for line in lines if (found := LOGGED.match(line)) and not found[1].startswith(EMPTY_WORDS)]
        if logged:
            return logged[-1]
    said = [line.strip() for line in f"{error}\n{log}".splitlines() if line.strip()]
    return said[-1] if said else "it gave no reason"
