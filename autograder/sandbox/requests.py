"""One call as it travels to a worker. It is packed once, however many submissions it is sent to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from autograder.sandbox.right_reply import RightReply
from autograder.sandbox.worker import values, wire


@dataclass(frozen=True, eq=False)
class Request:
    """A call of a learner's function: a header and the arrays that go with it.

    `expected` is what a right answer returns, and `right` the reply that it makes, where they are known.
    """

    function: str
    names: tuple[str, ...]
    header: dict[str, Any]
    arrays: list[np.ndarray]
    expected: Any = None
    right: RightReply | None = None

    @classmethod
    def of(
        cls,
        function: str,
        arguments: Mapping[str, Any],
        positional: Sequence[str] = (),
        layout: str = "contiguous",
        expected: Any = None,
        **extras: Any,
    ) -> Self:
        """Return a call with these arguments. `positional` names those that are passed by position.

        `layout` says how tensors lie in the worker's memory. `expected` is what a right answer returns; it stays with
        the judge. Of the `extras`, `watch` counts matrix products and Fourier transforms, `after` returns the arguments
        as they are after the call, and `instead` lends functions for the time of the call: their sources by name.
        """
        arrays: list[np.ndarray] = []
        header = {
            "op": "call",
            "function": function,
            "arguments": {name: values.describe(value, arrays, layout) for name, value in arguments.items()},
            "positional": list(positional),
            **extras,
        }
        # A reply to a call with extras says more than the value.
        right = None if extras else RightReply.of(expected)
        return cls(function, tuple(arguments), header, arrays, expected, right)

    @cached_property
    def packed(self) -> bytes:
        """Return the request as one frame."""
        return wire.pack(self.header, self.arrays)
