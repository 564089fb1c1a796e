"""The control sockets: requests to the zygote and its branches, as JSON, and their answers.

The judge trusts these answers: neither the zygote nor a branch ever runs a line of a submission.
"""

import json
import socket
from typing import Any

MAX_ANSWER = 1 << 16


class SandboxError(Exception):
    """The sandbox itself does not work. This is the grader's fault, never the learner's."""


class SandboxGone(SandboxError):
    """A process of the sandbox has ended."""


def ask(control: socket.socket, request: dict[str, Any], passed: socket.socket | None = None) -> dict[str, Any]:
    """Send a request, and with it one end of a socket; return the answer. Raises SandboxError."""
    send(control, request, passed)
    return receive(control)


def send(control: socket.socket, request: dict[str, Any], passed: socket.socket | None = None) -> None:
    """Send a request, and with it one end of a socket. Raises SandboxGone."""
    try:
        socket.send_fds(control, [json.dumps(request).encode()], [passed.fileno()] if passed else [])
    except OSError as error:
        raise SandboxGone(f"the sandbox is gone ({error.strerror})") from error


def receive(control: socket.socket) -> dict[str, Any]:
    """Return the next answer. Raises SandboxError."""
    try:
        data = control.recv(MAX_ANSWER)
    except ConnectionError as error:
        raise SandboxGone(f"the sandbox is gone ({error.strerror})") from error
    except OSError as error:
        raise SandboxError(f"the sandbox does not answer ({error})") from error
    if not data:
        raise SandboxGone("the sandbox ended without an answer")
    answer: dict[str, Any] = json.loads(data)
    return answer
