"""Random frames: any reply of a worker becomes an answer or Wrong, and no frame does a worker harm."""

import json
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st

from autograder.explain.counterexample import counterexample
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.processes import Branch, Used, Worker
from autograder.sandbox.session import Session
from autograder.sandbox.worker import values, wire
from autograder.suite import compare
from autograder.suite.cases import Case
from autograder.suite.products import makes_one_product
from tests.fuzz import FEWER, JSON, SOME, TEXT, fuzz, mutated

SHAPES = st.lists(st.integers(-1, 4) | st.sampled_from([2**26, 2**26 + 1, 2**63, True, 1.0, "2"]), max_size=9)
BUFFERS = st.lists(
    st.fixed_dictionaries({"dtype": st.sampled_from([*wire.DTYPES, "object", "complex64", 3]), "shape": SHAPES}) | JSON,
    max_size=4,
)
NUMBERS = (
    st.sampled_from(["1", "1.5", "nan", "-inf", "1e999", "9" * 24, "9" * 5000, "--1", "٣", "0x1", "1_0", ""]) | TEXT
)
DESCRIBED = st.recursive(
    st.fixed_dictionaries(
        {"tensor": st.integers(-1, 5), "layout": st.sampled_from([*values.LAYOUTS, 3]), "dtype": JSON}
    )
    | st.fixed_dictionaries({"number": NUMBERS})
    | st.fixed_dictionaries({"opaque": TEXT})
    | st.fixed_dictionaries({"text": TEXT})
    | st.just({"none": True})
    | JSON,
    lambda inner: st.fixed_dictionaries({"items": st.lists(inner, max_size=5), "type": st.sampled_from(["list", 1])}),
    max_leaves=8,
)


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a reply to a call: a nearly right one, or anything."""
    status = draw(st.sampled_from(["returned"] * 4 + ["raised", "missing", "mismatch", "ran", None]))
    reply: dict[str, Any] = {"id": 1, "status": status, "value": draw(DESCRIBED), "buffers": draw(BUFFERS)}
    reply["after"] = draw(st.dictionaries(st.sampled_from(["input", "kernel", "x"]), DESCRIBED, max_size=3) | JSON)
    reply["products"] = draw(st.lists(st.lists(SHAPES, max_size=3), max_size=3) | JSON)
    for key in ("type", "message", "where", "line", "bases", "defined", "signature"):
        reply[key] = draw(st.sampled_from(["Forbidden", "NotImplementedError", "TooMuchOutput", "{}", "{x!r}"]) | JSON)
    for key in draw(st.lists(st.sampled_from(sorted(reply)), max_size=2)):
        reply[key] = draw(JSON)
    return reply


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a reply: a frame, often with a wrong length, other bytes, or buffers of a wrong size."""
    text = draw(mutated(json.dumps(draw(replies())).encode()))
    length = draw(
        st.just(len(text)) | st.integers(0, 2**32 - 1) | st.integers(-2, 2).map(lambda n: max(0, len(text) + n))
    )
    data = draw(st.binary(max_size=64)) * draw(st.sampled_from([1, 1, 4, 1000]))
    return draw(mutated(wire.LENGTH.pack(length) + text + data))


class Puppet(Sandbox):
    """A sandbox without processes: each of its workers has already sent all its replies, and hung up."""

    def __init__(self, sent: bytes) -> None:
        self.limits = Limits(call_seconds=0.5)
        self.sent = wire.pack({"id": 0, "status": "ran"}, []) + sent

    def fork(self, forbids: Sequence[str] = (), course: Sequence[tuple[str, str]] = ()) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            theirs.sendall(self.sent)
            theirs.shutdown(socket.SHUT_WR)
            # Keep the other end open, so that the judge can send its requests.
            self.kept = theirs.dup()
        return Worker(0, ours, Branch(ours))

    def used(self, worker: Worker) -> Used:
        return Used(0.0, 0)

    def end(self, worker: Worker) -> int:
        worker.connection.close()
        self.kept.close()
        return 0


INPUT, KERNEL = torch.arange(12.0).reshape(3, 4) + 0.25, torch.tensor([[1.0, -2.0], [0.5, 3.0]])
EXPECTED = torch.nn.functional.conv2d(INPUT[None, None], KERNEL[None, None])[0, 0]
ARGUMENTS = {"input": INPUT, "kernel": KERNEL}


@pytest.mark.slow
@pytest.mark.parametrize("examples", SOME)
def test_whatever_a_worker_says_is_only_an_answer(examples: int):
    def body(sent: bytes) -> None:
        case = Case("f", ARGUMENTS, ("input",), EXPECTED, {})
        judged: list[Callable[[Any], None]] = [
            lambda answer: compare.agree(answer, EXPECTED),
            lambda answer: compare.exact_zeros(answer, EXPECTED * 0),
            lambda answer: makes_one_product(answer, 6, 4),
            lambda answer: compare.unchanged(answer, ARGUMENTS),
            lambda answer: compare.raises(lambda: answer, ["ValueError"]),
        ]
        submission = Submission("conv2d", "x", ())
        with Session(Puppet(sent), submission, "import torch", ["convolution"]) as session:
            try:
                answer = session.call("f", ARGUMENTS, watch=True, after=True)
            except Wrong as wrong:
                _tell(wrong, case)
                return
        for number, one in enumerate(judged):
            try:
                one(answer)
            except Wrong as wrong:
                _tell(wrong, case)
            else:
                # Random replies do not contain the right numbers. They may be all zeros, or claim a single product.
                assert number != 0 or torch.allclose(answer.value, EXPECTED, atol=1e-3)

    fuzz(examples, frames(), body)


def _tell(wrong: Wrong, case: Case) -> None:
    """Assert that a wrong answer's message and counterexample can be written, and are short."""
    wrong.case = case
    example = counterexample(wrong)
    assert len(wrong.message.encode("utf-8")) < 10_000
    assert example is None or len(example.model_dump_json()) < 100_000


@pytest.mark.slow
@pytest.mark.parametrize("examples", SOME)
def test_any_bytes_are_a_frame_or_a_wire_error(examples: int):
    def body(data: bytes) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            try:
                header, arrays = wire.Inbox(ours).receive(time.monotonic() + 1)
            except wire.WireError:
                return
            assert sum(array.nbytes for array in arrays) <= wire.MAX_BYTES
            wire.pack(header, arrays)

    fuzz(examples, frames() | st.binary(max_size=200), body)


@pytest.mark.parametrize("examples", SOME)
def test_any_description_is_a_value_or_a_wire_error(examples: int):
    def body(described: Any) -> None:
        arrays = [np.zeros((2, 3), "float32"), np.ones((), "int64"), np.zeros((0, 4), "bool")]
        try:
            value = values.restore(described, arrays, [])
        except wire.WireError:
            return
        repr(value)

    fuzz(examples, DESCRIBED, body)


@pytest.mark.slow
@pytest.mark.parametrize("examples", FEWER)
def test_a_worker_that_is_told_anything_harms_nobody(sandbox: Sandbox, examples: int):
    request = {"op": "load", "own": 0, "id": 0, "cells": ["x = 1"], "labels": ["cell 1"]}
    call = {"op": "call", "id": 1, "function": "x", "arguments": {}, "positional": [], "watch": True, "after": True}

    def body(data: bytes) -> None:
        worker = sandbox.fork()
        try:
            worker.connection.settimeout(1)
            worker.connection.sendall(data)
            worker.connection.shutdown(socket.SHUT_WR)
            while worker.connection.recv(1 << 16):
                pass
        except OSError:
            pass
        finally:
            sandbox.end(worker)

    spoken = st.sampled_from([request, call]).flatmap(lambda one: mutated(wire.pack(one, [])))
    any_request = st.dictionaries(st.sampled_from(sorted(call | request)), JSON).map(lambda one: {**call, **one})
    packed = any_request.map(lambda one: wire.LENGTH.pack(len(json.dumps(one))) + json.dumps(one).encode())
    fuzz(examples, spoken | packed | frames(), body)
    with Session(sandbox, Submission("x", "x", (Cell("cell 1", "def f(): return 1.0"),)), "import torch") as session:
        assert session.call("f", {}).value == 1
