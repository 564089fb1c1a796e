"""What learners and instructors read about calls, cells, checks and whole submissions.

All are whole sentences with named placeholders. What is wrong with an answer is in answer_messages.py.
"""

from collections.abc import Sequence

MISSING = "Expected a function named {name}; the notebook defines none."
MISSING_NEAR = "Expected a function named {name}; the notebook defines {nearest} instead. Rename it."
MISSING_IN_FILE = "Expected a function named {name}; the file defines none."
MISSING_NEAR_IN_FILE = "Expected a function named {name}; the file defines {nearest} instead. Rename it."
MISSING_CELL = "Expected a function named {name}; {where} stopped with {error}"
MISSING_LEFT_OUT = "Expected a function named {name}; {where}, which defines it, was stopped and left out."
MISSING_FORBIDDEN = (
    "Expected a function named {name}; {where} calls {operation} where it should be defined. "
    "This step forbids {rule}: write it by hand."
)
MISMATCH = "Expected {name}{expected}, but your function has the parameters {signature}."
MISMATCH_BRIEF = "Expected {name}{expected}, but your function has other parameters."
NOT_IMPLEMENTED = "{name} is not implemented yet: it raises NotImplementedError."
RAISED = "{name} raised {type}: {message}"
RAISED_AT = "{name} raised {type}: {message} ({where}: {line})"
RAISED_SILENTLY = "{name} raised {type}"
RAISED_SILENTLY_AT = "{name} raised {type} ({where}: {line})"
ERROR = "{type}: {message}"
NOT_RUN = (
    "{message}. {missing} is defined in one of the course's own cells, which are not run when your function is graded. "
    "A function is called with its arguments only."
)
NOT_IMPORTED = "{message}. The import of {missing} had failed ({where}: {why})."
RAISED_BRIEF = "{name} raised {type}."
RAISED_BEFORE = "The same error as in “{title}”."
RAISED_BRIEFEST = "{name} raised an exception."
FORBIDDEN_BRIEF = "{name} calls what this step forbids: {rule}. Write it by hand."
FORBIDDEN = "{name} calls {operation} ({where}: {line}). This step forbids {rule}: write it by hand."
FORBIDDEN_BENEATH = (
    "{name} was stopped: a library function was called by a way that goes past torch's own operations. "
    "This step forbids {rule}: write it by hand."
)
RULES = {
    "convolution": ("library convolution (plain or transposed)",),
    "convolution_1d": ("1-D library convolution (plain or transposed)",),
    "unfold": ("F.unfold", "F.fold"),
    "pooling": ("library pooling",),
    "grid_sample": ("F.grid_sample",),
    "autograd": ("automatic gradients (autograd, backward, torch.func)",),
}
TOO_LONG = "{name} was stopped after {seconds:g} seconds of computing. Is there a loop that never ends?"
ENDLESS = "{name} was stopped in a loop that never ends ({where}: {line}). Nothing in the loop changes {names}."
ENDLESS_CHANGED = (
    "{name} was stopped in a loop that never ends ({where}: {line}). "
    "The loop changes {names}, but its condition stays true for ever."
)
ENDLESS_ALWAYS = (
    "{name} was stopped in a loop that never ends ({where}: {line}). "
    "The condition is always true, and the loop contains no break and no return."
)
ENDLESS_BRIEF = "{name} was stopped in a loop that never ends."
TOO_LONG_WAITING = (
    "{name} was stopped after waiting for {seconds:g} seconds. Functions here must not sleep or wait for anything."
)
TOO_LONG_IN_ALL = "The submission used up its {seconds:g} seconds; this check was not finished."
TOO_MUCH_OUTPUT = (
    "{name} printed more than {limit} bytes and was stopped. Remove the print, or end the loop that it is in."
)
TOO_MUCH_WRITTEN = "{name} wrote more than {limit} bytes into files and was stopped."
TOO_MUCH_RETURNED = "The submission returned more than {limit} bytes in all; it was not called again."
DIED = "{name} ended the Python process ({how}) instead of returning."
DIED_TOO_OFTEN = "The submission ended its process or was stopped too often ({times}); it was not started again."
HUNG_UP = "{name} did not return: it closed the connection to the grader."
GARBLED = "{name} did not return: the reply was not an answer."

CELL_RAISED = "{where} raised {error}"
CELL_NOT_RUN = (
    "{where} stopped at {missing}, which one of the course's own cells defines; those cells are not run in grading."
)
CELL_IMPORT = "{where} raised {error} Code that does not use this import was still graded."
CELL_TOO_LONG = "{where} was stopped after {seconds:g} seconds and left out."
CELL_DIED = "{where} ended the Python process ({how}) and was left out."
CELL_HUNG_UP = "{where} closed the connection to the grader and was left out."
CELL_GARBLED = "{where} sent what is no reply and was left out."
CELL_FORBIDDEN_BENEATH = (
    "{where} was stopped: a library function was called by a way that goes past torch's own operations. "
    "This step forbids {rule}. It was left out."
)
CELL_TOO_MUCH_OUTPUT = "{where} printed more than {limit} bytes and was stopped there."
CELL_TOO_MUCH_WRITTEN = "{where} wrote more than {limit} bytes into files and was left out."
OTHER_CELLS = "{told} The other cells were still graded."
FILE_STOPPED = "{told} The rest of the file was not run."
FILE_UNREAD = "{told} None of the file was run."

HELPED = (
    "Your {helper} is wrong, so this was tried again with the course's own {helper} in its place. "
    "With it, your function is right: this check has all its points."
)
NOT_HELPED = "{message} (Your {helper} is wrong too, so this was tried with the course's own {helper} in its place.)"
SKIPPED = "Not tried: it builds on “{title}”, which did not pass."
GRADER_ERROR = (
    "The grader itself had a problem with this check, so it has no verdict. "
    "This is not your fault; your instructor sees it too."
)

NOT_FINAL = "Some checks have no verdict, because the grader itself failed. The total is not final."

LOST = "This submission has no result: {why}. A person needs to look at it."
LOST_SLOW = "the process that graded it made no progress for {seconds:g} seconds and was ended"
LOST_LARGE = "the process that graded it took more than {mb} MB of memory and was ended"
LOST_DIED = "the process that graded it died twice"
LOST_FAILED = "the process that graded it ran into an error of its own ({type})"
UNWRITTEN = "The result of this submission could not be saved ({type}). A person needs to look at it."

NOT_ISOLATED = (
    "Graded without a sandbox (--unsafe-no-sandbox): the submission ran with all the rights of the person who graded "
    "it, and could have changed anything, including this report."
)
FLAGGED = "For the instructor: {told}; read it before you trust the points."
MAX_NOTES = 30
MORE_NOTES = "More notes of this kind: {count}."


def shortened(notes: Sequence[str]) -> tuple[str, ...]:
    """Return the first notes, and a note on how many more there are: a submission can cause thousands."""
    if len(notes) <= MAX_NOTES:
        return tuple(notes)
    return (*notes[:MAX_NOTES], MORE_NOTES.format(count=len(notes) - MAX_NOTES))
