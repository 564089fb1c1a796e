"""Build a second wall beneath torch's dispatcher: overwrite the machine code of forbidden operations in a branch.

The bans replace kernels in torch's dispatcher. Some of torch's code calls kernels without the dispatcher: operations
that only TorchScript knows, fused operations, interpreters. All end in functions that the shared library exports, and
each of these begins with an illegal instruction here. SIGILL ends a worker that calls one, and the judge says why.
This works on Linux on x86-64 only. Elsewhere there are only the bans.

Nothing is restored. The overwritten pages are this process's own copies, and every worker that it forks has them.
"""

import ctypes
import mmap
import platform
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import torch

# The instruction ud2.
TRAPS = {"x86_64": b"\x0f\x0b"}
LIBRARY = "libtorch_cpu.so"
READ, WRITE, EXECUTE = 1, 2, 4
# By family, a pattern for one of the names in a function's full name (`at::native::mkldnn_convolution`).
NAMES = {
    "convolution": re.compile(rb"(?i:conv)(?!ert|ersion)|^deconv"),
    "convolution_1d": re.compile(rb"(?i:conv)(?!ert|ersion)(?!\w*[23]d)"),
    "unfold": re.compile(rb"im2col|col2im"),
    "pooling": re.compile(rb"(?i:pool)"),
    "grid_sample": re.compile(rb"grid_sampl|grid_generator"),
    # TorchScript differentiates by the first, and it records beneath the bans.
    "autograd": re.compile(rb"^(differentiate|execute_with_graph_task|evaluate_function)$"),
}
# Names that match by accident.
OTHERS = re.compile(rb"unpack|reorder|unpool|thread|(?i:mem(ory)?_?pool)")
# Disabled whatever is forbidden: torch's own interpreters would call kernels by themselves.
INTERPRETERS = (
    b"_ZN5torch3jit16InterpreterState3run",
    b"_ZN5torch3jit16InterpreterState8runAsync",
    b"_ZN5torch3jit13GraphExecutor3run",
    b"_ZN5torch3jit13GraphExecutor8runAsync",
    b"_ZN5torch3jit6mobile16InterpreterState3run",
)
# The namespaces of kernels. The dispatcher's own functions (at::_ops) must still raise Forbidden.
SPACES = (
    *(b"_ZN2at6native", b"_ZNK2at6native", b"_ZN5torch3jit", b"_ZNK5torch3jit"),
    *(b"_ZN5torch8autograd6Engine", b"_ZN16PackedConv"),
)
SYMBOL = np.dtype(
    [("name", "<u4"), ("info", "u1"), ("other", "u1"), ("section", "<u2"), ("at", "<u8"), ("size", "<u8")]
)
SECTION = np.dtype(
    {
        "names": ["type", "offset", "size", "link"],
        "formats": ["<u4", "<u8", "<u8", "<u4"],
        "offsets": [4, 24, 32, 40],
        "itemsize": 64,
    }
)
DYNAMIC_SYMBOLS, FUNCTION = 11, 2


@cache
def exported() -> tuple[tuple[bytes, int, int], ...]:
    """Return (mangled name, offset, size) of each function in SPACES that torch's library exports."""
    path = Path(torch.__file__).with_name("lib") / LIBRARY
    if platform.machine() not in TRAPS or not path.exists():
        return ()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start, count = int.from_bytes(data[40:48], "little"), int.from_bytes(data[60:62], "little")
        sections = np.frombuffer(data[start : start + count * SECTION.itemsize], SECTION)
        table = sections[sections["type"] == DYNAMIC_SYMBOLS][0]
        words = sections[table["link"]]
        symbols = np.frombuffer(data[int(table["offset"]) : int(table["offset"] + table["size"])], SYMBOL)
        texts = data[int(words["offset"]) : int(words["offset"] + words["size"])]
    wanted = symbols[((symbols["info"] & 15) == FUNCTION) & (symbols["section"] != 0)]
    kernels = []
    for name, at, size in zip(wanted["name"].tolist(), wanted["at"].tolist(), wanted["size"].tolist(), strict=True):
        if texts.startswith(SPACES, name):
            kernels.append((texts[name : texts.index(b"\0", name)], at, size))
    return tuple(kernels)


def functions(families: Iterable[str]) -> Iterator[tuple[bytes, int, int]]:
    """Yield the exported functions that belong to these families, or interpret programs."""
    patterns = [NAMES[family] for family in families]
    for mangled, at, size in exported():
        names = [name for name in names_in(mangled) if not OTHERS.search(name)]
        if mangled.startswith(INTERPRETERS) or any(pattern.search(name) for pattern in patterns for name in names):
            yield mangled, at, size


@cache
def offsets(family: str) -> tuple[int, ...]:
    """Return the offsets of the functions of one family, and of those that interpret programs."""
    least = len(TRAPS.get(platform.machine(), b""))
    return tuple(at for _, at, size in functions([family]) if size >= least)


def warm_up() -> None:
    """Find all of them once, so that no branch has to."""
    for family in NAMES:
        offsets(family)


def names_in(mangled: bytes) -> list[bytes]:
    """Return the names in a function's full name, without its arguments: [at, native, conv_tbc]."""
    names = []
    place = 4 if mangled.startswith(b"_ZNK") else 3
    while (digits := re.match(rb"\d+", mangled[place : place + 4])) is not None:
        place += digits.end()
        names.append(mangled[place : place + int(digits[0])])
        place += int(digits[0])
    return names


def overwrite(families: Iterable[str]) -> int:
    """Overwrite the first bytes of all functions of these families in this process; return how many there are.

    Return 0 where the system does not allow a process to change its program.
    """
    trap, base = TRAPS.get(platform.machine(), b""), _base()
    if not trap or not base:
        return 0
    places = {base + at for family in families for at in offsets(family)}
    return len(places) if all(trap_at(place) for place in places) else 0


def trap_at(place: int) -> bool:
    """Overwrite the function that begins at this address; return whether the system allowed it."""
    trap = TRAPS.get(platform.machine(), b"")
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    # Functions begin at even addresses at least, so that a trap of two bytes never lies on two pages.
    page = place & -mmap.PAGESIZE
    if not trap or place % len(trap) or protect(page, mmap.PAGESIZE, READ | WRITE):
        return False
    ctypes.memmove(place, trap, len(trap))
    protect(page, mmap.PAGESIZE, READ | EXECUTE)
    return True


def _base() -> int:
    """Return the address at which torch's library begins in this process; 0 where it is unknown."""
    for mangled, at, _ in exported():
        library = ctypes.CDLL(str(Path(torch.__file__).with_name("lib") / LIBRARY))
        return (ctypes.cast(getattr(library, mangled.decode()), ctypes.c_void_p).value or at) - at
    return 0
