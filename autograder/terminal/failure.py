"""What is said of an exception that nobody expected: one line, and the file where one stood in the way."""

import errno

# What is wrong with the machine and not with the kit, and what to do about it.
IN_THE_WAY = dict.fromkeys((errno.EACCES, errno.EPERM), "Check whose it is, its permissions and those of its folder.")
IN_THE_WAY |= dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Make room and run the command again.")
IN_THE_WAY |= {errno.EROFS: "Run the command where the course can be written."}
OURS = "autograder: the grader itself failed: {type}: {reason}. Set {debug}=1 to see where."


def in_the_way(error: BaseException) -> str:
    """Return what is said of a file that could not be read or written; nothing of any other error."""
    remedy = IN_THE_WAY.get(error.errno or 0) if isinstance(error, OSError) else None
    if not remedy:
        return ""
    return f"{error.filename or 'autograder'}: {(error.strerror or 'cannot be used').lower()}. {remedy}"


def ours(error: BaseException, debug: str) -> str:
    """Return what is said of a fault of the kit's own. Of many lines the first says what it is."""
    reason = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return OURS.format(type=type(error).__name__, reason=reason, debug=debug)
