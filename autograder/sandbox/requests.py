"""One call as it travels to a worker; packed once, however many submissions it is put to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.sandbox.worker import values, wire


@dataclass(frozen=True, eq=False)
class Request:
    """A call of a learner's function: the header, and the arrays that go with it."""

    function: str
    names: tuple[str, ...]
    header: dict[str, Any]
    arrays: list[np.ndarray]

    @cached_property
    def packed(self) -> bytes:
        """The frame."""
        return wire.pack(self.header, self.arrays)


def request(
    function: str, arguments: Mapping[str, Any], positional: Sequence[str] = (), layout: str = "contiguous", **asks: Any
) -> Request:
    """A call with these arguments; `positional` names those that are passed by position.

    `layout` says how tensors lie in the worker's memory. `asks` are what is wanted besides the value: see worker.call.
    """
    arrays: list[np.ndarray] = []
    header = {
        "op": "call",
        "function": function,
        "arguments": {name: values.describe(value, arrays, layout) for name, value in arguments.items()},
        "positional": list(positional),
        **asks,
    }
    return Request(function, tuple(arguments), header, arrays)
