"""Disable autograd for good: no operation accepts a tensor that requires a gradient any more.

A gradient needs a record of the operations that led to a number, and only torch's autograd kernels write one. They are
replaced by kernels that raise instead of writing. So it does not matter what would read the record: backward, grad,
torch.func or a script. This uses private API of torch, as the bans do.
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
# The dispatch key of the autograd kernels of all backends.
KEY = "Autograd"
# The backends of this process. An operation without a kernel for plain tensors still writes a record.
COMPUTED = ("CPU", "MkldnnCPU", "SparseCPU", "SparseCsrCPU", "QuantizedCPU", "NestedTensorCPU", "Meta")
# It writes no record anyway. torch calls it while it makes a Parameter, which Python must not see before it is made.
HARMLESS = ("aten::detach",)
# With `out=`, torch itself refuses tensors that require a gradient.
INTO = re.compile(r"\..*out$")


@functools.cache
def operations() -> tuple[tuple[str, str, Any], ...]:
    """Return (namespace, name, callable) of every operation that could write a record and computes on a CPU."""
    has, computes = (
        torch._C._dispatch_has_kernel_for_dispatch_key,
        torch._C._dispatch_has_computed_kernel_for_dispatch_key,
    )
    recording = []
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
            recording.append((namespace, name, call))
    return tuple(recording)


def disable(library: Callable[..., Any]) -> None:
    """Keep every operation of this process from writing a record. `library` is what `bans.close_doors` returns."""
    handles: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for namespace, name, call in operations():
            if namespace not in handles:
                handles[namespace] = library("IMPL", namespace, "", __file__, 0)
            handles[namespace].impl(name, KEY, _without_a_record(call), False)
    for handle in handles.values():
        # torch restores the kernels when the handle is deleted. With one more reference, it never is.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _without_a_record(call: Callable[..., Any]) -> Callable[..., Any]:
    def computes(*arguments: Any, **options: Any) -> Any:
        for value in (*arguments, *options.values()):
            for each in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(each, torch.Tensor) and each.requires_grad:
                    bans.raise_forbidden(FAMILY)
        with torch._C._AutoDispatchBelowAutograd():
            return call(*arguments, **options)

    return computes
