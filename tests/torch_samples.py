"""PyTorch's own samples of its operations: `python -m tests.torch_samples make FILE`, then `run FILE OUT`.

`lean FILE OUT` runs them in a process that has PyTorch as workers have it. OUT is JSON: a text for each call.
"""

import json
import pickle
import sys
import types
import unittest
import warnings
import zlib
from pathlib import Path
from typing import Any

MOST_SAMPLES = 3


def make(file: Path) -> None:
    """Write samples of all operations: a name, and the pickled arguments."""
    # torch's own tests import it, for their base class.
    sys.modules["expecttest"] = types.SimpleNamespace(TestCase=unittest.TestCase)  # type: ignore[assignment]
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    rows = []
    for operation in op_db:
        for dtype in {torch.float32, torch.int64} & {*operation.dtypes}:
            backward = dtype is torch.float32 and operation.supports_autograd
            samples = operation.sample_inputs("cpu", dtype, requires_grad=backward)
            for sample, _ in zip(samples, range(MOST_SAMPLES), strict=False):
                rows.append((operation.name, pickle.dumps((sample.input, sample.args, sample.kwargs))))
    file.write_bytes(pickle.dumps(rows))


def run(file: Path, out: Path) -> None:
    """Write what each call returns, and the gradients, as a function and as a method of the first tensor."""
    import torch

    told = []
    for name, arguments in pickle.loads(file.read_bytes()):
        for ways in (_function, _method):
            first, others, named = pickle.loads(arguments)
            torch.manual_seed(0)
            try:
                value = ways(name, first)(*others, **named)
                told.append(f"{name}: {_told(value)} {_gradients(value, (first, others, named))}")
            except Exception as error:
                told.append(f"{name}: {type(error).__name__}")
    out.write_text(json.dumps(told), encoding="utf-8")


def _function(name: str, first: Any) -> Any:
    import torch

    found: Any = torch
    for part in name.split("."):
        found = getattr(found, part)
    return lambda *others, **named: found(first, *others, **named)


def _method(name: str, first: Any) -> Any:
    return getattr(first, name.rpartition(".")[2])


def _tensors(value: Any) -> list[Any]:
    import torch

    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return [tensor for each in value for tensor in _tensors(each)]
    return [value] if isinstance(value, torch.Tensor) else []


def _told(value: Any) -> list[Any]:
    import torch

    strided = [tensor.detach() for tensor in _tensors(value) if tensor.layout is torch.strided]
    return [(tuple(one.shape), one.dtype, zlib.crc32(one.resolve_conj().contiguous().numpy())) for one in strided]


def _gradients(value: Any, arguments: Any) -> list[Any]:
    wanted = [one for one in _tensors(value) if one.requires_grad and one.is_floating_point()]
    if not wanted:
        return []
    sum(one.sum() for one in wanted).backward()
    return _told([one.grad for one in _tensors(arguments) if one.is_leaf and one.grad is not None])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    what, *paths = sys.argv[1:]
    if what == "lean":
        from autograder.sandbox.worker.no_decompositions import left_out, refuse

        with left_out():
            import torch  # noqa: F401
        refuse()
    if what != "make":
        # Its gradients need the compiler, which workers do not have.
        from autograder.sandbox.worker import bans, no_compiler

        bans.warm_up()
        no_compiler.leave_out()
    {"make": make, "run": run, "lean": run}[what](*map(Path, paths))
