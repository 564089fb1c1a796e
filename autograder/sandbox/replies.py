"""What a worker says of itself is a claim: each field of a reply is taken only in the form that it should have."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from autograder.sandbox.worker import values, wire
from autograder.sanitize import one_line, without_places

MAX_WORDS = 100
MAX_PRODUCTS = 1000
# As many as worker/counting.py sends: two operands, or what went into and came out of its transforms.
MAX_ITEMS = 16
MAX_NUMBERS = 1 << 18


def text(reply: Mapping[str, Any], key: str, limit: int = 300) -> str:
    """Return a text of a reply as one line, cut to size, without the paths of this machine; empty where it is none."""
    value = reply.get(key)
    return one_line(without_places(value[: 2 * limit]))[:limit] if isinstance(value, str) else ""


def words(reply: Mapping[str, Any], key: str) -> list[str]:
    """A list of names in a reply; what is no name is left out."""
    value = reply.get(key)
    return (
        [one_line(word[:MAX_WORDS]) for word in value[:MAX_WORDS] if isinstance(word, str)]
        if isinstance(value, list)
        else []
    )


def count(reply: Mapping[str, Any], key: str) -> int:
    """A number of things; 0 where it is none."""
    value = reply.get(key)
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def shapes(reply: Mapping[str, Any], key: str) -> tuple[list[list[int]], ...]:
    """The shapes of what each matrix product multiplied; none at all where one of them is no shape."""
    value = reply.get(key)
    if not isinstance(value, list) or len(value) > MAX_PRODUCTS or not all(map(_is_pair, value)):
        return ()
    return tuple(value)


def items(reply: Mapping[str, Any], key: str, data: list[np.ndarray]) -> tuple[Any, ...]:
    """Return the values of a list in a reply. Raises WireError where one is no value, or more than a worker sends."""
    value = reply.get(key)
    found = tuple(values.restore(each, data) for each in value[:MAX_ITEMS]) if isinstance(value, list) else ()
    if any(isinstance(each, torch.Tensor) and each.numel() > MAX_NUMBERS for each in found):
        raise wire.WireError("more numbers than are looked at")
    return found


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 2 and all(map(_is_shape, value))


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) <= 8 and all(type(size) is int and 0 <= size < 1 << 31 for size in value)
    )
