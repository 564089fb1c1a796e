"""What a learner reads about when a function goes wrong, and where in its result: whole sentences."""

WRONG_WHEN = "When it goes wrong: exactly when {condition} ({wrong} of {calls} calls tried)."
RIGHT_WHEN = "When it is right: exactly when {condition} ({right} of {calls} calls tried)."
WRONG_WHEN_HERE = (
    "When it goes wrong, in this check and in those that passed: "
    "exactly when {condition} ({wrong} of {calls} calls tried)."
)
RIGHT_WHEN_HERE = (
    "When it is right, in this check and in those that passed: "
    "exactly when {condition} ({right} of {calls} calls tried)."
)
UNREAD = "Your function never reads its argument {name}."
NO_TURN = "Line {line} of {cell}, “{code}”, makes no turn in any of the {calls} calls of the checks."
IS_NONE = "In line {raised} of {cell}, {name} is None: line {line} sets it so."
STILL_WRONG = "It goes wrong with {name}={value}, too."
BOTH = "{first} and {second}"

RETURNS = "What it returns: the right result {change}, in all {wrong} wrong calls that were compared."
RETURNS_TIMES = "What it returns: {number} times the right result, in all {wrong} wrong calls that were compared."
RETURNS_PLUS = "What it returns: the right result plus {number}, in all {wrong} wrong calls that were compared."
ONLY_LAST = "Where it is wrong: only in the last {axis} of the result, in all {wrong} wrong calls that were compared."
ONLY_FIRST = "Where it is wrong: only in the first {axis} of the result, in all {wrong} wrong calls that were compared."
NOT_FIRST = (
    "Where it is wrong: in every {axis} of the result but the first, in all {wrong} wrong calls that were compared."
)
NOT_LAST = (
    "Where it is wrong: in every {axis} of the result but the last, in all {wrong} wrong calls that were compared."
)
BORDER = "Where it is wrong: only at the border of the result, in all {wrong} wrong calls that were compared."
AXES = {4: ("image", "channel", "row", "column"), 2: ("row", "column")}
