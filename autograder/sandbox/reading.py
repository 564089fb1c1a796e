"""Read a worker's reply: the answer in it, or what a learner should be told instead."""

from typing import Any

import numpy as np

from autograder.sandbox import no_answer, replies
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Refused
from autograder.sandbox.cells_run import CellsRun
from autograder.sandbox.requests import Request
from autograder.sandbox.worker import values, wire

REFUSED = ("NotImplementedError", "Forbidden", "TooMuchOutput")


def answer(asked: Request, reply: dict[str, Any], data: list[np.ndarray], cells: CellsRun, output_bytes: int) -> Answer:
    """Return the answer in a reply. Raises Wrong in words where there is none, WireError for a reply of no kind."""
    status = reply.get("status")
    if status == "returned":
        return _returned(reply, data)
    if status == "missing":
        missing = NoAnswer(cells.missing(asked.function, reply))
        missing.no_function = True
        raise missing
    if status == "mismatch":
        text, words = no_answer.mismatch(asked.function, list(asked.names), reply)
        raise NoAnswer(text, words=words)
    if status == "raised":
        if asked.header.get("instead"):
            # The course's own function was lent for this call: its text is nobody's to pass on.
            reply = {**reply, "message": "", "line": ""}
        kind = Refused if reply.get("type") in REFUSED else Raised
        text, words = no_answer.raised(asked.function, reply, cells.forbids, output_bytes)
        text = cells.explained(text, reply)
        raise kind(text, replies.words(reply, "bases"), replies.text(reply, "message"), words)
    raise wire.WireError("an unknown status")


def _returned(reply: dict[str, Any], data: list[np.ndarray]) -> Answer:
    traits: list[values.Traits] = []
    value = values.restore(reply.get("value"), data, traits)
    arguments = reply.get("after")
    after = (
        {name: values.restore(one, data) for name, one in arguments.items()} if isinstance(arguments, dict) else None
    )
    return Answer(
        value,
        tuple(traits),
        after,
        replies.shapes(reply, "products"),
        replies.count(reply, "transforms"),
        replies.items(reply, "operands", data),
        replies.items(reply, "transformed", data),
    )
