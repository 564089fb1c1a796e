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

FAMILIES = {
    "convolution": re.compile(r"conv(?!ert)"),
    # Whatever does not say that it has two or three axes.
    "convolution_1d": re.compile(r"conv(?!ert)(?!.*[23]d)"),
    "unfold": re.compile(r"im2col|col2im"),
    "pooling": re.compile(r"pool"),
    "grid_sample": re.compile(r"grid_sampl|grid_generator"),
    # Gradients forwards. Those backwards are dead where they are recorded (see gradients).
    "autograd": re.compile(r"^_make_dual"),
}
ELSEWHERE = re.compile(r"cudnn|miopen|mps|xpu|cuda|vulkan|metal|reorder|unpack")
# Operations that 2-D convolution is computed by, too: dead only for tensors of three axes, the 1-D ones.
SHARED = {"convolution_1d": re.compile(r"^aten::(_?convolution|mkldnn_convolution|_nnpack)")}
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


def close_doors() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """In a branch: what runs in it cannot take kernels aside, or register any. Gives what `disable` needs."""
    doors = torch._C._dispatch_library, torch._C._dispatch_get_computed_kernel_for_dispatch_key
    for module, name in DOORS:
        if hasattr(module, name):
            delattr(module, name)
    return doors


def take(families: list[str], kernel: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """The kernels that stay alive for some tensors, by operation and key; nothing where all is dead anyway.

    `kernel` is the second thing that `close_doors` gives.
    """
    whole = {operation for family in families if family not in SHARED for operation in operations(family)}
    shared = {operation for family in families if family in SHARED for operation in operations(family)}
    names = [f"{where}::{name}" for where, name in sorted(shared - whole)]
    return {full: _kernels(full, kernel) for full in names if any(one.match(full) for one in SHARED.values())}


def disable(families: list[str], library: Callable[..., Any], kept: dict[str, dict[str, Any]] | None = None) -> None:
    """Make every operation of these families raise Forbidden, in this process, for good.

    `kept` are the kernels of those that are dead for some tensors only (see `take`).
    """
    wanted = sorted({operation for family in families for operation in operations(family)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for namespace in sorted({namespace for namespace, _ in wanted}):
            handle = library("IMPL", namespace, "", __file__, 0)
            for where, name in wanted:
                if where == namespace:
                    dead = _dead(name)
                    kernels = (kept or {}).get(f"{where}::{name}", {})
                    for key in keys(f"{where}::{name}"):
                        if key in kernels:
                            handle.impl(name, key, _dead_for_three_axes(name, kernels[key]), True)
                        else:
                            handle.impl(name, key, dead, False)
            # The kernels come back when the handle goes. It never goes, and nobody has it.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _dead(name: str) -> Callable[..., Any]:
    shown = name.partition(".")[0].lstrip("_")

    def raises(*arguments: Any, **options: Any) -> Any:
        meet(shown)

    return raises


def _kernels(full: str, kernel: Callable[..., Any]) -> dict[str, Any]:
    """What computes an operation on plain tensors, by the keys that it can be asked for."""
    plain, gradient = (kernel(full, getattr(torch._C.DispatchKey, key)) for key in ("CPU", "AutogradCPU"))
    return {"AutogradCPU": gradient, **{key: plain for key in KEYS if key == "CPU" or key.startswith("Composite")}}


def _dead_for_three_axes(name: str, kernel: Any) -> Callable[..., Any]:
    """Computes as before, unless a tensor among the arguments is one of a 1-D convolution: (N, C, L) or (F, C, K)."""
    shown = name.partition(".")[0].lstrip("_")

    def computes(keys: Any, *arguments: Any, **options: Any) -> Any:
        tensors = (value for value in (*arguments, *options.values()) if isinstance(value, torch.Tensor))
        if any(tensor.dim() == 3 for tensor in tensors):
            meet(shown)
        return kernel.call_boxed(keys, *arguments, **options)

    return computes
