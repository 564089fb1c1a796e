"""One check's result in words, a line each: the same at the terminal and on the feedback page."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from autograder.report import messages
from autograder.report.report import CheckResult, Counterexample, Window

MOST_ROWS, MOST_COLUMNS = 12, 14
# Of what was expected where nothing came.
MOST_ALONE = (4, 6)
WIDEST = 90
GAP = "    "


def lines_of(result: CheckResult) -> list[str]:
    """What is said about a check beneath its title: the message, the hint, and the smallest call that goes wrong."""
    lines = [result.message] if result.message else []
    example = result.counterexample
    lines += [where(example)] if example is not None and example.position else []
    lines += [messages.HINT.format(hint=result.hint)] if result.hint else []
    lines += [messages.RULE.format(law=result.law)] if result.law else []
    if example is not None and example.snippet:
        title = messages.SMALLEST if example.smallest else messages.ONE_CALL
        lines += ["", title, example.snippet, "", *beside(example)]
    return lines


def where(example: Counterexample) -> str:
    """The first position that differs, and the window of the input that it looks at, in words; "" without one."""
    if example.position is None:
        return ""
    told = messages.FIRST_AT.format(at=at(example.position, example.window))
    if example.window is None:
        return told
    special = {
        "row": messages.LOOKS_AT_ROW,
        "column": messages.LOOKS_AT_COLUMN,
        "weight": messages.LOOKS_AT_WEIGHT,
        "gradient": messages.LOOKS_AT_KERNEL,
        "spread": messages.LOOKS_AT_OUTPUTS,
        "bias": messages.LOOKS_AT_ALL,
        "bent": messages.LOOKS_BETWEEN,
    }
    template = special.get(example.window.kernel, messages.LOOKS_AT)
    if not (example.window.rows and example.window.columns):
        return f"{told} {messages.LOOKS_OUTSIDE if example.window.places else messages.NOT_LOOKED_AT}"
    return f"{told} {template.format(where=place(example.window))}"


def at(position: Sequence[int], window: Window | None = None) -> str:
    """A position in words: row and column; of a batch (N, C, H, W), image and channel too; of all else, the index.

    What three numbers mean, the window tells: a signal's (N, C, L), or those of a batch of matrices.
    """
    template = {2: messages.ROW_COLUMN, 4: messages.IMAGE_CHANNEL}.get(len(position))
    if len(position) == 3 and window is not None:
        template = {"line": messages.POSITION, "column": messages.IN_COLUMN}.get(window.kernel)
    if window is not None:
        special = {"weight": messages.OUTPUT_INPUT, "gradient": messages.KERNEL_CHANNEL, "bias": messages.BIAS_NUMBER}
        template = special.get(window.kernel, template)
    return template.format(*position) if template else str(list(position))


def place(window: Window) -> str:
    """The rows and columns of a window in words."""
    if window.kernel == "line":
        template = messages.ON_LINE_PADDED if any(window.padding) else messages.ON_LINE
        return template.format(columns=_numbers(window.columns, messages.POSITION_, messages.POSITIONS))
    template = messages.PLACE_PADDED if any(window.padding) else messages.PLACE
    return (messages.PLACE_OUTPUT if window.kernel == "spread" else template).format(
        rows=_numbers(window.rows, messages.ROW, messages.ROWS),
        columns=_numbers(window.columns, messages.COLUMN, messages.COLUMNS),
    )


def beside(example: Counterexample) -> list[str]:
    """What was expected beside what came, the values that differ marked, as lines of equal columns."""
    expected, got = (_plane(value, example.position) for value in (example.expected, example.got))
    slice = f"[{', '.join(map(str, example.position[:-2]))}]" if example.position and len(example.position) > 2 else ""
    focus = (0, 0, *(example.position or ()))[-2:]
    most = MOST_ALONE if got is None else (MOST_ROWS, MOST_COLUMNS)
    comparable = got is not None and expected is not None and _shape(expected) == _shape(got)
    sides = []
    if expected is not None:
        sides.append([messages.EXPECTED + slice, *_grid(expected, set(), focus, most)])
    if got is not None:
        marks = _marks(expected, got) if expected is not None and comparable else set()
        sides.append([messages.GOT + slice, *_grid(got, marks, focus, most)])
    lines = _joined(sides)
    if comparable and example.position:
        lines[0] = f"{lines[0]}{GAP}({messages.DIFFERS})"
    return lines


def number(value: Any) -> str:
    """A number as short as it can be told; words as they are."""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if 1e-3 <= abs(value) < 1e6 or not value else f"{value:.4g}"
    return str(value)[:12]


def around(length: int, at: int, most: int) -> range:
    """At most so many indices of an axis, with `at` among them."""
    start = max(0, min(at - most // 2, length - most))
    return range(start, min(length, start + most))


def _numbers(indices: Sequence[int], one: str, many: str) -> str:
    if len(indices) == 1:
        return one.format(indices[0])
    run = indices[-1] - indices[0] == len(indices) - 1
    return many.format(f"{indices[0]}–{indices[-1]}" if run else ", ".join(map(str, indices)))


def _plane(value: Any, position: Sequence[int] | None) -> list[list[Any]] | None:
    """The rows of a matrix; of a batch, those of the image and channel where the first difference is.

    None where there is nothing to show beside another: no value, or a list of lists that are no matrix.
    """
    if not isinstance(value, list):
        return None if value is None else [[value]]
    for index in (*(position or ())[:-2], 0, 0, 0, 0):
        if not (value and isinstance(value[0], list) and value[0] and isinstance(value[0][0], list)):
            break
        value = value[min(index, len(value) - 1)]
    rows = value if value and isinstance(value[0], list) else [value]
    even = all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows)
    return rows if even else None


def _shape(plane: list[list[Any]]) -> tuple[int, int]:
    return len(plane), len(plane[0])


def _marks(expected: list[list[Any]], got: list[list[Any]]) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i, rows in enumerate(zip(expected, got, strict=True))
        for j, (one, other) in enumerate(zip(*rows, strict=True))
        if _differ(one, other)
    }


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) > 1e-4 + 1e-4 * abs(one)
    return bool(one != other)


def _grid(plane: list[list[Any]], marks: set[tuple[int, int]], at: Sequence[int], most: tuple[int, int]) -> list[str]:
    """A matrix as lines; where it is too large, the part around `at`."""
    rows = around(len(plane), at[0], most[0])
    columns = around(len(plane[0]), at[1], most[1])
    if not columns:
        return [f" {messages.NO_NUMBERS.format(shape=_shape(plane))}"]
    texts = [[number(plane[i][j]) + ("*" if (i, j) in marks else " ") for j in columns] for i in rows]
    width = max((len(text) for row in texts for text in row), default=0)
    lines = ["".join(f"{text:>{width + 1}}" for text in row).rstrip() for row in texts]
    cut = len(rows) < len(plane) or len(columns) < len(plane[0])
    return [*lines, f" … rows {rows[0]}–{rows[-1]}, columns {columns[0]}–{columns[-1]}"] if cut else lines


def _joined(sides: list[list[str]]) -> list[str]:
    """The blocks of lines beside each other where the page is wide enough, else one beneath the other."""
    widths = [max(map(len, side)) for side in sides]
    if sum(widths) + len(GAP) * len(sides) > WIDEST:
        return [line for side in sides for line in side]
    return [
        GAP.join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        for row in zip_longest(*sides, fillvalue="")
    ]
