"""Every output looks at the window that is drawn for it: it can be computed from that alone."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from autograder.explain.picture import planes
from autograder.report.window import Window
from autograder.suite.cases import Case
from tests.pictures import STEPS, cases, grids, wrong_at


def from_window(case: Case, position: tuple[int, ...]) -> float:
    """Return the output at a position, computed only from the window that it should look at."""
    window = case.window(case.arguments, position)
    arguments = case.arguments
    if window.kind in ("row", "weight"):
        matrix = torch.zeros(tuple(arguments["input_size"]))
        matrix[window.top : window.top + window.height, window.left : window.left + window.width] = arguments["kernel"]
        return float(matrix.flatten()[position[1]] if window.kind == "row" else matrix[position[2:]])
    if window.places:
        return read_and_weighed(case, position)
    if window.on:
        return gathered(arguments, window)
    image = arguments.get("input", arguments.get("X"))
    image = {2: image[None, None], 3: image[:, :, None], 4: image}[image.dim()]
    pooled = "X" in arguments
    largest = pooled and arguments.get("mode", "max") == "max"
    above, left = window.padding
    padded = F.pad(image.double(), (left, left, above, above), value=float("-inf") if largest else 0.0)
    cells = padded[window.image or 0][list(window.channels or (0,))][:, window.rows][:, :, window.columns]
    if window.kind == "column":
        return float(cells.flatten()[position[1] % cells.numel()])
    if pooled:
        return float(cells.max() if largest else cells.mean())
    kernel = arguments.get("kernel", arguments.get("weight")).double()
    kernel = kernel[:, :, None] if kernel.dim() == 3 else kernel
    kernel = kernel[window.filter] if kernel.dim() == 4 else kernel[None]
    kernel = kernel.flip(1, 2) if window.kind == "turned" else kernel
    bias = arguments.get("bias")
    bias = bias.flatten()[window.filter or 0] if isinstance(bias, torch.Tensor) else bias or 0
    return float((cells * kernel).sum() + bias)


def gathered(arguments: dict[str, Any], window: Window) -> float:
    """Return the sum of products of the matrices under the window and those on it, over all planes."""
    above, left = window.padding
    on = [F.pad(arguments[window.on.name][index].double(), (left, left, above, above)) for index in window.on.indices]
    cells = torch.stack([plane[list(window.rows)][:, list(window.columns)] for plane in on])
    if window.by is None:
        return float(cells.sum())
    by = [arguments[window.by.name][index].double() for index in window.by.indices]
    if window.kind == "spread" or window.by.rows:
        by = [plane.flip(0, 1) if window.kind == "spread" else plane for plane in by]
        by = [plane[list(window.by.rows)][:, list(window.by.columns)] for plane in by]
    return float((cells * torch.stack(by)).sum())


def read_and_weighed(case: Case, position: tuple[int, ...]) -> float:
    """Return the sum of products of the drawn samples and the drawn kernel, plus the bias."""
    drawn = grids(wrong_at(case, position))
    read, kernels = (
        [number for title, grid in drawn.items() if title.startswith(start) for number in grid.texts.values()]
        for start in ("read", "kernel")
    )
    products = (figure(one) * figure(other) for one, other in zip(read, kernels, strict=True))
    return sum(products) + (figure(drawn["bias"].texts[0, 0]) if "bias" in drawn else 0)


def figure(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("step", STEPS)
def test_every_output_looks_at_its_window(step, monkeypatch):
    monkeypatch.setattr(planes, "MOST_CHANNELS", 4)
    for case in cases(step):
        positions = torch.nonzero(torch.ones_like(case.expected, dtype=torch.bool)).tolist()
        for position in (positions[0], positions[len(positions) // 2], positions[-1]):
            value = float(case.expected[tuple(position)])
            # What is drawn has four decimals.
            close = pytest.approx(value, rel=1e-4, abs=5e-3 if step == "deformable" else 1e-4)
            assert from_window(case, tuple(position)) == close, (case, position)
