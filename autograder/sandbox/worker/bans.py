"""Disable the library operations that a step forbids at torch's dispatcher: they raise, however they are called.

A pattern selects them from all operations that torch has registered, so that it finds a new name of a convolution, too.
This uses private API of torch. So torch is pinned, and a test fails if an upgrade brings a new way around the bans.
"""

import ctypes
import functools
import re
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

import torch
from torch._functorch import predispatch
from torch.autograd import forward_ad

from autograder.sandbox.worker import plain_convolution

FAMILIES = {
    # A short-time Fourier transform has a window: with a kernel as the window, frequency 0 is a convolution.
    "convolution": re.compile(r"conv(?!ert)|^stft|istft"),
    # Every convolution whose name does not say that it has two or three axes.
    "convolution_1d": re.compile(r"conv(?!ert)(?!.*[23]d)|^stft|istft"),
    "unfold": re.compile(r"im2col|col2im"),
    "pooling": re.compile(r"pool"),
    "grid_sample": re.compile(r"grid_sampl|grid_generator|upsample_(?:bi|tri)(?:linear|cubic)"),
    # Forward-mode gradients. autograd_ban.py disables the record that the others need.
    "autograd": re.compile(r"^_make_dual"),
}
ELSEWHERE = re.compile(r"cudnn|miopen|mps|xpu|cuda|vulkan|metal|reorder|unpack")
# Operations that 1-D and 2-D convolutions share. Where only 1-D is forbidden, they raise for tensors of three axes, and
# otherwise compute without any of torch's kernels (see plain_convolution).
SHARED: dict[str, Callable[..., Any]] = {
    "aten::convolution": plain_convolution.convolution,
    "aten::_convolution": plain_convolution.convolution,
    "aten::_convolution.deprecated": plain_convolution.convolution,
    "aten::_convolution_mode": plain_convolution.by_mode,
}
# Disabled for every operation. The other KEYS are disabled where an operation has such a kernel: composite kernels work
# on every backend, and can be selected by name.
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
# Functions that could keep a kernel from before the ban, or restore one after it.
DOORS = (
    (torch.library, "get_kernel"),
    (torch._C, "_dispatch_library"),
    (torch._C, "_dispatch_get_computed_kernel_for_dispatch_key"),
    (torch._C, "_dispatch_call_boxed"),
)


class Forbidden(Exception):
    """The code called a library operation that the step forbids. The text is the operation's name."""


_forbidden_calls: Counter[str] = Counter()


def raise_forbidden(operation: str) -> NoReturn:
    """Count a call of a forbidden operation, and raise Forbidden with its name."""
    _forbidden_calls[operation] += 1
    raise Forbidden(operation)


def forbidden_calls() -> int:
    """Return how often this process has called forbidden operations, even where it caught the exceptions."""
    return _forbidden_calls.total()


@functools.cache
def operations(family: str) -> tuple[tuple[str, str], ...]:
    """Return (namespace, name) of every registered operation of a family that could compute on a CPU."""
    pattern = FAMILIES[family]
    return tuple(
        (namespace, name)
        for full, namespace, name in _registered()
        if pattern.search(name) and not ELSEWHERE.search(name) and _computes(full)
    )


@functools.cache
def _registered() -> tuple[tuple[str, str, str], ...]:
    """Return the full name, the namespace and the name of every operation that torch has registered."""
    split = ((full, *full.partition("::")) for full in sorted(torch._C._dispatch_get_all_op_names()))
    return tuple((full, namespace, name) for full, namespace, _, name in split)


@functools.cache
def keys(full: str) -> tuple[str, ...]:
    """Return the dispatch keys under which an operation has to be disabled."""
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return tuple(key for key in KEYS if key in ALWAYS or has(full, key))


def _computes(full: str) -> bool:
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return any(has(full, kind) for kind in CPU_KINDS)


def warm_up() -> None:
    """Find the operations once, in the zygote, so that no worker has to."""
    for family in FAMILIES:
        for where, name in operations(family):
            keys(f"{where}::{name}")
    # The first calls of these two would import torch's decompositions. They only add gradients of a few losses and
    # norms, forward or mapped over a batch.
    predispatch.DECOMPOSITIONS_LOADED = True
    forward_ad._maybe_load_decompositions = lambda: None
    torch.vmap(torch.neg)(torch.ones(1))
    torch.func.jvp(torch.neg, (torch.ones(1),), (torch.ones(1),))


def close_doors() -> Callable[..., Any]:
    """Remove the functions that could save or register kernels from this process. Return the one `disable` needs."""
    library = torch._C._dispatch_library
    for module, name in DOORS:
        if hasattr(module, name):
            delattr(module, name)
    return library


def disable(families: list[str], library: Callable[..., Any]) -> None:
    """Make every operation of these families raise Forbidden in this process, for good.

    `library` is what `close_doors` returns.
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
                    kernel = _disabled_for_three_axes(name, shared[full]) if full in shared else _disabled(name)
                    for key in keys(full):
                        handle.impl(name, key, kernel, False)
            # torch restores the kernels when the handle is deleted. With one more reference, it never is.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _disabled(name: str) -> Callable[..., Any]:
    operation = name.partition(".")[0].lstrip("_")

    def raises(*arguments: Any, **options: Any) -> Any:
        raise_forbidden(operation)

    return raises


def _disabled_for_three_axes(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel that raises where an argument is one of a 1-D convolution, (N, C, L) or (F, C, K)."""
    operation = name.partition(".")[0].lstrip("_")

    def computes(*arguments: Any, **options: Any) -> Any:
        tensors = (value for value in (*arguments, *options.values()) if isinstance(value, torch.Tensor))
        if any(tensor.dim() == 3 for tensor in tensors):
            raise_forbidden(operation)
        return compute(*arguments, **options)

    return computes
