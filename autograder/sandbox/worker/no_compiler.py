"""torch's compiler is not there while grading: nobody compiles.

Every optimizer imports it, only to tell it to keep out: 800 modules, of which one wants to register operations, and the
bans have closed that door. A learner's free cell that trains a layer must not fail for it.
"""

import sys
import types
from typing import Any

import torch

NAME = "torch._dynamo"


def leave_out() -> None:
    """From now on, importing torch's compiler gives a module that only knows how to keep out."""
    absent = types.ModuleType(NAME)
    absent.graph_break = lambda *ignored, **options: None  # type: ignore[attr-defined]
    absent.disable = _as_it_is  # type: ignore[attr-defined]
    sys.modules[NAME] = torch._dynamo = absent


def _as_it_is(function: Any = None, *ignored: Any, **options: Any) -> Any:
    return _as_it_is if function is None else function
