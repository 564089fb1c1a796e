"""Read the fields of a worker's reply. A worker may claim anything: accept only fields of the expected form."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from autograder.sandbox.worker import values, wire
from autograder.sanitize import one_line, without_places

MAX_WORDS = 100
MAX_PRODUCTS = 1000
# As many as worker/counting.py sends: two operands, or the input and output of each transform.
MAX_ITEMS = 16
MAX_NUMBERS = 1 << 18


def text(reply: Mapping[str, Any], key: str, limit: int = 300) -> str:
    """Return a text as one line, cut to size, without the paths of this machine; empty where it is not a text."""
    value = reply.get(key)
    return one_line(without_places(value[: 2 * limit]))[:limit] if isinstance(value, str) else ""


def words(reply: Mapping[str, Any], key: str) -> list[str]:
    """Return the names in a list; leave out anything else."""
    value = reply.get(key)
    return (
        [one_line(word[:MAX_WORDS]) for word in value[:MAX_WORDS] if isinstance(word, str)]
        if isinstance(value, list)
        else []
    )


def count(reply: Mapping[str, Any], key: str) -> int:
    """Return a count; 0 where it is not one."""
    value = reply.get(key)
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def shapes(reply: Mapping[str, Any], key: str) -> tuple[list[list[int]], ...]:
    """Return the shapes of the operands of each matrix product; nothing where any of them is malformed."""
    value = reply.get(key)
    if not isinstance(value, list) or len(value) > MAX_PRODUCTS or not all(map(_is_pair, value)):
        return ()
    return tuple(value)


def items(reply: Mapping[str, Any], key: str, data: list[np.ndarray]) -> tuple[Any, ...]:
    """Return the values in a list. Raises WireError where one is malformed, or larger than an honest worker sends."""
    value = reply.get(key)
    restored = tuple(values.restore(item, data) for item in value[:MAX_ITEMS]) if isinstance(value, list) else ()
    if any(isinstance(item, torch.Tensor) and item.numel() > MAX_NUMBERS for item in restored):
        raise wire.WireError("too many numbers")
    return restored


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 2 and all(map(_is_shape, value))


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) <= 8 and all(type(size) is int and 0 <= size < 1 << 31 for size in value)
    )
