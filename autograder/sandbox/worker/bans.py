"""Library operations that a step forbids, dead at torch's dispatcher: however they are reached, they raise.

Looked for by a pattern over all operations that torch has registered, so that a new spelling of a convolution is found
too. Private API of torch's, and so torch is pinned and a test fails if an upgrade opens a hole.
"""

import ctypes
import functools
import re
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

import torch

from autograder.sandbox.worker import plain_convolution

FAMILIES = {
    # A short-time Fourier transform has a window: with a kernel for it, frequency 0 is a convolution.
    "convolution": re.compile(r"conv(?!ert)|^stft|istft"),
    # Whatever does not say that it has two or three axes.
    "convolution_1d": re.compile(r"conv(?!ert)(?!.*[23]d)|^stft|istft"),
    "unfold": re.compile(r"im2col|col2im"),
    "pooling": re.compile(r"pool"),
    "grid_sample": re.compile(r"grid_sampl|grid_generator|upsample_(?:bi|tri)(?:linear|cubic)"),
    # Gradients forwards. Those backwards are dead where they are recorded (see gradients).
    "autograd": re.compile(r"^_make_dual"),
}
ELSEWHERE = re.compile(r"cudnn|miopen|mps|xpu|cuda|vulkan|metal|reorder|unpack")
# Operations that 2-D convolution comes to, too. Where only the 1-D one is forbidden, these raise for tensors of three
# axes and otherwise compute without any of torch's kernels (see plain_convolution).
SHARED: dict[str, Callable[..., Any]] = {
    "aten::convolution": plain_convolution.convolution,
    "aten::_convolution": plain_convolution.convolution,
    "aten::_convolution.deprecated": plain_convolution.convolution,
    "aten::_convolution_mode": plain_convolution.by_mode,
}
# Dead for every operation, and the rest where an operation has a kernel of that kind: the composite ones are kernels
# for every backend, and can be asked for by name.
ALWAYS = ("CPU", "AutogradCPU")
KEYS = (
    *ALWAYS,
    "MkldnnCPU",
    "QuantizedCPU",
    "CompositeImplicitAutograd",
    "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional",
)
CPU_KINDS = ("CPU", "MkldnnCPU", "QuantizedCPU", "CompositeImplicitAutograd", "CompositeExplicitAutograd")
# Ways to take a kernel away before it is dead, or to bring it back to life after.
DOORS = (
    (torch.library, "get_kernel"),
    (torch._C, "_dispatch_library"),
    (torch._C, "_dispatch_get_computed_kernel_for_dispatch_key"),
    (torch._C, "_dispatch_call_boxed"),
)


class Forbidden(Exception):
    """A library operation was called that the step forbids; the text is the operation's name."""


_met: Counter[str] = Counter()


def meet(shown: str) -> NoReturn:
    """Raise Forbidden with the name of what was called, and remember that it was."""
    _met[shown] += 1
    raise Forbidden(shown)


def met() -> int:
    """How often a dead operation was called in this process, whatever became of the exceptions."""
    return _met.total()


@functools.cache
def operations(family: str) -> tuple[tuple[str, str], ...]:
    """(namespace, name) of every registered operation of a family that could compute anything on a CPU."""
    pattern = FAMILIES[family]
    found = []
    for full in sorted(torch._C._dispatch_get_all_op_names()):
        namespace, _, name = full.partition("::")
        if pattern.search(name) and not ELSEWHERE.search(name) and _computes(full):
            found.append((namespace, name))
    return tuple(found)


@functools.cache
def keys(full: str) -> tuple[str, ...]:
    """The keys under which an operation has to be dead."""
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return tuple(key for key in KEYS if key in ALWAYS or has(full, key))


def _computes(full: str) -> bool:
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return any(has(full, kind) for kind in CPU_KINDS)


def warm_up() -> None:
    """In the zygote: find the operations once, so that no worker has to."""
    for family in FAMILIES:
        for where, name in operations(family):
            keys(f"{where}::{name}")
    # vmap registers its own kernels when it is first called, which `close_doors` would forbid.
    torch.vmap(torch.neg)(torch.ones(1))
    # This reads and scripts Python files of torch's that are hidden from workers.
    torch.func.jvp(torch.neg, (torch.ones(1),), (torch.ones(1),))


def close_doors() -> Callable[..., Any]:
    """In a branch: what runs in it cannot take kernels aside, or register any. Gives what `disable` needs."""
    library = torch._C._dispatch_library
    for module, name in DOORS:
        if hasattr(module, name):
            delattr(module, name)
    return library


def disable(families: list[str], library: Callable[..., Any]) -> None:
    """Make every operation of these families raise Forbidden, in this process, for good.

    `library` is what `close_doors` gives.
    """
    wanted = sorted({operation for family in families for operation in operations(family)})
    shared = {} if "convolution" in families else SHARED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for namespace in sorted({namespace for namespace, _ in wanted}):
            handle = library("IMPL", namespace, "", __file__, 0)
            for where, name in wanted:
                if where == namespace:
                    full = f"{where}::{name}"
                    kernel = _dead_for_three_axes(name, shared[full]) if full in shared else _dead(name)
                    for key in keys(full):
                        handle.impl(name, key, kernel, False)
            # The kernels come back when the handle goes. It never goes, and nobody has it.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _dead(name: str) -> Callable[..., Any]:
    shown = name.partition(".")[0].lstrip("_")

    def raises(*arguments: Any, **options: Any) -> Any:
        meet(shown)

    return raises


def _dead_for_three_axes(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
    """Computes, unless a tensor among the arguments is one of a 1-D convolution: (N, C, L) or (F, C, K)."""
    shown = name.partition(".")[0].lstrip("_")

    def computes(*arguments: Any, **options: Any) -> Any:
        tensors = (value for value in (*arguments, *options.values()) if isinstance(value, torch.Tensor))
        if any(tensor.dim() == 3 for tensor in tensors):
            meet(shown)
        return compute(*arguments, **options)

    return computes
