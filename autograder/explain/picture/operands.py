"""Draw what an output is computed from, as panels: the matrices under its window, the matrices on it, the bias."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from autograder.explain.picture.panels import Column, Grid, Note
from autograder.explain.picture.planes import MOST_CHANNELS, chosen, grid, indices, text
from autograder.explain.picture.traced import others, read
from autograder.report import explanation_messages as messages
from autograder.report.report import Trace
from autograder.report.window import Window
from autograder.report.window_kinds import kind_of
from autograder.report.wording import MOST_COLUMNS, MOST_ROWS, around


def operands(arguments: Mapping[str, Any], window: Window, marked: bool, trace: Trace | None = None) -> list[Column]:
    """Return the columns of a call's picture that come before its result. Only a window to blame is marked.

    `trace` tells what the learner's function reads, which is marked, too.
    """
    if window.places is None or not marked:
        # A bent window means nothing without the places that it reads.
        inputs = [Column(_inputs(arguments, window, marked and window.places is None, trace))]
    else:
        inputs = _sampled(arguments, window, window.places, trace)
    kernels = _kernels(arguments, window, marked, trace)
    sign = "→" if "pool_size" in arguments else "∗"
    return [*inputs, *([Column(kernels, sign)] if kernels else [])]


def bias(arguments: Mapping[str, Any], window: Window) -> list[Column]:
    """Return a column with the bias of the outputs shown; no column where it is 0."""
    added = arguments.get("bias")
    if isinstance(added, torch.Tensor):
        added = added.flatten()[window.filter or 0].item()
    return [Column([Grid("bias", {(0, 0): text(added)}, (0,), (0,))], "+")] if added else []


def _inputs(arguments: Mapping[str, Any], window: Window, marked: bool, trace: Trace | None) -> list[Grid]:
    """Return the planes of the input under the window, padded, and others that the learner's function reads."""
    seen = frozenset((row, column) for row in window.rows for column in window.columns) if marked else frozenset()
    name = window.on.name if window.on else "X" if "X" in arguments else "input"
    tensor = arguments.get(name)
    focus = (window.top + window.height // 2, window.left + window.width // 2)
    if tensor is None:
        height, width = arguments["input_size"]
        rows, columns = around(height, focus[0], MOST_ROWS), around(width, focus[1], MOST_COLUMNS)
        return [Grid(messages.INPUT_OF_SIZE.format(height, width), {}, rows, columns, window=seen)]
    above, left = window.padding
    fill = float("-inf") if name == "X" and arguments.get("mode", "max") == "max" else 0.0
    under = window.on.indices[:MOST_CHANNELS] if window.on else indices(tensor, window.image, window.channels)
    shown = [*under, *others(trace, name, under)]
    grids = []
    for index, (title, plane) in zip(shown, chosen(name, tensor, shown), strict=True):
        padded = F.pad(plane.double(), (left, left, above, above), value=fill)
        title += messages.PADDED if any(window.padding) else ""
        framed, reads = seen if index in under else frozenset(), read(trace, name, index, (above, left))
        grids.append(_hatched(grid(title, padded, focus, window=framed, read=reads), (above, left), plane.shape))
    return grids


def _hatched(shown: Grid, first: tuple[int, int], size: torch.Size) -> Grid:
    """Return the panel with all cells hatched outside an image of this size, whose first number is in cell `first`."""
    rows, columns = (range(start, start + length) for start, length in zip(first, size, strict=True))
    return replace(
        shown, hatched=frozenset(cell for cell in shown.texts if not (cell[0] in rows and cell[1] in columns))
    )


def _sampled(
    arguments: Mapping[str, Any], window: Window, places: Sequence[tuple[float, float]], trace: Trace | None
) -> list[Column]:
    """Return the planes of the input with the places that are read, and the values read there.

    Zeros surround the input as far as the places go.
    """
    neighbours = [[(math.floor(at), math.ceil(at)) for at in place] for place in places]
    near = frozenset((row, column) for rows, columns in neighbours for row in rows for column in columns)
    inputs, samples = [], []
    shown = indices(arguments["input"], window.image, window.channels)
    for index, (title, plane) in zip(shown, chosen("input", arguments["input"], shown), strict=True):
        ends = [[*(cell[axis] for cell in near), 0, plane.shape[axis] - 1] for axis in (0, 1)]
        (top, left), (bottom, right) = map(min, ends), map(max, ends)
        beyond = (-left, right + 1 - plane.shape[1], -top, bottom + 1 - plane.shape[0])
        padded = F.pad(plane.double(), beyond)
        focus = (window.top + window.height // 2 - top, window.left + window.width // 2 - left)
        reads = read(trace, "input", index)
        seen = grid(title, padded, focus, start=(top, left), window=near, marks=places, read=reads)
        inputs.append(_hatched(seen, (0, 0), plane.shape))
        values = torch.tensor([_between(padded, row - top, column - left) for row, column in places])
        samples.append(grid(messages.READ.format(title), values.reshape(arguments["kernel"].shape[2:])))
    return [Column(inputs), Column(samples, "→")]


def _between(plane: torch.Tensor, row: float, column: float) -> float:
    """Return the value of a matrix at a place between its numbers: the four around it, weighted by distance."""
    return sum(
        (1 - abs(row - i)) * (1 - abs(column - j)) * plane[i, j].item()
        for i in {math.floor(row), math.ceil(row)}
        for j in {math.floor(column), math.ceil(column)}
    )


def _kernels(arguments: Mapping[str, Any], window: Window, marked: bool, trace: Trace | None) -> list[Grid | Note]:
    """Return the planes of the kernel on the window; for pooling, its mode in words; for unfold, nothing."""
    if "pool_size" in arguments:
        mode = arguments.get("mode", "max")
        return [
            Note(
                messages.MODE.format(mode),
                {"max": messages.LARGEST, "avg": messages.MEAN}.get(mode, ""),
            )
        ]
    name = window.by.name if window.by else "" if window.on else "weight" if "weight" in arguments else "kernel"
    if name not in arguments:
        return []
    channels = None if window.channels is None else range(len(window.channels))
    by = window.by.indices[:MOST_CHANNELS] if window.by else indices(arguments[name], window.filter, channels)
    shown = [*by, *others(trace, name, by)]
    part = window.by.cells if window.by and marked else frozenset()
    grids: list[Grid | Note] = []
    for index, (title, plane) in zip(shown, chosen(name, arguments[name], shown), strict=True):
        framed, reads = part if index in by else frozenset(), read(trace, name, index)
        if kind_of(window).turned:
            title, plane = messages.TURNED.format(title), plane.flip(0, 1)
            height, width = plane.shape
            reads = frozenset((height - 1 - row, width - 1 - column) for row, column in reads)
        grids.append(grid(title, plane, window=framed, read=reads))
    return grids
