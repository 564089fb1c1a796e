"""Library operations that a step forbids, dead at torch's dispatcher: however they are reached, they raise.

Looked for by a pattern over all operations that torch has registered, so that a new spelling of a convolution is found
too. Private API of torch's, and so torch is pinned and a test fails if an upgrade opens a hole.
"""

import ctypes
import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

import torch

FAMILIES = {
    "convolution": re.compile(r"conv(?!ert)"),
    "unfold": re.compile(r"im2col|col2im"),
    "pooling": re.compile(r"pool"),
    "grid_sample": re.compile(r"grid_sampl|grid_generator"),
}
ELSEWHERE = re.compile(r"cudnn|miopen|mps|xpu|cuda|vulkan|metal|reorder|unpack")
# The composite ones are kernels for every backend, and can be asked for by name.
KEYS = (
    "CPU",
    "AutogradCPU",
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
    """The learner's function called a library operation that its step forbids; the text is the operation's name."""


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


def _computes(full: str) -> bool:
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return any(has(full, kind) for kind in CPU_KINDS)


def warm_up() -> None:
    """In the zygote: find the operations once, so that no worker has to."""
    for family in FAMILIES:
        operations(family)
    # vmap registers its own kernels when it is first called, which `close_doors` would forbid.
    torch.vmap(torch.neg)(torch.ones(1))


def close_doors() -> Callable[..., Any]:
    """In a worker, before a submission runs: it cannot take kernels aside, or register any. What `disable` needs."""
    library = torch._C._dispatch_library
    for module, name in DOORS:
        if hasattr(module, name):
            delattr(module, name)
    return library


def disable(families: list[str], library: Callable[..., Any]) -> None:
    """Make every operation of these families raise Forbidden, in this process, for good."""
    wanted = sorted({operation for family in families for operation in operations(family)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for namespace in sorted({namespace for namespace, _ in wanted}):
            handle = library("IMPL", namespace, "", __file__, 0)
            for where, name in wanted:
                if where == namespace:
                    dead = _dead(name)
                    for key in KEYS:
                        handle.impl(name, key, dead, False)
            # The kernels come back when the handle goes. It never goes, and nobody has it.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _dead(name: str) -> Callable[..., Any]:
    shown = name.partition(".")[0].lstrip("_")

    def raises(*arguments: Any, **options: Any) -> Any:
        raise Forbidden(shown)

    return raises
