"""What each number of a convolution's gradients gathers, for input (N, C, H, W) and grad_output (N, F, OH, OW).

As in windows.py; the gradients are those of the input, of the kernel (F, C, KH, KW) and of the bias (F,).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report.window import Planes, Window
from autograder.suite.draw import both


def kernel(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """All that one number of the kernel lay on, in every image, beside the gradients of the outputs."""
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
    """All outputs that look at one pixel; and of the kernel, turned by 180°, the numbers through which they do."""
    image, channel = position[:2]
    stride, padding = arguments.get("stride", 1), arguments.get("padding", 0)
    first, count, met = [], [], []
    for at, size, outputs in zip(
        position[2:], arguments["kernel"].shape[2:], arguments["grad_output"].shape[2:], strict=True
    ):
        seen_by = [output for output in range(outputs) if 0 <= at + padding - output * stride < size]
        first.append(seen_by[0] if seen_by else 0)
        count.append(len(seen_by))
        met.append(tuple(size - 1 - (at + padding - output * stride) for output in seen_by))
    filters = range(arguments["kernel"].shape[0])
    return Window(
        top=first[0],
        left=first[1],
        height=count[0],
        width=count[1],
        on=Planes(name="grad_output", indices=tuple((image, filter) for filter in filters)),
        by=Planes(name="kernel", indices=tuple((filter, channel) for filter in filters), rows=met[0], columns=met[1]),
        kind="spread",
    )


def bias(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """All outputs of one channel, in every image."""
    images, _, height, width = arguments["grad_output"].shape
    on = Planes(name="grad_output", indices=tuple((image, position[0]) for image in range(images)))
    return Window(top=0, left=0, height=height, width=width, on=on, kind="bias")
