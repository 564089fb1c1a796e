"""One check's result in words, line by line: the same at the terminal and on the feedback page."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from autograder.report import explanation_messages as messages
from autograder.report.report import CheckResult, Counterexample
from autograder.report.window import Window
from autograder.report.window_kinds import POSITIONS, kind_of

# The part of a matrix that is shown, here and in pictures.
MOST_ROWS, MOST_COLUMNS = 12, 14
# The part of the expected matrix that is shown where the function returned nothing.
MOST_ALONE = (4, 6)
WIDEST = 90
GAP = "    "


def lines_of(result: CheckResult) -> list[str]:
    """Return the lines beneath a check's title: message, position, hint, slip, law, when it fails, trace, call."""
    lines = [result.message] if result.message else []
    example = result.counterexample
    lines += [where(example)] if example is not None and example.position else []
    lines += [messages.HINT.format(hint=result.hint)] if result.hint else []
    lines += [result.slip.text] if result.slip else []
    lines += [messages.RULE.format(law=result.law)] if result.law else []
    lines += [result.condition] if result.condition else []
    lines += [result.trace.text] if result.trace else []
    if example is not None and example.snippet:
        title = messages.SMALLEST if example.smallest else messages.ONE_CALL
        lines += ["", title, example.snippet, "", *beside(example)]
    return lines


def where(example: Counterexample) -> str:
    """Return the first position that differs and the window that it looks at, in words; "" without a position."""
    if example.position is None:
        return ""
    first = messages.FIRST_AT.format(at=at(example.position, example.window))
    if example.window is None:
        return first
    kind = kind_of(example.window)
    if not (example.window.rows and example.window.columns):
        return f"{first} {kind.looks_at_nothing}"
    return f"{first} {kind.looks_at.format(where=place(example.window))}"


def at(position: Sequence[int], window: Window | None = None) -> str:
    """Return a position in words: row and column, after image and channel in a batch; else its indices as a list.

    Three indices may belong to a signal (N, C, L) or to a batch of matrices: only the window tells which.
    """
    template = (POSITIONS if window is None else kind_of(window).positions).get(len(position))
    return template.format(*position) if template else str(list(position))


def place(window: Window) -> str:
    """Return the rows and columns of a window in words."""
    kind = kind_of(window)
    template = kind.place_padded if any(window.padding) else kind.place
    if kind.is_line:
        return template.format(columns=numbers(window.columns, messages.POSITION_, messages.POSITIONS))
    return template.format(
        rows=numbers(window.rows, messages.ROW, messages.ROWS),
        columns=numbers(window.columns, messages.COLUMN, messages.COLUMNS),
    )


def beside(example: Counterexample) -> list[str]:
    """Return the expected matrix and the returned one as lines, side by side, with a mark on the values that differ."""
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
    """Return a number in its shortest form; the start of any other value as text."""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if 1e-3 <= abs(value) < 1e6 or not value else f"{value:.4g}"
    return str(value)[:12]


def around(length: int, at: int, most: int) -> range:
    """Return at most `most` indices of an axis, with `at` among them."""
    start = max(0, min(at - most // 2, length - most))
    return range(start, min(length, start + most))


def numbers(indices: Sequence[int], singular: str, plural: str) -> str:
    """Return indices in words: "row 2", "rows 0–2", "rows 0, 2, 4"."""
    if len(indices) == 1:
        return singular.format(indices[0])
    run = indices[-1] - indices[0] == len(indices) - 1
    return plural.format(f"{indices[0]}–{indices[-1]}" if run else ", ".join(map(str, indices)))


def _plane(value: Any, position: Sequence[int] | None) -> list[list[Any]] | None:
    """Return the rows of a matrix; in a batch, of the image and channel where the first difference is.

    Return None where there is no matrix to show: no value, or lists of unequal lengths.
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
        for j, (left, right) in enumerate(zip(*rows, strict=True))
        if _differ(left, right)
    }


def _differ(expected: Any, got: Any) -> bool:
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return abs(expected - got) > 1e-4 + 1e-4 * abs(expected)
    return bool(expected != got)


def _grid(plane: list[list[Any]], marks: set[tuple[int, int]], at: Sequence[int], most: tuple[int, int]) -> list[str]:
    """Return a matrix as lines; of a large matrix, the part around `at`."""
    rows = around(len(plane), at[0], most[0])
    columns = around(len(plane[0]), at[1], most[1])
    if not columns:
        return [f" {messages.NO_NUMBERS}"]  # lists of no numbers do not tell their shape; the message does
    texts = [[number(plane[i][j]) + ("*" if (i, j) in marks else " ") for j in columns] for i in rows]
    width = max((len(text) for row in texts for text in row), default=0)
    lines = ["".join(f"{text:>{width + 1}}" for text in row).rstrip() for row in texts]
    cut = len(rows) < len(plane) or len(columns) < len(plane[0])
    return [*lines, f" … rows {rows[0]}–{rows[-1]}, columns {columns[0]}–{columns[-1]}"] if cut else lines


def _joined(sides: list[list[str]]) -> list[str]:
    """Return the blocks of lines side by side where the page is wide enough, else one beneath the other."""
    widths = [max(map(len, side)) for side in sides]
    if sum(widths) + len(GAP) * len(sides) > WIDEST:
        return [line for side in sides for line in side]
    return [
        GAP.join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        for row in zip_longest(*sides, fillvalue="")
    ]
