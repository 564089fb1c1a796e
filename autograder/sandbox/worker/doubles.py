"""Disable the doubles of forbidden operations: functions of numpy, and Python code in torch, that do the same.

The code of a Python function is replaced, so that every reference to it leads to the ban. The files from which it could
be loaded again are hidden (see isolation.view). numpy's two kernels in C are removed from its modules, and their first
bytes are overwritten.
"""

import ctypes
import gc
import re
import sys
import types
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from autograder.sandbox.worker import bans, machine_code

CONVOLUTIONS = ("convolution", "convolution_1d")
# Python code in torch that computes what its kernels compute, without them.
OF_TORCH = tuple(f"{Path(torch.__file__).parent}/{folder}/" for folder in ("_decomp", "_refs"))
OF_NUMPY = f"{Path(np.__file__).parent}/"
# Multiplying polynomials is a convolution. numpy does it in several bases.
MULTIPLIES = re.compile(r"_?convolve\w*|correlate|(poly|cheb|leg|lag|herme?)(mul|pow)|_zseries_mul|_mul|_pow")
OTHERS = re.compile(r"\w*_dispatcher")
KERNELS = ("correlate", "correlate2")


class Double(NamedTuple):
    """A Python function, and the families of operations that it is a double of."""

    function: types.FunctionType
    families: tuple[str, ...]


def warm_up() -> None:
    """Find all of them once, so that no branch has to."""
    found()
    for name in KERNELS:
        places_of(name)


@cache
def found() -> tuple[Double, ...]:
    """Return every double among the Python functions that this process has loaded."""
    doubles = []
    for each in gc.get_objects():
        # Not isinstance: it would ask every object for its class, and some objects compute the answer.
        if type(each) is types.FunctionType:
            function: types.FunctionType = each
            if families := _families(function):
                doubles.append(Double(function, families))
    return tuple(doubles)


def _families(function: types.FunctionType) -> tuple[str, ...]:
    place, name = function.__code__.co_filename, function.__code__.co_name
    if place.startswith(OF_NUMPY):
        return CONVOLUTIONS if MULTIPLIES.fullmatch(name) and not OTHERS.fullmatch(name) else ()
    if place.startswith(OF_TORCH):
        return tuple(family for family, pattern in bans.FAMILIES.items() if pattern.search(name))
    return ()


def disable(families: list[str]) -> None:
    """Make every double of these families raise Forbidden in this process, for good."""
    for function, doubled in found():
        if not set(families).isdisjoint(doubled):
            _disable_function(function)
    found.cache_clear()
    if not set(families).isdisjoint(CONVOLUTIONS):
        _disable_kernels()


def _disable_function(function: types.FunctionType) -> None:
    """Make the function raise, whatever its arguments are."""
    name = function.__code__.co_name
    # Python accepts only code that closes over the same number of names.
    closed_over = ", ".join(f"name_{number}" for number in range(len(function.__code__.co_freevars)))
    lines = [f"def outer({closed_over}):", "  def disabled(*arguments, **options):", f"    ({closed_over})"]
    lines += ["    from autograder.sandbox.worker.bans import raise_forbidden"]
    lines += [f"    raise_forbidden({name.lstrip('_')!r})", "  return disabled"]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    function.__code__ = scope["outer"](*function.__code__.co_freevars).__code__
    function.__defaults__ = function.__kwdefaults__ = None


def _disable_kernels() -> None:
    from numpy._core import _multiarray_umath  # type: ignore[attr-defined]  # private: numpy gives it no types

    address = ctypes.pythonapi.PyCFunction_GetFunction
    address.argtypes, address.restype = (ctypes.py_object,), ctypes.c_void_p
    for name in KERNELS:
        kernel = getattr(_multiarray_umath, name)
        disabled = _disabled(name)
        for module, key in places_of(name):
            setattr(module, key, disabled)
        machine_code.trap_at(address(kernel))


@cache
def places_of(name: str) -> tuple[tuple[types.ModuleType, str], ...]:
    """Return each module of numpy that has this kernel, and the kernel's name there.

    To look for them takes a reference to all that numpy has, so that a fork copies the pages on which it lies.
    """
    from numpy._core import _multiarray_umath  # type: ignore[attr-defined]  # private: numpy gives it no types

    kernel = getattr(_multiarray_umath, name)
    modules = [module for key, module in sys.modules.items() if key.partition(".")[0] == "numpy"]
    return tuple((module, key) for module in modules for key, value in vars(module).items() if value is kernel)


def _disabled(name: str) -> Any:
    def raises(*arguments: Any, **options: Any) -> Any:
        bans.raise_forbidden(f"np.{name}")

    return raises
