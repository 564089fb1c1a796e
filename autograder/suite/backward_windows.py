"""The windows of a convolution's gradients, for input (N, C, H, W) and grad_output (N, F, OH, OW).

They are like those in windows.py. The gradients are with respect to the input, the kernel (F, C, KH, KW) and the bias
(F,).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report.window import Planes, Window
from autograder.suite.draw import both


def kernel(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return all input values that one number of the kernel met, in every image, and the outputs' gradients."""
    filter, channel, top, left = position
    images, _, height, width = arguments["grad_output"].shape
    return Window(
        top=top,
        left=left,
        height=height,
        width=width,
        step=arguments.get("stride", 1),
        padding=both(arguments.get("padding", 0)),
        on=Planes(name="input", indices=tuple((image, channel) for image in range(images))),
        by=Planes(name="grad_output", indices=tuple((image, filter) for image in range(images))),
        kind="gradient",
    )


def input(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return all outputs that look at one pixel, and the numbers of the kernel, turned by 180°, that they see it by."""
    image, channel = position[:2]
    stride, padding = arguments.get("stride", 1), arguments.get("padding", 0)
    first, count, weights = [], [], []
    for at, size, outputs in zip(
        position[2:], arguments["kernel"].shape[2:], arguments["grad_output"].shape[2:], strict=True
    ):
        seen_by = [output for output in range(outputs) if 0 <= at + padding - output * stride < size]
        first.append(seen_by[0] if seen_by else 0)
        count.append(len(seen_by))
        weights.append(tuple(size - 1 - (at + padding - output * stride) for output in seen_by))
    rows, columns = weights
    filters = range(arguments["kernel"].shape[0])
    return Window(
        top=first[0],
        left=first[1],
        height=count[0],
        width=count[1],
        on=Planes(name="grad_output", indices=tuple((image, filter) for filter in filters)),
        by=Planes(name="kernel", indices=tuple((filter, channel) for filter in filters), rows=rows, columns=columns),
        kind="spread",
    )


def bias(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return all outputs of one channel, in every image."""
    images, _, height, width = arguments["grad_output"].shape
    on = Planes(name="grad_output", indices=tuple((image, position[0]) for image in range(images)))
    return Window(top=0, left=0, height=height, width=width, on=on, kind="bias")
