"""Read a worker's reply: return the answer in it, or raise Wrong with the learner's message."""

from typing import Any

import numpy as np

from autograder.sandbox import no_answer, replies
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Refused
from autograder.sandbox.cells_run import CellsRun
from autograder.sandbox.requests import Request
from autograder.sandbox.worker import values, wire

REFUSED = ("NotImplementedError", "Forbidden", "TooMuchOutput")


def answer(
    request: Request, reply: dict[str, Any], data: list[np.ndarray], cells: CellsRun, output_bytes: int
) -> Answer:
    """Return the answer in a reply. Raises Wrong where there is none, and WireError for a reply that is malformed."""
    if request.right and reply is request.right.parts[0]:
        return request.right.answer
    status = reply.get("status")
    if status == "returned":
        return _returned(reply, data)
    if status == "missing":
        missing = NoAnswer(cells.missing(request.function, reply))
        missing.no_function = True
        raise missing
    if status == "mismatch":
        text, quoted = no_answer.mismatch(request.function, list(request.names), reply)
        raise NoAnswer(text, words=quoted)
    if status == "endless":
        text, quoted = no_answer.endless(request.function, reply)
        raise NoAnswer(text, words=quoted)
    if status == "raised":
        if request.header.get("instead"):
            # The call ran one of the course's own functions, and the learner must not see its text.
            reply = {**reply, "message": "", "line": ""}
        kind = Refused if reply.get("type") in REFUSED else Raised
        text, words = no_answer.raised(request.function, reply, cells.forbids, output_bytes)
        text = cells.explained(text, reply)
        raise kind(text, replies.words(reply, "bases"), replies.text(reply, "message"), words)
    raise wire.WireError("an unknown status")


def _returned(reply: dict[str, Any], data: list[np.ndarray]) -> Answer:
    traits: list[values.Traits] = []
    value = values.restore(reply.get("value"), data, traits)
    arguments = reply.get("after")
    after = None
    if isinstance(arguments, dict):
        after = {name: values.restore(described, data) for name, described in arguments.items()}
    return Answer(
        value,
        tuple(traits),
        after,
        replies.shapes(reply, "products"),
        replies.count(reply, "transforms"),
        replies.items(reply, "operands", data),
        replies.items(reply, "transformed", data),
    )
