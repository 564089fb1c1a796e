"""Sees what a learner's own cells use that reaches beneath Python, where no ban holds: the instructor is told.

It is no verdict. Nobody needs these words for an exercise, and whoever has good reason to use one has them read.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from autograder.notebooks.read import Submission
from autograder.report import messages

MODULES = (
    "ctypes",
    "_ctypes",
    "cffi",
    "_cffi_backend",
    "gc",
    "mmap",
    "cppyy",
    "numba",
    "Cython",
    "pybind11",
    "autograder",
)
# Names of attributes, wherever they stand: frames, torch's own insides, and compilers of machine code.
ATTRIBUTES = (
    *("_getframe", "_current_frames", "settrace", "setprofile", "f_back", "tb_frame", "gi_frame"),
    *("_C", "_decomp", "_refs", "_VF", "_inductor", "prim", "cpp_extension", "load_inline", "__subclasses__"),
)
# What the name is shown as, where it is not enough by itself.
SHOWN = {"_getframe": "sys._getframe", "_C": "torch._C", "prim": "torch.ops.prim"}
# Whoever spells them in a text means to import them, or to look them up.
SPELLED = re.compile(r"_?ctypes|cffi|gc|mmap|_getframe|_C|_decomp|torch\._(C|decomp)(\..*)?|prim(::.*)?", re.DOTALL)
HINT = re.compile("|".join((*MODULES, *ATTRIBUTES)))


def notes(submission: Submission) -> tuple[str, ...]:
    """Return one line that names the cells and what they use; nothing where they use none of it."""
    found: dict[str, list[str]] = {}
    for cell in submission.cells[submission.own :]:
        for word in dict.fromkeys(_used(cell.source)):
            found.setdefault(cell.label, []).append(word)
    if not found:
        return ()
    told = "; ".join(f"{label} uses {', '.join(words)}" for label, words in list(found.items())[:5])
    return (messages.FLAGGED.format(told=told[:300]),)


def _used(source: str) -> Iterator[str]:
    """Yield each word that a cell uses as a name of a library's, not as one of its own."""
    if not HINT.search(source):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        for name in _names(node):
            parts = name.split(".")
            if parts[0] in MODULES:
                yield parts[0]
            for part in parts:
                if part in ATTRIBUTES:
                    yield SHOWN.get(part, part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SPELLED.fullmatch(node.value):
            yield node.value


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        of = node.value.attr if isinstance(node.value, ast.Attribute) else ""
        if node.attr != "prim" or of == "ops":
            yield f".{node.attr}"
