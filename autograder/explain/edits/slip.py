"""Say where a slip is: the cell, the line or lines and their words, and what kind of slip it is."""

import difflib
from collections.abc import Sequence

from autograder.explain.edits.candidates import Candidate
from autograder.explain.edits.texts import Text
from autograder.notebooks.read import Submission
from autograder.report import edit_messages as messages
from autograder.report.report import Slip
from autograder.sanitize import one_line

# A longer line is not quoted.
LONGEST = 122
# What mends these is not one change of the line.
PROMISES = {
    messages.SAME: messages.CHANGES,
    messages.PAIR: messages.CHANGES,
    messages.RETURNED: messages.ONE_CHANGE_HERE,
}


def slip(submission: Submission, function: str, candidate: Candidate, *, solution: bool) -> Slip:
    """Return the slip that a candidate mends. Only for a `solution` does its text say the change."""
    cell = submission.cells[candidate.definition.cell]
    codes = [one_line(cell.source.split("\n")[line - 1]).strip() for line in candidate.lines]
    quoted = _listed([messages.QUOTED.format(code=code) for code in codes])
    text = messages.FOUND.format(
        where=_where(one_line(cell.label), candidate.lines),
        code=messages.CODE.format(code=quoted) if len(quoted) <= LONGEST else "",
        says=_says(candidate),
        promise=_promise(candidate).format(function=function),
    )
    change = _change(candidate)
    if solution:
        text = f"{text} {messages.SOLUTION.format(change=change)}"
    return Slip(
        cell=cell.label,
        line=candidate.lines[0],
        lines=candidate.lines,
        code=codes[0],
        family=candidate.family.name,
        change=change,
        text=text,
    )


def _where(cell: str, lines: Sequence[int]) -> str:
    template = messages.PLACE if len(lines) == 1 else messages.PLACES
    return template.format(cell=cell, lines=_listed([str(line) for line in lines]))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _says(candidate: Candidate) -> str:
    if len(candidate.lines) == 1:
        return candidate.family.says
    return messages.IN_EACH if candidate.family.says == messages.SAME else messages.PAIR_OF_LINES


def _promise(candidate: Candidate) -> str:
    if len(candidate.lines) > 1:
        return messages.CHANGES_TO_LINES
    return PROMISES.get(candidate.family.says, messages.ONE_CHANGE)


def _change(candidate: Candidate) -> str:
    """Return the lines that the edit takes away and adds, as Python writes them."""
    before, after = Text(candidate.definition.tree).plain.splitlines(), candidate.text.splitlines()
    lines = list(difflib.ndiff(before, after))
    gone, new = ([line[2:].strip() for line in lines if line.startswith(mark)] for mark in ("- ", "+ "))
    if gone == new:
        return messages.MOVED.format(line="; ".join(gone))
    return messages.CHANGE.format(before="; ".join(gone) or messages.NOTHING, after="; ".join(new) or messages.NOTHING)
