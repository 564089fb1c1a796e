"""Wrong answers that the bank does not hold, with the truth about each: its cause, and the line where it is."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.notebooks.read import Cell, Submission
from autograder.suite.known_answers import KnownAnswer, right_answers
from tests.diagnose.operators import operators, slip
from tests.strangers.__main__ import STEPS, strangers
from tests.strangers.names import IN_THE_BANK


@dataclass(frozen=True)
class Answer:
    """A wrong answer and the truth about it. `line` is a line of the cell `cell`; both are 0 where no line is to blame.

    `kind` is "stranger", or the operator that made it.
    """

    submission: Submission
    function: str
    kind: str
    cause: str
    cell: int = 0
    line: int = 0

    @property
    def is_stranger(self) -> bool:
        """Return whether a person wrote it."""
        return self.kind == "stranger"


def all_strangers(steps: Sequence[str] = STEPS) -> Iterator[Answer]:
    """Yield the strangers that are not in the bank. Their docstrings are the causes."""
    for step in steps:
        for known in strangers(step):
            if known.name not in IN_THE_BANK:
                submission = replace(known.submission, name=f"{step}/{known.name}")
                yield Answer(submission, known.function, "stranger", known.description)


def changed(count: int, seed: int, steps: Sequence[str] = STEPS) -> Iterator[Answer]:
    """Yield right answers with one change each, at least `count` in all: as many of each step, of all operators.

    Some are right after all.
    """
    for step in steps:
        chance = random.Random(f"{seed} {step}")
        places: dict[str, list[tuple[KnownAnswer, int, int]]] = {}
        for known in right_answers(step):
            for cell, source in enumerate(known.sources):
                for number, operator in enumerate(operators(source)):
                    places.setdefault(operator, []).append((known, cell, number))
        for found in places.values():
            chance.shuffle(found)
        left = -(-count // len(steps))
        while left:
            answer = _changed(*places[chance.choice(sorted(name for name, found in places.items() if found))].pop())
            if answer is not None:
                left -= 1
                yield answer


def _changed(known: KnownAnswer, cell: int, number: int) -> Answer | None:
    made = slip(known.sources[cell], number)
    if made is None:
        return None
    before = known.submission.cells[: -len(known.sources)]
    sources = [*known.sources[:cell], made.source, *known.sources[cell + 1 :]]
    own = [Cell(f"cell {place}", text) for place, text in enumerate(sources, len(before) + 1)]
    submission = Submission(known.step, f"{known.step}/{known.name}-{cell}-{number}", (*before, *own))
    return Answer(submission, known.function, made.operator, made.cause, len(before) + 1 + cell, made.line)
