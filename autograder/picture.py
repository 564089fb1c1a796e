"""A counterexample drawn: the input with the window marked, the kernel, and what was expected beside what came.

Nothing is told by colour alone: the window has a thick frame, padding is hatched, a wrong value has a black corner.
The same counterexample is the same bytes, wherever it is drawn.
"""

import base64
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F

from autograder import messages, panels, windows
from autograder.compare import what_is
from autograder.counterexample import expected_of, plain, wrong_values
from autograder.panels import Column, Grid, Note
from autograder.report import Counterexample, Picture, Window
from autograder.sandbox.learner import Raised
from autograder.verdict import NoAnswer, Wrong
from autograder.wording import around, number, where

logger = logging.getLogger(__name__)

MOST_CHANNELS = 3
MOST_ROWS, MOST_COLUMNS = 12, 14
WIDEST_MATRIX = 26


def draw(wrong: Wrong, example: Counterexample) -> Picture | None:
    """The picture of a wrong answer; None where there was no answer, or there is nothing to draw."""
    expected = expected_of(wrong)
    # What a number of the kernel gathers is no window with the kernel on it.
    undrawn = wrong.case is None or wrong.case.window in (None, windows.kernel_gradient)
    if isinstance(wrong, NoAnswer) or undrawn or not isinstance(expected, torch.Tensor):
        return None
    try:
        columns = _columns(wrong, expected, example)
        png, width = panels.png(columns, _caption(columns))
        return Picture(alt=_alt(wrong, expected, example), png=base64.b64encode(png).decode("ascii"), width=width)
    except Exception:
        # A report without a picture is still a report.
        logger.exception("a counterexample could not be drawn")
        return None


def _columns(wrong: Wrong, expected: torch.Tensor, example: Counterexample) -> list[Column]:
    case = wrong.case
    # Where no single output is to blame, the call is drawn as the first output sees it, with no window marked.
    window = example.window or case.window(case.arguments, (0,) * expected.dim())
    marked = example.window is not None
    inputs = Column(_inputs(case.arguments, window, marked))
    sign = "→" if "pool_size" in case.arguments else "∗"
    kernels = [Column(panels_, sign) for panels_ in [_kernels(case.arguments, window)] if panels_]
    if wrong.expected is None and wrong.got is None and not isinstance(wrong, Raised):
        # The result was not even looked at: it is the call that did what it must not do.
        return [inputs, *kernels, Column([Note(messages.GOT, wrong.message)], "→")]
    terms = [inputs, *kernels, *_bias(case.arguments, window)]
    right, got = _outputs(wrong, expected, example, window)
    if window.kernel in ("row", "weight"):
        return [Column([*inputs.panels, *kernels[0].panels]), Column([right, got], "→")]
    return [*terms, Column([right], "=" if kernels else "→"), Column([got], "≠" if isinstance(got, Grid) else "")]


def _inputs(arguments: Mapping[str, Any], window: Window, marked: bool) -> list[Grid]:
    """The planes of the input that the window lies on, padded."""
    seen = frozenset((row, column) for row in window.rows for column in window.columns) if marked else frozenset()
    name = "X" if "X" in arguments else "input"
    tensor = arguments.get(name)
    focus = (window.top + window.height // 2, window.left + window.width // 2)
    if tensor is None:
        height, width = arguments["input_size"]
        rows, columns = around(height, focus[0], MOST_ROWS), around(width, focus[1], MOST_COLUMNS)
        return [Grid(messages.INPUT_OF_SIZE.format(height, width), {}, rows, columns, window=seen)]
    above, left = window.padding
    fill = float("-inf") if name == "X" and arguments.get("mode", "max") == "max" else 0.0
    grids = []
    for title, plane in _planes(name, tensor, window.image, window.channels):
        padded = F.pad(plane.double(), (left, left, above, above), value=fill)
        inside = (range(above, above + plane.shape[0]), range(left, left + plane.shape[1]))
        grid = _grid(title + (messages.PADDED if any(window.padding) else ""), padded, focus, window=seen)
        outside = frozenset(cell for cell in grid.texts if cell[0] not in inside[0] or cell[1] not in inside[1])
        grids.append(Grid(grid.title, grid.texts, grid.rows, grid.columns, outside, seen))
    return grids


def _kernels(arguments: Mapping[str, Any], window: Window) -> list[Grid | Note]:
    """The planes of the kernel that lie on the window; for pooling, what it does, in words; nothing for unfold."""
    name = "weight" if "weight" in arguments else "kernel"
    if "pool_size" in arguments:
        mode = arguments.get("mode", "max")
        return [Note(messages.MODE.format(mode), {"max": messages.LARGEST, "avg": messages.MEAN}.get(mode, ""))]
    if name not in arguments:
        return []
    channels = None if window.channels is None else range(len(window.channels))
    planes = _planes(name, arguments[name], window.filter, channels)
    if window.kernel == "turned":
        return [_grid(messages.TURNED.format(title), plane.flip(0, 1)) for title, plane in planes]
    return [_grid(title, plane) for title, plane in planes]


def _bias(arguments: Mapping[str, Any], window: Window) -> list[Column]:
    """The number that is added to the outputs shown, where it is not 0."""
    bias = arguments.get("bias")
    if isinstance(bias, torch.Tensor):
        bias = bias.flatten()[window.filter or 0].item()
    return [Column([Grid("bias", {(0, 0): _text(bias)}, (0,), (0,))], "+")] if bias else []


def _outputs(wrong: Wrong, expected: torch.Tensor, example: Counterexample, window: Window) -> list[Grid | Note]:
    """What was expected, and what came instead: a matrix where it is one, else words."""
    position = example.position
    most = WIDEST_MATRIX if window.kernel == "row" else MOST_COLUMNS
    heat = window.kernel == "row"
    index, at = _plane_of(position or (0,) * expected.dim(), window)
    ((title, plane),) = _planes(messages.EXPECTED, expected, index[0], index[1:])
    framed = at if position else None
    got, values = wrong.got, wrong_values(wrong)
    shaped = values is None and isinstance(got, torch.Tensor)
    right = _grid(title + (_shape(expected) if shaped else ""), plane, at, most, framed=framed, heat=heat)
    if not isinstance(got, torch.Tensor) or (values is not None and not values.any()):
        return [right, Note(messages.GOT, wrong.message.removeprefix(f"{wrong.case.function} "))]
    if got.dim() not in (2, 4, expected.dim()) or not got.numel() or got.is_complex():
        return [right, Note(messages.GOT, what_is(got))]
    ((title, plane),) = _planes(messages.GOT, got, index[0], index[1:])
    bad = frozenset()
    if values is not None:
        ((_, differ),) = _planes("", values, index[0], index[1:])
        bad = frozenset(map(tuple, differ.nonzero().tolist()))
    title += _shape(got) if shaped else ""
    return [right, _grid(title, plane, at, most, framed=framed, wrong=bad, heat=heat)]


def _plane_of(position: Sequence[int], window: Window) -> tuple[Sequence[int], tuple[int, int]]:
    """Which plane of an output a position lies in, and the row and column there."""
    if window.kernel == "line":
        return position[:2], (0, position[2])
    return position[:-2] or (0, 0), (position[-2], position[-1])


def _planes(
    name: str, tensor: torch.Tensor, first: int | None, channels: Sequence[int] | None
) -> list[tuple[str, torch.Tensor]]:
    """The matrices to show of a tensor, each with its title: itself, or some of its channels.

    A tensor (N, C, L) is lines of numbers, and without any channels matrices (C, L).
    """
    if tensor.dim() == 2:
        return [(name, tensor)]
    first = min(first or 0, tensor.shape[0] - 1)
    if tensor.dim() == 3 and channels == ():
        return [(f"{name}[{first}]", tensor[first])]
    if tensor.dim() == 3:
        tensor = tensor[:, :, None]
    shown = [min(channel, tensor.shape[1] - 1) for channel in channels or (0,)][:MOST_CHANNELS]
    return [(f"{name}[{first}, {channel}]", tensor[first, channel]) for channel in shown]


def _grid(
    title: str,
    plane: torch.Tensor,
    at: Sequence[int] = (0, 0),
    most: int = MOST_COLUMNS,
    *,
    window: frozenset = frozenset(),
    wrong: frozenset = frozenset(),
    framed: Any = None,
    heat: bool = False,
) -> Grid:
    """A matrix as a panel; where it is too large, the part around `at`."""
    rows, columns = around(plane.shape[0], at[0], MOST_ROWS), around(plane.shape[1], at[1], most)
    values = {(row, column): plane[row, column].item() for row in rows for column in columns}
    texts = {cell: _text(value) for cell, value in values.items()}
    largest = max((abs(value) for value in values.values()), default=0) if heat else 0
    shades = {cell: abs(value) / largest for cell, value in values.items()} if 0 < largest < float("inf") else {}
    if len(texts) < plane.numel():
        title = messages.PART.format(title)
    return Grid(title, texts, rows, columns, window=window, wrong=wrong, framed=framed, shades=shades)


def _text(value: Any) -> str:
    """A number in a cell."""
    text = number(float(value))
    return {"inf": "∞", "-inf": "−∞"}.get(text, text.replace("-", "−"))


def _shape(tensor: torch.Tensor) -> str:
    return f" {tuple(tensor.shape)}"


def _caption(columns: Sequence[Column]) -> list[str]:
    """Beneath the picture: what the marks mean that it has."""
    grids = [panel for column in columns for panel in column.panels if isinstance(panel, Grid)]
    keys = [messages.KEY_WINDOW] if any(grid.window for grid in grids) else []
    keys += [messages.KEY_PADDING] if any(grid.hatched for grid in grids) else []
    keys += [messages.KEY_WRONG] if any(grid.wrong for grid in grids) else []
    return [" ".join(keys)] if keys else []


def _alt(wrong: Wrong, expected: torch.Tensor, example: Counterexample) -> str:
    """The picture in words, for who cannot see it."""
    sizes = {
        name: " × ".join(map(str, value.shape))
        for name, value in wrong.case.arguments.items()
        if isinstance(value, torch.Tensor) and value.dim() > 1
    }
    parts = [messages.ALT_CALL.format(sizes=", ".join(f"{name} {size}" for name, size in sizes.items()))]
    if example.position:
        parts += [where(example), messages.ALT_VALUES.format(expected=plain(expected), got=plain(wrong.got))]
    else:
        parts += [wrong.message]
    return " ".join(parts)
