"""Describe Python values for the wire, and restore them: numbers, text, None, tuples, lists and tensors.

Any other value travels as the name of its type. A description is one JSON object: {"tensor": index of its buffer, …},
{"number": …}, {"items": […], "type": …} …
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.sandbox.worker.wire import DTYPES, MAX_AXES, MAX_BYTES, WireError

LAYOUTS = ("contiguous", "transposed", "sliced")
MAX_TEXT = 2000
MAX_NAME = 200
MAX_ITEMS = 64
MAX_DEPTH = 4


@dataclass(frozen=True)
class Opaque:
    """A value that cannot travel, in words ("a value of type numpy.ndarray")."""

    what: str


@dataclass(frozen=True)
class Traits:
    """The traits of a tensor in the worker, beyond its values."""

    dtype: str
    requires_grad: bool


def describe(value: Any, buffers: list[np.ndarray], layout: str = "contiguous", depth: int = 0) -> dict[str, Any]:
    """Return the description of `value`; append the data of tensors to `buffers`."""
    if value is None:
        return {"none": True}
    if type(value) in (bool, str):
        return {"text": value[:MAX_TEXT]} if type(value) is str else {"bool": value}
    if type(value) in (int, float):
        small = type(value) is float or abs(value) < 1 << 63
        return {"number": repr(value)} if small else {"opaque": "a huge int"}
    if type(value) in (torch.Tensor, torch.nn.Parameter):
        return _describe_tensor(value, buffers, layout)
    if isinstance(value, (tuple, list)) and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:
        items = [describe(item, buffers, layout, depth + 1) for item in value]
        return {"items": items, "type": "list" if isinstance(value, list) else "tuple"}
    return {"opaque": _name(value)}


def _describe_tensor(tensor: torch.Tensor, buffers: list[np.ndarray], layout: str) -> dict[str, Any]:
    name = str(tensor.dtype).removeprefix("torch.")
    traits = {"dtype": name, "requires_grad": bool(tensor.requires_grad)}
    plain = tensor.layout is torch.strided and tensor.device.type == "cpu"
    # A tensor without numbers may still have too many rows to list.
    plain = plain and math.prod(max(1, axis) for axis in tensor.shape) * 8 <= MAX_BYTES
    if not plain or name not in DTYPES or tensor.dim() > MAX_AXES:
        kind = "a sparse" if tensor.layout is not torch.strided else f"a {tensor.device.type}"
        return {"opaque": f"{kind} tensor of {name} with shape {tuple(tensor.shape)}"[:MAX_TEXT]}
    array = tensor.numpy(force=True)
    buffers.append(array.T if layout == "transposed" else array)
    return {"tensor": len(buffers) - 1, "layout": layout, **traits}


def restore(described: Any, buffers: list[np.ndarray], traits: list[Traits] | None = None, depth: int = 0) -> Any:
    """Return the value that `describe` described. Raises WireError where the description is malformed.

    Tensors share the memory of the buffers, even if several refer to one: they take no more than what was received.
    """
    if not isinstance(described, dict) or depth > MAX_DEPTH:
        raise WireError("a value without a description")
    index = described.get("tensor")
    if type(index) is int and 0 <= index < len(buffers):
        if traits is not None:
            traits.append(Traits(str(described.get("dtype"))[:40], described.get("requires_grad") is True))
        return torch.from_numpy(buffers[index])
    if isinstance(described.get("number"), str):
        return _number(described["number"])
    if described.get("none") is True:
        return None
    if type(described.get("bool")) is bool:
        return described["bool"]
    if isinstance(described.get("text"), str):
        return described["text"][:MAX_TEXT]
    if isinstance(described.get("opaque"), str):
        return Opaque(described["opaque"][:MAX_NAME])
    if isinstance(described.get("items"), list) and len(described["items"]) <= MAX_ITEMS:
        items = [restore(item, buffers, traits, depth + 1) for item in described["items"]]
        return items if described.get("type") == "list" else tuple(items)
    raise WireError("a value of an unknown kind")


def restore_argument(described: dict[str, Any], buffers: list[np.ndarray]) -> Any:
    """Return the value of an argument in a worker, in memory of its own and in the requested layout."""
    value = restore(described, buffers)
    return _lay_out(value.clone(), described["layout"]) if isinstance(value, torch.Tensor) else value


def _lay_out(tensor: torch.Tensor, layout: Any) -> torch.Tensor:
    """Return the tensor in the requested layout: a block of its own, a transpose, or a window of a larger tensor."""
    if layout == "transposed":
        return tensor.permute(*reversed(range(tensor.dim())))
    if layout == "sliced":
        larger = torch.full([2 * size + 1 for size in tensor.shape], float("nan"), dtype=tensor.dtype)
        window = larger[tuple(slice(1, None, 2) for _ in tensor.shape)]
        window.copy_(tensor)
        return window
    return tensor


def _number(text: str) -> int | float:
    try:
        return int(text) if text.lstrip("-").isdecimal() and len(text) < 25 else float(text)
    except ValueError as error:
        raise WireError("a malformed number") from error


def _name(value: Any) -> str:
    kind = type(value)
    module = getattr(kind, "__module__", "")
    name = getattr(kind, "__qualname__", "object")
    full = name if module in ("builtins", "__main__") else f"{module}.{name}"
    return f"a value of type {full}"[:MAX_TEXT]
