"""Find names in a learner's own cells that reach beneath Python, where no ban holds, and note them for the instructor.

This is not a verdict. No exercise needs these names; a person should look at why they are used.
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
# Names of attributes of any object: frames, torch's internals, and compilers of machine code.
ATTRIBUTES = (
    *("_getframe", "_current_frames", "settrace", "setprofile", "f_back", "tb_frame", "gi_frame"),
    *("_C", "_decomp", "_refs", "_VF", "_inductor", "prim", "cpp_extension", "load_inline", "__subclasses__"),
)
# How a note shows a name that is unclear by itself.
SHOWN = {"_getframe": "sys._getframe", "_C": "torch._C", "prim": "torch.ops.prim"}
# A string with such a text is likely meant for an import or a look-up.
SPELLED = re.compile(r"_?ctypes|cffi|gc|mmap|_getframe|_C|_decomp|torch\._(C|decomp)(\..*)?|prim(::.*)?", re.DOTALL)
HINT = re.compile("|".join((*MODULES, *ATTRIBUTES)))


def notes(submission: Submission) -> tuple[str, ...]:
    """Return a note that names the cells and the names they use; nothing where they use none."""
    used: dict[str, list[str]] = {}
    for cell in submission.cells[submission.own :]:
        for word in dict.fromkeys(_used(cell.source)):
            used.setdefault(cell.label, []).append(word)
    if not used:
        return ()
    uses = "; ".join(f"{label} uses {', '.join(words)}" for label, words in list(used.items())[:5])
    return (messages.FLAGGED.format(told=uses[:300]),)


def _used(source: str) -> Iterator[str]:
    """Yield each name that a cell uses as a library's, not as one of its own."""
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
