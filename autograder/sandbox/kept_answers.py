"""The first answers of one submission, kept while there is room: what explains a failure need not ask again."""

from collections.abc import Sequence

import numpy as np

from autograder.sandbox.answers import Answer, Raised
from autograder.sandbox.requests import Request

# Bytes of the answers that are kept. Whatever its arrays take, an answer counts as LEAST more.
MOST_KEPT, LEAST = 1 << 20, 1 << 10


class KeptAnswers(dict[Request, Answer | Raised]):
    """What was returned or raised, by the request."""

    def __init__(self) -> None:
        super().__init__()
        self._room = MOST_KEPT

    def keep(self, request: Request, answer: Answer | Raised, data: Sequence[np.ndarray] = ()) -> None:
        """Keep an answer with its arrays, unless there is an earlier one or no room."""
        size = LEAST + sum(array.nbytes for array in data)
        if request not in self and size <= self._room:
            self[request] = answer
            self._room -= size
