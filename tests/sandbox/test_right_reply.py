"""The right reply is known before the call: the same bytes are not read, and any other reply is."""

import socket
import time

import pytest
import torch

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.requests import Request
from autograder.sandbox.right_reply import RightReply
from autograder.sandbox.session import Session
from autograder.sandbox.worker import serve, wire
from autograder.suite import compare

PAIR = (torch.tensor([[1.0, -2.0]]), torch.tensor([0, 3]))
INPUT = torch.tensor([[1.0, 0.0], [-3.0, 4.0]])
DOUBLED = 2 * INPUT


@pytest.mark.parametrize("expected", [torch.zeros(()), torch.arange(6.0).reshape(2, 3), torch.ones(0, 4), PAIR])
@pytest.mark.parametrize("number", [0, 7, 123_456])
def test_it_is_what_a_worker_sends(expected, number: int):
    request = {"function": "f", "arguments": {}, "positional": []}
    sent: list = []
    reply = serve.call(request, [], {"f": lambda: expected}, sent)
    assert RightReply.of(expected).frame(number) == wire.pack({"id": number, **reply}, sent)


@pytest.mark.parametrize("expected", [None, 3, 1.5, True, "text", (3, 4), [torch.ones(2)]])
def test_what_is_no_tensor_is_read(expected):
    assert RightReply.of(expected) is None


@pytest.mark.parametrize(
    "expected", [torch.ones(2, dtype=torch.complex64), torch.ones(9 * [1]), (PAIR[0], torch.ones(9 * [1])), 65 * PAIR]
)
def test_what_travels_only_as_words_is_read(expected):
    assert RightReply.of(expected) is None


def test_a_worker_does_not_learn_what_is_expected():
    assert Request.of("f", {"x": INPUT}, expected=DOUBLED).packed == Request.of("f", {"x": INPUT}).packed


def test_a_call_with_extras_is_read():
    assert Request.of("f", {}, expected=DOUBLED).right is not None
    assert Request.of("f", {}, expected=DOUBLED, watch=True).right is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("returned", "known", "agrees"),
    [
        ("2 * input", True, True),
        ("(input + input).clone()", True, True),
        ("2 * input.double()", False, True),
        ("-2 * -input", True, True),
        ("2 * input + 1e-6", False, True),
        ("torch.where(input == 0, -0.0, 2 * input)", False, True),
        ("2 * input + 0.01", False, False),
        ("(2 * input).requires_grad_()", False, False),
        ("(2 * input).reshape(4, 1)", False, False),
        ("(2 * input).int()", False, False),
        ("[2 * input]", False, False),
        ("None", False, False),
    ],
)
def test_only_the_same_bytes_are_the_expected_value_itself(sandbox: Sandbox, returned: str, known: bool, agrees: bool):
    cells = (Cell("cell 1", f"def double(input):\n    return {returned}"),)
    with Session(sandbox, Submission("x", "x", cells), "import torch") as session:
        answer = session.ask(Request.of("double", {"input": INPUT}, expected=DOUBLED))
    assert (answer.value is DOUBLED) == known
    try:
        compare.agree(answer, DOUBLED)
    except Wrong:
        assert not agrees
    else:
        assert agrees


@pytest.mark.slow
def test_replies_to_requests_that_were_sent_ahead_are_found(sandbox: Sandbox):
    cells = (Cell("cell 1", "def double(input):\n    return 2 * input + (input.sum() > 100)"),)
    requests = [Request.of("double", {"input": INPUT * n}, expected=DOUBLED * n) for n in (1, 2, 60, 3)]
    with Session(sandbox, Submission("x", "x", cells), "import torch") as session:
        session.ask(requests[0])
        session.ahead(requests[1:])
        answers = [session.ask(request) for request in requests[1:]]
    known = [answer.value is request.right.answer.value for answer, request in zip(answers, requests[1:], strict=True)]
    assert known == [True, False, True]
    assert torch.equal(answers[1].value, DOUBLED * 60 + 1)


def test_one_look_brings_several_frames():
    ours, theirs = socket.socketpair()
    frames = [wire.pack({"id": number}, []) for number in range(3)]
    with ours, theirs:
        inbox = wire.Inbox(ours)
        assert not inbox.look()
        theirs.sendall(b"".join(frames) + frames[0][:5])
        assert not inbox.skip(frames[1])
        assert inbox.skip(frames[0])
        theirs.close()
        deadline = time.monotonic() + 1
        assert [inbox.receive(deadline)[0]["id"] for _ in frames[1:]] == [1, 2]
        assert inbox.look()
        assert not inbox.skip(frames[0])
        with pytest.raises(wire.WireError, match="gone"):
            inbox.receive(deadline)


def test_a_frame_that_does_not_come_to_its_end_is_out_of_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire.pack({"id": 0}, [])[:-1])
        with pytest.raises(wire.WireTimeout):
            wire.Inbox(ours).receive(time.monotonic() + 0.05)
