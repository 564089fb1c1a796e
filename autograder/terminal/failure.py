"""Turn exceptions into one line on stderr and an exit status."""

import errno
import gc
import os
import sys
from collections.abc import Callable

from autograder.errors import Problem
from autograder.terminal.exit_status import NO_VERDICT, WRONG_USAGE
from autograder.terminal.say import say

DEBUG = "AUTOGRADER_DEBUG"
# What is wrong with the machine and not with the kit, and what to do about it.
REMEDIES = dict.fromkeys((errno.EACCES, errno.EPERM), "Check its owner, its permissions and those of its folder.")
REMEDIES |= dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Make room and run the command again.")
REMEDIES |= {errno.EROFS: "Run the command where the course can be written."}
OWN_FAULT = "autograder: the grader itself failed: {type}: {reason}. Set {debug}=1 to see where."


def run_safely(command: Callable[[], None]) -> None:
    """Run a command line. Print one line for an exception, and exit with its status."""
    try:
        command()
    except Problem as problem:
        say(str(problem))
        sys.exit(WRONG_USAGE)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        message = unusable_file(error)
        say(message or own_fault(error))
        sys.exit(WRONG_USAGE if message else NO_VERDICT)
    finally:
        # Without this, Python searches all imported modules for garbage as it ends: 0.7 s, with torch.
        gc.freeze()


def unusable_file(error: Exception) -> str:
    """Return the message for a file that could not be read or written; empty for any other error."""
    if not isinstance(error, OSError) or error.errno not in REMEDIES:
        return ""
    return f"{error.filename or 'autograder'}: {(error.strerror or 'cannot be used').lower()}. {REMEDIES[error.errno]}"


def own_fault(error: Exception) -> str:
    """Return the message for a fault of the kit, with the first line of the exception."""
    reason = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return OWN_FAULT.format(type=type(error).__name__, reason=reason, debug=DEBUG)
