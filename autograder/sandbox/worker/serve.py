"""Run a submission's cells in a worker, then answer calls. The process is untrusted from the first cell on.

The judge sends {"op": "load", "cells": […]}, receives one reply per cell, and then sends any number of calls, {"op":
"call", …}. The first "own" cells are the course's. Forbidden operations are disabled from the start (see branch), for
these cells, too.
"""

import builtins
import contextlib
import inspect
import io
import itertools
import socket
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograder.sandbox.worker import cells, counting, endless, values, wire

FOREVER = 1e9
# Python specialises a function after some calls.
WARM_CALLS = 50


class TooMuchOutput(BaseException):
    """The submission has printed too much. Not an Exception, so that `except Exception` does not catch it."""


class Output(io.TextIOBase):
    """Count what is printed, and discard it: printed text could contain the hidden inputs."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.printed = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.printed += len(text)
        if self.printed > self.limit:
            raise TooMuchOutput
        return len(text)


def warm_up() -> None:
    """Run a cell and answer calls of its function in the zygote, so that no worker pays for the first time."""
    namespace: dict[str, Any] = {"torch": torch}
    cells.run("cell", "def same(input, number=1, pair=(1, 2), none=None):\n    return input[:1] * number\n", namespace)
    arguments = {"input": torch.ones(3, 4), "number": 2, "pair": (1, 2), "none": None}
    deadline = time.monotonic() + FOREVER
    judge, connection = socket.socketpair()
    inbox, replies = wire.Inbox(connection), wire.Inbox(judge)
    with judge, connection:
        for number in range(WARM_CALLS):
            arrays: list[Any] = []
            described = {name: values.describe(value, arrays) for name, value in arguments.items()}
            request = {"op": "call", "function": "same", "arguments": described, "positional": ["input"]}
            wire.send(judge, request, arrays, deadline)
            request, buffers = inbox.receive(deadline)
            sent: list[Any] = []
            wire.send(connection, {"id": number, **call(request, buffers, namespace, sent)}, sent, deadline)
            replies.receive(deadline)


def serve(connection: socket.socket, output_bytes: int) -> None:
    """Answer the judge until it hangs up."""
    sys.stdin = io.StringIO("")
    sys.stdout = sys.stderr = Output(output_bytes)
    # The sandbox forbids a second thread, and torch would abort if it tried to start one.
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, lambda count: None)
    module = types.ModuleType("__main__")
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    namespace = module.__dict__
    # Replies are numbered: the judge accepts only the next one.
    numbers = itertools.count()
    inbox = wire.Inbox(connection)
    while True:
        try:
            request, buffers = inbox.receive(time.monotonic() + FOREVER)
        except wire.WireError:
            return
        if request["op"] == "load":
            labelled = zip(request["labels"], request["cells"], strict=True)
            for position, (label, source) in enumerate(labelled):
                reply = cells.run(label, source, namespace, own=position < request["own"])
                wire.send(connection, {"id": next(numbers), **reply}, [], time.monotonic() + FOREVER)
        else:
            sent: list[Any] = []
            number = next(numbers)
            with endless.watched():
                reply = {"id": number, **call(request, buffers, namespace, sent)}
            try:
                wire.send(connection, reply, sent, time.monotonic() + FOREVER)
            except wire.WireError:
                short = {"id": number, "status": "returned", "value": {"opaque": "a value too large to look at"}}
                wire.send(connection, short, [], time.monotonic() + FOREVER)


def call(
    request: dict[str, Any], buffers: list[np.ndarray], namespace: dict[str, Any], sent: list[np.ndarray]
) -> dict[str, Any]:
    """Call a function in the namespace, and return the reply; append the arrays that go with it to `sent`."""
    try:
        # A candidate of the search for a slip: the learner's own functions, with an edit.
        if request.get("edited"):
            exec(request["edited"], namespace)
    except BaseException as error:
        return {"status": "raised", **cells.error_fields(error)}
    function = namespace.get(request["function"])
    if not callable(function):
        # Imported functions do not count.
        defined = [
            name for name, value in namespace.items() if inspect.isfunction(value) and value.__module__ == "__main__"
        ]
        return {"status": "missing", "defined": [name[:100] for name in defined[:100]]}
    arguments = {name: values.restore_argument(value, buffers) for name, value in request["arguments"].items()}
    positional = [arguments[name] for name in request["positional"]]
    keywords = {name: value for name, value in arguments.items() if name not in request["positional"]}
    counter = counting.Counting() if request.get("watch") else None
    # A function with random numbers, such as a layer's weights, then gives the same answer in every run.
    torch.default_generator.manual_seed(0)
    try:
        with counter or contextlib.nullcontext(), replaced(request.get("instead") or {}, namespace):
            value = _apply(function, positional, keywords, arguments)
        described = values.describe(value, sent)
    except _Mismatch as mismatch:
        return {"status": "mismatch", "signature": mismatch.signature}
    except endless.Endless as loop:
        return loop.reply()
    except BaseException as error:
        return {"status": "raised", **cells.error_fields(error)}
    reply = {"status": "returned", "value": described}
    if counter is not None:
        reply |= counter.fields(sent)
    if request.get("after"):
        reply["after"] = {name: values.describe(value, sent) for name, value in arguments.items()}
    return reply


@contextlib.contextmanager
def replaced(sources: dict[str, str], namespace: dict[str, Any]) -> Iterator[None]:
    """Replace these functions, by name, in the namespace until the block ends."""
    before = {name: namespace[name] for name in sources if name in namespace}
    try:
        for name, source in sources.items():
            scope: dict[str, Any] = {}
            exec(compile(source, "<the course's own>", "exec"), scope)
            namespace[name] = scope[name]
        yield
    finally:
        for name in sources:
            namespace.pop(name, None)
        namespace.update(before)


class _Mismatch(Exception):
    """The arguments do not fit the function's parameters."""

    def __init__(self, signature: str) -> None:
        super().__init__(signature)
        self.signature = signature


def _apply(function: Any, positional: list[Any], keywords: dict[str, Any], arguments: dict[str, Any]) -> Any:
    """Call the function and return its value. Where it does not take these by position, pass all by name."""
    try:
        return function(*positional, **keywords)
    except TypeError as error:
        # Check the signature only if no line of the function ran: the check takes longer than a small call.
        entered = error.__traceback__ is not None and error.__traceback__.tb_next is not None
        mismatch = None if entered else _mismatch(function, positional, keywords)
        if mismatch is None:
            raise
    if _mismatch(function, [], arguments) is not None:
        raise _Mismatch(mismatch)
    return function(**arguments)


def _mismatch(function: Any, positional: list[Any], keywords: dict[str, Any]) -> str | None:
    """Return the function's parameters as text where these arguments do not fit them, else None."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*positional, **keywords)
    except TypeError:
        return str(signature)[: cells.MAX_MESSAGE]
    return None
