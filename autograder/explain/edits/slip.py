"""Say where a slip is: the cell, the line and its words, and what kind of slip it is."""

import ast
import difflib

from autograder.explain.edits.candidates import Candidate
from autograder.notebooks.read import Submission
from autograder.report import edit_messages as messages
from autograder.report.report import Slip
from autograder.sanitize import one_line

# A longer line is not quoted.
LONGEST = 120


def slip(submission: Submission, function: str, candidate: Candidate, *, solution: bool) -> Slip:
    """Return the slip that a candidate mends. Only for a `solution` does its text say the change."""
    cell = submission.cells[candidate.definition.cell]
    code = one_line(cell.source.split("\n")[candidate.line - 1]).strip()
    where = messages.PLACE.format(cell=one_line(cell.label), line=candidate.line)
    template = messages.FOUND if len(code) <= LONGEST else messages.FOUND_SHORT
    text = template.format(where=where, code=code, says=candidate.family.says, function=function)
    change = _change(candidate)
    if solution:
        text = f"{text} {messages.SOLUTION.format(change=change)}"
    return Slip(cell=cell.label, line=candidate.line, code=code, family=candidate.family.name, change=change, text=text)


def _change(candidate: Candidate) -> str:
    """Return the lines that the edit takes away and adds, as Python writes them."""
    before, after = ast.unparse(candidate.definition.tree).splitlines(), candidate.text.splitlines()
    lines = list(difflib.ndiff(before, after))
    gone, new = ([line[2:].strip() for line in lines if line.startswith(mark)] for mark in ("- ", "+ "))
    if gone == new:
        return messages.MOVED.format(line="; ".join(gone))
    return messages.CHANGE.format(before="; ".join(gone) or messages.NOTHING, after="; ".join(new) or messages.NOTHING)
