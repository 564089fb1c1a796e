"""Text that came from a submission -> text that only says something: it cannot move a cursor, hide, turn or run.

Terminal sequences, control characters and marks that change the direction of writing can make a report read as
something that it is not. Messages need no care for HTML: they are escaped where a page is made of them. Prose is not.
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
# In code and prose only what deceives is made visible; joiners, which emoji and some scripts need, are left.
DECEIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
TAG = re.compile(r"<(?=[A-Za-z/!?])")
# Where a link of Markdown names its target, or will name it: any but one to a page may be a program.
LINK = re.compile(r"\](?=[(:]\s*(?!https?://|mailto:|#))")
# Where a picture of Markdown begins: a page loads nothing that a learner names, which would tell who reads it.
PICTURE = re.compile(r"!(?=\[)")


def clean(text: str) -> str:
    """The text without terminal sequences and without characters that cannot be seen; lines are kept."""
    if text.isascii() and text.isprintable():
        return text
    text = ANSI.sub("", text).expandtabs(4)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in UNSEEN)


def one_line(text: str) -> str:
    """The text with each line break and each run of white space as one space: what follows begins no line."""
    return " ".join(text.split())


def visible(source: str) -> str:
    r"""A cell's source with every deceiving character spelled out, as \u202e; in a Python string it means the same."""
    return DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", source.replace("\r\n", "\n"))


def without_tags(prose: str) -> str:
    """Markdown or raw text in which nothing runs: nbgrader's pages would show it to someone who can change grades.

    A space of no width behind the "<", the "]" or the "!" reads the same, in code as well, and makes no tag, no link of
    another kind and no picture; a picture becomes a link.
    """
    return PICTURE.sub("!\u200b", LINK.sub("]\u200b", TAG.sub("<\u200b", prose)))


def without_places(text: str) -> str:
    """The text without the folders in which Python and the kit are installed here: they are nobody's business."""
    if "/" in text:
        for place, name in _places():
            text = text.replace(place, name)
    return text


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Folders and what stands for them, the longest first. A system's own, such as /usr, say nothing."""
    kit = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = {prefix: "<python>" for prefix in (sys.base_prefix, sys.prefix) if prefix.count("/") > 1}
    found[kit] = "<kit>"
    found |= {os.path.realpath(place): name for place, name in found.items()}
    return tuple(sorted(found.items(), key=lambda place: -len(place[0])))
