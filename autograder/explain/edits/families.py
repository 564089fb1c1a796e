"""The families of edits, smallest slip first, and large families late.

Each has a sentence for learners, which never says the edit itself.

A family yields the edits of one function. Two families may make the same code; the first of them has it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.explain.edits import expressions, names, same, statements, twins
from autograder.explain.edits.trees import Edit, Function
from autograder.report import edit_messages as messages


@dataclass(frozen=True)
class Family:
    """A kind of slip: its name, what a learner reads about the line, and the edits that mend it."""

    name: str
    says: str
    edits: Callable[[Function], Iterator[Edit]]


FAMILIES = (
    Family("condition", messages.CONDITION, expressions.condition),
    Family("other side", messages.OTHER_SIDE, names.other_side),
    Family("axis", messages.AXIS, expressions.axis),
    Family("number", messages.NUMBER, expressions.number),
    Family("operator", messages.OPERATOR, expressions.operator),
    Family("added or set", messages.ADDED_OR_SET, expressions.added_or_set),
    Family("order", messages.ORDER, expressions.order),
    Family("neighbour", messages.NEIGHBOUR, expressions.neighbour),
    Family("term", messages.TERM, expressions.term),
    Family("bound", messages.BOUND, names.bound),
    Family("twin", messages.TWIN, twins.twin),
    Family("nothing", messages.NOTHING_YET, expressions.nothing),
    Family("returned", messages.RETURNED, statements.returned),
    Family("gone", messages.GONE, statements.gone),
    Family("block", messages.BLOCK, statements.block),
    Family("turned", messages.TAKEN_AWAY, expressions.turned),
    Family("end", messages.BOUND, names.end),
    Family("other name", messages.OTHER_NAME, names.other_name),
    Family("written out", messages.NUMBER, expressions.written_out),
    Family("one more", messages.ONE_MORE, names.one_more),
    Family("same", messages.SAME, same.same),
    Family("not turned", messages.TURNED, expressions.not_turned),
    Family("option", messages.OPTION, names.option),
)
