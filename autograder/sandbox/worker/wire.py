"""Send frames between the judge and a worker: a JSON header, then raw buffers. No pickle, and a cap on everything.

A frame is `length of the header (4 bytes, big-endian) | header (JSON) | buffers`. The header's "buffers" lists the
dtype and shape of each buffer; dtypes come from a fixed list. A frame is only data: the worst that a worker can send is
a wrong answer or a WireError.
"""

import contextlib
import json
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")
# numpy computes a dtype's name each time it is read.
NAMES = {np.dtype(name): name for name in DTYPES}
ITEM_BYTES = {name: np.dtype(name).itemsize for name in DTYPES}
MAX_HEADER = 1 << 20
MAX_BUFFERS = 64
MAX_BYTES = 1 << 26
MAX_AXES = 8
HEADER_COST = 32
# The most bytes that are received at once.
AT_ONCE = 1 << 16
# While a part of a frame is missing, the receiver may do something else so often.
MOMENT_SECONDS = 0.25
LENGTH = struct.Struct(">I")
# A frame that was read: its header and its buffers.
Frame = tuple[dict[str, Any], list[np.ndarray]]
ENCODER = json.JSONEncoder(separators=(",", ":"))


class WireError(Exception):
    """The other end sent something that is not a frame, or went away."""


class OverAllowance(WireError):
    """The other end sent more in all than its allowance."""


@dataclass
class Allowance:
    """How much may still be received in all. A byte of a header costs more than one of a buffer: it is parsed."""

    left: int

    def take(self, amount: int) -> None:
        """Take this much off. Raises OverAllowance."""
        self.left -= amount
        if self.left < 0:
            raise OverAllowance("too much in all")


class WireTimeout(WireError):
    """No complete frame came before the deadline."""


def pack(header: dict[str, Any], arrays: list[np.ndarray]) -> bytes:
    """Return the bytes of one frame. Raises WireError where it would exceed a cap."""
    described = []
    for array in arrays:
        name = NAMES.get(array.dtype)
        if name is None:
            raise WireError(f"arrays of {array.dtype.name} do not travel")
        described.append({"dtype": name, "shape": list(array.shape)})
    _check_buffers(described)
    text = ENCODER.encode({**header, "buffers": described}).encode()
    if len(text) > MAX_HEADER:
        raise WireError("the header is too long")
    return b"".join([LENGTH.pack(len(text)), text, *(np.ascontiguousarray(array).tobytes() for array in arrays)])


def send(connection: socket.socket, header: dict[str, Any], arrays: list[np.ndarray], deadline: float) -> None:
    """Send one frame before `deadline` (time.monotonic seconds)."""
    send_bytes(connection, pack(header, arrays), deadline)


def send_bytes(connection: socket.socket, frames: bytes, deadline: float) -> None:
    """Send packed frames before `deadline` (time.monotonic seconds)."""
    left = memoryview(frames)
    while left:
        try:
            left = left[connection.send(left, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]
        except BlockingIOError:
            _wait(connection, select.POLLOUT, deadline)
        except OSError as error:
            raise WireError(f"the other end is gone ({error.strerror})") from error


class Inbox:
    """What has come through a connection and is not read yet: one look at the socket may bring several frames."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._come = bytearray()

    def look(self) -> bool:
        """Return whether anything is here, without waiting for it. Raises WireError where nothing more can come."""
        if not self._come:
            with contextlib.suppress(BlockingIOError):
                self._add()
        return bool(self._come)

    def wait(self, seconds: float) -> bool:
        """Return whether more comes, or the other end goes, within so many seconds."""
        return _comes(self._connection, select.POLLIN, seconds)

    def skip(self, frame: bytes) -> bool:
        """Leave out the frame that comes next and return True, if it is here and equal to this one."""
        equal = self.look() and self._come.startswith(frame)
        if equal:
            del self._come[: len(frame)]
        return equal

    def receive(
        self, deadline: float, allowance: Allowance | None = None, while_waiting: Callable[[], None] | None = None
    ) -> Frame:
        """Receive one frame before `deadline` (time.monotonic seconds), within the allowance. Raises WireError.

        `while_waiting` is called now and then while a part of the frame is missing, and may raise what it likes.
        """
        (length,) = LENGTH.unpack(self._take(LENGTH.size, deadline, while_waiting))
        if length > MAX_HEADER:
            raise WireError("the header is too long")
        if allowance:
            allowance.take(HEADER_COST * length)
        try:
            header = _parsed(self._take(length, deadline, while_waiting).decode())
        except (ValueError, RecursionError) as error:
            raise WireError("the header is not JSON") from error
        if not isinstance(header, dict):
            raise WireError("the header is not an object")
        described = header.pop("buffers", [])
        sizes = _check_buffers(described)
        if allowance:
            allowance.take(sum(sizes))
        arrays = []
        for description, size in zip(described, sizes, strict=True):
            data = self._take(size, deadline, while_waiting)
            try:
                arrays.append(np.frombuffer(data, dtype=description["dtype"]).reshape(description["shape"]))
            except ValueError as error:
                # numpy multiplies the other axes even where one is zero, and the product may overflow.
                raise WireError("a buffer of an impossible shape") from error
        return header, arrays

    def _take(self, size: int, deadline: float, while_waiting: Callable[[], None] | None) -> bytearray:
        while len(self._come) < size:
            try:
                self._add()
            except BlockingIOError:
                if while_waiting is None:
                    _wait(self._connection, select.POLLIN, deadline)
                else:
                    while_waiting()
                    self._wait_a_moment(deadline)
        taken = self._come[:size]
        del self._come[:size]
        return taken

    def _wait_a_moment(self, deadline: float) -> None:
        try:
            _wait(self._connection, select.POLLIN, min(deadline, time.monotonic() + MOMENT_SECONDS))
        except WireTimeout:
            if time.monotonic() >= deadline:
                raise

    def _add(self) -> None:
        """Add what has come. Raises BlockingIOError where that is nothing, WireError where the other end is gone."""
        try:
            come = self._connection.recv(AT_ONCE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            raise
        except OSError as error:
            raise WireError(f"the other end is gone ({error.strerror})") from error
        if not come:
            raise WireError("the other end is gone")
        self._come += come


def _parsed(text: str) -> Any:
    """Parse JSON, with "?" for half a surrogate pair, so that every string in it can be written as UTF-8."""
    parsed = json.loads(text)
    if "\\u" not in text and text.isascii():
        return parsed
    return json.loads(json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace"))


def _check_buffers(described: Any) -> list[int]:
    """Return the sizes in bytes of the described buffers. Raises WireError where one exceeds a cap."""
    if not isinstance(described, list) or len(described) > MAX_BUFFERS:
        raise WireError("too many buffers")
    sizes = []
    for description in described:
        try:
            size, shape = ITEM_BYTES[description["dtype"]], description["shape"]
        except (TypeError, KeyError) as error:
            raise WireError("a buffer of an unknown dtype, or of no shape") from error
        if type(shape) is not list or len(shape) > MAX_AXES:
            raise WireError("a buffer of an impossible shape")
        rows = 1
        for axis in shape:
            if type(axis) is not int or not 0 <= axis <= MAX_BYTES:
                raise WireError("a buffer of an impossible shape")
            size *= axis
            # Rows count even without numbers in them: as lists, each row would be one.
            rows *= max(1, axis)
        if rows > MAX_BYTES:
            raise WireError("a buffer of an impossible shape")
        sizes.append(size)
    if sum(sizes) > MAX_BYTES:
        raise WireError("the buffers are too large")
    return sizes


def _wait(connection: socket.socket, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not _comes(connection, event, min(left, 1e6)):
        raise WireTimeout("no answer in time")


def _comes(connection: socket.socket, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(connection, event)
    return bool(poll.poll(seconds * 1000))
