"""Answers that the checks have got already: what asks for them again need not call the learner's function."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.requests import Request
from autograder.suite.check import Learner, Session


class Recall:
    """A session that repeats the answers which another one has kept, and asks it for the others."""

    def __init__(self, session: Session) -> None:
        self.submission, self.kept = session.submission, session.kept
        self._session = session

    def ask(self, request: Request) -> Answer:
        """Return the answer to a request. Raises Wrong where there is none."""
        answer = self.kept.get(request) or self._session.ask(request)
        if isinstance(answer, Wrong):
            raise answer
        return answer

    def foresee(self, request: Request) -> None:
        """Raise Wrong where the code's text shows that this call must meet a ban."""
        self._session.foresee(request)

    def ahead(self, requests: Sequence[Request]) -> None:
        """Send the requests that have no answer yet in advance."""
        self._session.ahead([request for request in requests if request not in self.kept])

    def renew(self) -> None:
        """Forget functions that were lent for one call."""
        self._session.renew()


def recalling(learner: Learner) -> Learner:
    """Return the same learner, who is not asked twice."""
    return replace(learner, session=Recall(learner.session))
