"""Make text from a submission harmless: it cannot move a cursor, hide, change direction or run.

Terminal sequences, control characters and direction marks can make a report look like something else. Messages need no
care for HTML: the page escapes them. Prose does, since the page does not escape it.
"""

import os
import re
import sys
import unicodedata
from functools import cache

# Terminal sequences: ESC [ … letter, ESC ] … BEL or ESC \, and any other ESC with what follows it.
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]")
# Controls, directions of writing, lone halves of surrogate pairs, private use, unassigned, line separators.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# In code and prose, only deceiving characters are made visible. Joiners stay: emoji and some scripts need them.
DECEIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
TAG = re.compile(r"<(?=[A-Za-z/!?])")
# Where a Markdown link names its target, or refers to it: a target that is not a page may be a program.
LINK = re.compile(r"\](?=[(:]\s*(?!https?://|mailto:|#))")
# Where a Markdown picture begins: a page must not load what a learner names, because that would reveal its reader.
PICTURE = re.compile(r"!(?=\[)")
# Spreadsheets read a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(text: str) -> str:
    """Return the text without terminal sequences and invisible characters; keep its lines."""
    if text.isascii() and text.isprintable():
        return text
    text = ANSI.sub("", text).expandtabs(4)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in UNSEEN)


def one_line(text: str) -> str:
    """Return the text on one line, with each run of white space as one space."""
    return " ".join(text.split())


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula: a quote in front makes it text, and is not shown."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def visible(source: str) -> str:
    r"""Return a cell's source with every deceiving character spelled out, as \u202e. In a string it means the same."""
    return DECEIVING.sub(lambda match: f"\\u{ord(match[0]):04x}", source.replace("\r\n", "\n"))


def without_tags(prose: str) -> str:
    """Return Markdown or raw text in which nothing runs: a reader of nbgrader's pages may have the right to grade.

    A zero-width space after "<", "]" or "!" looks the same, in code too. It breaks tags and links that are not to
    pages, and makes a picture a link.
    """
    return PICTURE.sub("!\u200b", LINK.sub("]\u200b", TAG.sub("<\u200b", prose)))


def without_places(text: str) -> str:
    """Return the text without the folders in which Python and the kit are installed on this machine."""
    if "/" in text:
        for folder, name in _folder_names():
            text = text.replace(folder, name)
    return text


@cache
def _folder_names() -> tuple[tuple[str, str], ...]:
    """Return folders and the names that replace them, longest first. The system's own, such as /usr, may be shown."""
    kit = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = {prefix: "<python>" for prefix in (sys.base_prefix, sys.prefix) if prefix.count("/") > 1}
    names[kit] = "<kit>"
    names |= {os.path.realpath(folder): name for folder, name in names.items()}
    return tuple(sorted(names.items(), key=lambda pair: -len(pair[0])))
