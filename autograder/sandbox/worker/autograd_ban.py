"""Autograd, dead for good: no operation takes a tensor that requires a gradient any more.

A gradient needs a record of the operations that led to a number, and only torch's kernels for autograd write one. In
their place stands one that raises where it would have to write. So it does not matter how the record would be read:
backward, grad, torch.func, a script. Private API of torch's, as for the bans.
"""

import ctypes
import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

import torch

from autograder.sandbox.worker import bans

FAMILY = "autograd"
# All backends' kernels for autograd, under one name.
KEY = "Autograd"
# Where tensors of this process may be computed on. An operation that has no kernel for plain ones still keeps a record.
COMPUTED = ("CPU", "MkldnnCPU", "SparseCPU", "SparseCsrCPU", "QuantizedCPU", "NestedTensorCPU", "Meta")
# Without a record anyway, and asked for while a Parameter is made, which must not be seen by Python before it is one.
HARMLESS = ("aten::detach",)
# With `out=`, torch itself refuses tensors that require a gradient.
INTO = re.compile(r"\..*out$")


@functools.cache
def operations() -> tuple[tuple[str, str, Any], ...]:
    """(namespace, name, what to call) of every operation that could write a record and computes on a CPU."""
    has, computes = (
        torch._C._dispatch_has_kernel_for_dispatch_key,
        torch._C._dispatch_has_computed_kernel_for_dispatch_key,
    )
    found = []
    for full in sorted(torch._C._dispatch_get_all_op_names()):
        if (
            has(full, KEY)
            and any(computes(full, key) for key in COMPUTED)
            and full not in HARMLESS
            and not INTO.search(full)
        ):
            namespace, _, name = full.partition("::")
            plain, _, overload = name.partition(".")
            call, _, _ = torch._C._get_operation_overload(f"{namespace}::{plain}", overload)
            found.append((namespace, name, call))
    return tuple(found)


def disable(library: Callable[..., Any]) -> None:
    """Let no operation of this process write a record. `library` is the first thing that `bans.close_doors` gives."""
    handles: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for namespace, name, call in operations():
            if namespace not in handles:
                handles[namespace] = library("IMPL", namespace, "", __file__, 0)
            handles[namespace].impl(name, KEY, _without_a_record(call), False)
    for handle in handles.values():
        # The kernels come back when the handle goes. It never goes, and nobody has it.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _without_a_record(call: Callable[..., Any]) -> Callable[..., Any]:
    def computes(*arguments: Any, **options: Any) -> Any:
        for value in (*arguments, *options.values()):
            for each in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(each, torch.Tensor) and each.requires_grad:
                    bans.meet(FAMILY)
        with torch._C._AutoDispatchBelowAutograd():
            return call(*arguments, **options)

    return computes
