"""The reply to a call that a right answer makes, known before the call. The same bytes need not be read."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch

from autograder.sandbox.answers import Answer
from autograder.sandbox.worker import values, wire


@dataclass(frozen=True, eq=False)
class RightReply:
    """What a worker sends for the expected value, byte by byte. Sums of integers are exact in whatever order.

    `answer` holds the expected value itself, so nothing may change it in place. `parts` are the frame as it would be
    read. `tail` is the frame without its length and number; `header_bytes` is the length of the header in it.
    """

    answer: Answer
    parts: wire.Frame
    tail: bytes
    header_bytes: int

    @classmethod
    def of(cls, expected: Any) -> Self | None:
        """Return the reply for a tensor, or for a tuple of tensors; None for anything else, which is soon read.

        None, too, where a tensor would travel as words: they say nothing of its numbers.
        """
        tensors = expected if isinstance(expected, tuple) else (expected,)
        if not all(isinstance(item, torch.Tensor) for item in tensors):
            return None
        arrays: list[np.ndarray] = []
        traits: list[values.Traits] = []
        reply = {"status": "returned", "value": values.describe(expected, arrays)}
        if len(arrays) != len(tensors):
            return None
        values.restore(reply["value"], arrays, traits)
        frame = wire.pack(reply, arrays)
        tail = frame[wire.LENGTH.size + 1 :]
        return cls(Answer(expected, tuple(traits)), (reply, arrays), tail, wire.LENGTH.unpack_from(frame)[0] - 1)

    def frame(self, number: int) -> bytes:
        """Return the whole frame of a reply with this number."""
        start = b'{"id":%d,' % number
        return wire.LENGTH.pack(len(start) + self.header_bytes) + start + self.tail
