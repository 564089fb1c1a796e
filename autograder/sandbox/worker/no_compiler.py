"""Replace torch's compiler with a stand-in while grading.

Every optimizer imports the compiler, just to exclude itself from it: 800 modules, one of which registers operations,
and the bans make that fail. A learner's free cell that trains a layer must still run. So must one that computes a
gradient: torch then compares sizes by the compiler's symbols, which need sympy, and sympy is hidden.
"""

import contextlib
import sys
import types
from typing import Any

import torch

COMPILER, SYMBOLS = "torch._dynamo", "torch.fx.experimental.symbolic_shapes"


def leave_out() -> None:
    """Make imports of torch's compiler, and of its symbols, return modules that only handle plain numbers."""
    absent = types.ModuleType(COMPILER)
    absent.graph_break = lambda *ignored, **options: None  # type: ignore[attr-defined]
    absent.disable = _as_it_is  # type: ignore[attr-defined]
    absent.compiled_autograd = types.SimpleNamespace(_disable=contextlib.nullcontext)  # type: ignore[attr-defined]
    sys.modules[COMPILER] = torch._dynamo = absent
    if SYMBOLS not in sys.modules:
        plain = types.ModuleType(SYMBOLS)
        for name in ("expect_true", "guard_or_false", "guard_or_true", "guard_size_oblivious", "statically_known_true"):
            setattr(plain, name, _is_true)
        vars(plain).update(sym_eq=_are_equal, sym_and=_are_all, sym_or=_is_any, is_nested_int=_is_none)
        sys.modules[SYMBOLS] = plain


def _as_it_is(function: Any = None, *ignored: Any, **options: Any) -> Any:
    return _as_it_is if function is None else function


def _is_true(value: Any, *ignored: Any, **options: Any) -> bool:
    return bool(value)


def _are_equal(left: Any, right: Any) -> bool:
    return bool(left == right)


def _are_all(*values: Any) -> bool:
    return all(values)


def _is_any(*values: Any) -> bool:
    return any(values)


def _is_none(value: Any) -> bool:
    return False
