"""Run known answers, right and wrong, in this process. They are the kit's own code; a submission never runs here."""

import contextlib
import io
from collections.abc import Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from autograder.limits import Limits
from autograder.notebooks.read import Submission
from autograder.sandbox import reading
from autograder.sandbox.answers import Answer, Raised
from autograder.sandbox.cells_run import CellsRun
from autograder.sandbox.requests import Request
from autograder.sandbox.worker import serve

OUTPUT_BYTES = Limits().output_bytes


class InProcess:
    """A session without a sandbox: it answers requests as a worker would. Nothing is forbidden."""

    def __init__(self, submission: Submission, prelude: str) -> None:
        self.submission = submission
        self.kept: dict[Request, Answer | Raised] = {}
        self._cells = CellsRun(submission)
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        for source in (prelude, *(cell.source for cell in submission.cells)):
            exec(_compiled(source, submission.name), self._namespace)

    def ask(self, request: Request) -> Answer:
        """Return the answer to a request. Raises Wrong where the function does not return."""
        sent: list[np.ndarray] = []
        # On the wire, numbers are always in C order. serve.call makes the layout that the request names.
        received = [np.array(buffer, order="C") for buffer in request.arrays]
        # Some known mistakes print what they should return.
        with contextlib.redirect_stdout(io.StringIO()):
            reply = serve.call(request.header, received, self._namespace, sent)
        return reading.answer(request, reply, sent, self._cells, OUTPUT_BYTES)

    def foresee(self, request: Request) -> None:
        """Do nothing: no call is forbidden."""

    def ahead(self, requests: Sequence[Request]) -> None:
        """Do nothing: there is no worker to keep busy."""

    def renew(self) -> None:
        """Do nothing: functions lent for one call are not kept."""


@lru_cache(maxsize=256)
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, f"<{name}>", "exec")
