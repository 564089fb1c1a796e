"""What does the same as a forbidden operation without being one of torch's: numpy's, and Python code within torch.

Python functions are killed where they are: their code is replaced, so that whoever holds them holds nothing. Files from
which they could be loaded anew are hidden (see isolation.view). numpy's two kernels in C are taken out of its modules,
and what they begin with is overwritten.
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
# Python code of torch's that computes what its kernels compute, by itself.
OF_TORCH = tuple(f"{Path(torch.__file__).parent}/{folder}/" for folder in ("_decomp", "_refs"))
OF_NUMPY = f"{Path(np.__file__).parent}/"
# numpy's that multiply polynomials, which is the same, and those that do it in another basis.
MULTIPLIES = re.compile(r"_?convolve\w*|correlate|(poly|cheb|leg|lag|herme?)(mul|pow)|_zseries_mul|_mul|_pow")
OTHERS = re.compile(r"\w*_dispatcher")
KERNELS = ("correlate", "correlate2")


class Double(NamedTuple):
    """A Python function, and the families that it is a double for."""

    function: types.FunctionType
    families: tuple[str, ...]


@cache
def found() -> tuple[Double, ...]:
    """Return every double in Python that this process has loaded."""
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
            _kill(function)
    found.cache_clear()
    if not set(families).isdisjoint(CONVOLUTIONS):
        _take_kernels()


def _kill(function: types.FunctionType) -> None:
    """Have the function raise, whatever it is called with: what closes over as many names, and does nothing else."""
    name = function.__code__.co_name
    held = [f"held_{number}" for number in range(len(function.__code__.co_freevars))]
    lines = [f"def outer({', '.join(held)}):", "  def dead(*arguments, **options):", f"    ({', '.join(held)})"]
    lines += ["    from autograder.sandbox.worker.bans import meet", f"    meet({name.lstrip('_')!r})", "  return dead"]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    function.__code__ = scope["outer"](*held).__code__
    function.__defaults__ = function.__kwdefaults__ = None


def _take_kernels() -> None:
    from numpy._core import _multiarray_umath  # type: ignore[attr-defined]  # private: numpy gives it no types

    address = ctypes.pythonapi.PyCFunction_GetFunction
    address.argtypes, address.restype = (ctypes.py_object,), ctypes.c_void_p
    for name in KERNELS:
        kernel = getattr(_multiarray_umath, name)
        dead = _dead(name)
        for module in [module for key, module in sys.modules.items() if key.partition(".")[0] == "numpy"]:
            for key, value in list(vars(module).items()):
                if value is kernel:
                    setattr(module, key, dead)
        machine_code.trap_at(address(kernel))


def _dead(name: str) -> Any:
    def raises(*arguments: Any, **options: Any) -> Any:
        bans.meet(f"np.{name}")

    return raises
