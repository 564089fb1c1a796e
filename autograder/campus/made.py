"""What a way out has made: the content of a file, and what there is to say about it."""

from dataclasses import dataclass
from enum import StrEnum

from autograder.campus.final_scores import GRADED, FinalScores


class Kind(StrEnum):
    """What happened to one score, row or column."""

    FILLED = "filled"
    EMPTY = "left empty"
    LEFT = "left as it is"
    NOTE = "note"
    NOT_HERE = "in the file, not in the gradebook"
    NOT_THERE = "in the gradebook, not in the file"


@dataclass(frozen=True)
class Remark:
    """One thing to say, about a learner, an assignment or both."""

    kind: Kind
    who: str = ""
    assignment: str = ""
    why: str = ""


@dataclass(frozen=True)
class Made:
    """The content of a file, not yet written, and the remarks on it."""

    content: bytes
    remarks: tuple[Remark, ...] = ()

    @property
    def filled(self) -> int:
        """Return how many scores or pages the file holds."""
        return sum(remark.kind is Kind.FILLED for remark in self.remarks)


def remarks_on(final: FinalScores) -> list[Remark]:
    """Return a remark for each score of a way out that has a place for all: filled or, if there is none, why."""
    return [
        Remark(
            Kind.FILLED if final.of(learner.id, name) else Kind.EMPTY,
            learner.id,
            name,
            "" if (status := final.status(learner.id, name)) == GRADED else status,
        )
        for learner in final.learners
        for name in final.assignments
    ]
