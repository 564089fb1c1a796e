"""Turn tensors into panels of numbers: choose the matrices, their titles, and how to write each number."""

from collections.abc import Sequence
from typing import Any

import torch

from autograder.explain.picture.panels import Grid
from autograder.report import explanation_messages as messages
from autograder.report.wording import MOST_COLUMNS, MOST_ROWS, around, number

MOST_CHANNELS = 3

Titled = tuple[str, torch.Tensor]


def planes(name: str, tensor: torch.Tensor, first: int | None, channels: Sequence[int] | None) -> list[Titled]:
    """Return the matrices to show of a tensor, each with its title: the tensor itself, or some of its channels."""
    return chosen(name, tensor, indices(tensor, first, channels))


def indices(tensor: torch.Tensor, first: int | None, channels: Sequence[int] | None) -> Sequence[tuple[int, ...]]:
    """Return the leading indices of these matrices: (), or those of an image and a channel.

    A tensor (N, C, L) gives rows, or matrices (C, L) where `channels` is empty.
    """
    if tensor.dim() <= 2:
        return [()]
    first = min(first or 0, tensor.shape[0] - 1)
    if tensor.dim() == 3 and channels == ():
        return [(first,)]
    most = tensor.shape[1] - 1
    return [(first, min(channel, most)) for channel in (channels or (0,))[:MOST_CHANNELS]]


def chosen(name: str, tensor: torch.Tensor, indices: Sequence[Sequence[int]]) -> list[Titled]:
    """Return the matrices of a tensor at these leading indices, each with its title. A single axis gives a row."""
    shown = [(f"{name}{list(index) or ''}", tensor[tuple(index)]) for index in indices]
    return [(title, plane if plane.dim() == 2 else plane.reshape(1, -1)) for title, plane in shown]


def grid(
    title: str,
    plane: torch.Tensor,
    at: Sequence[int] = (0, 0),
    most: int = MOST_COLUMNS,
    *,
    start: tuple[int, int] = (0, 0),
    heat: bool = False,
    **marks: Any,
) -> Grid:
    """Return a matrix as a panel with these marks of `Grid`; of a large matrix, the part around `at`.

    `start` is the label of the first number, (row, column).
    """
    rows, columns = around(plane.shape[0], at[0], MOST_ROWS), around(plane.shape[1], at[1], most)
    cells = [(row + start[0], column + start[1]) for row in rows for column in columns]
    numbers = [plane[row, column].item() for row in rows for column in columns]
    largest = max(map(abs, numbers), default=0) if heat else 0
    shades = [abs(value) / largest for value in numbers] if 0 < largest < float("inf") else []
    return Grid(
        messages.PART.format(title) if len(cells) < plane.numel() else title,
        dict(zip(cells, map(text, numbers), strict=True)),
        [row + start[0] for row in rows],
        [column + start[1] for column in columns],
        shades=dict(zip(cells, shades, strict=False)),
        **marks,
    )


def text(value: Any) -> str:
    """Return a number as a cell shows it."""
    written = number(float(value))
    return {"inf": "∞", "-inf": "−∞"}.get(written, written.replace("-", "−"))
