"""Import PyTorch without its decompositions: its operations written once more in Python.

They serve compilers, and tensors without numbers (`device="meta"`). Importing them is a quarter of PyTorch's import,
and every fork would carry their 60,000 objects. Some compute what a step forbids. This uses private API of torch, so
that releases for which nobody has tried it are imported whole.
"""

import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

# PyTorch's import asks for the first. That one imports the others, which cannot be imported before it.
FIRST = "torch._meta_registrations"
OTHERS = ("torch._decomp", "torch._prims", "torch._refs", "torch.utils._content_store")
# A release belongs here if tests/sandbox/test_no_decompositions.py and test_same_operations.py pass with it.
TRIED = ("2.13.",)


@contextmanager
def left_out() -> Iterator[None]:
    """Leave them out of the import of PyTorch within this block. After it, they can be imported like anything else."""
    if not metadata.version("torch").startswith(TRIED):
        yield
        return
    sys.modules[FIRST] = types.ModuleType(FIRST)
    try:
        yield
    finally:
        del sys.modules[FIRST]
    import torch

    del torch._meta_registrations
    sys.meta_path.insert(0, _FirstOneFirst())
    # As attributes, they are imported when somebody asks for them, as torch does it with its compiler.
    vars(torch)["_lazy_modules"].update(name.partition(".")[2] for name in (FIRST, *OTHERS))
    # All else that they set up is theirs alone. Without this, torch.Generator() raises.
    torch._C._set_generator_metaclass(torch._opaque_base.OpaqueBaseMeta)


def refuse() -> None:
    """Make imports of them fail in this process, unless it has imported them."""
    import torch

    if FIRST not in sys.modules:
        for name in (FIRST, *OTHERS):
            # Python's own way to make an import fail.
            sys.modules[name] = None  # type: ignore[assignment]
        # Of what learners may call on a CPU, only this uses one of them.
        torch.broadcast_shapes = torch.functional.broadcast_shapes = _broadcast_shapes


def _broadcast_shapes(*shapes: Any) -> Any:
    """Return the shape to which tensors of these shapes broadcast. Raises RuntimeError where there is none."""
    import torch

    scalar = torch.empty(())
    return torch.broadcast_tensors(scalar, *map(scalar.expand, shapes))[0].shape  # type: ignore[no-untyped-call]


class _FirstOneFirst(MetaPathFinder, Loader):
    """Whichever of them is imported: import the first one, which imports all others, and then return what was asked."""

    _found: types.ModuleType

    def find_spec(self, name: str, path: Any, target: types.ModuleType | None = None) -> ModuleSpec | None:
        if name not in (FIRST, *OTHERS):
            return None
        sys.meta_path.remove(self)
        if name == FIRST:
            return None
        importlib.import_module(FIRST)
        # Python would run a module again that it finds here. It puts back what `create_module` returns.
        self._found = sys.modules.pop(name)
        return ModuleSpec(name, self)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return self._found

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it has run."""
