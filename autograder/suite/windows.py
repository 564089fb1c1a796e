"""Find the part of the input that an output looks at, from the call's arguments and the output's position.

All rows and columns are those of the padded input. A suite's space names the function that fits it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report.window import Planes, Window
from autograder.suite.draw import both


def convolution(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (H, W) or (N, C, H, W), kernel (KH, KW) or (F, C / groups, KH, KW) and any options.

    The options are those of F.conv2d.
    """
    kernel = arguments["kernel"]
    strides = both(arguments.get("stride", 1))
    height, width = kernel.shape[-2:]
    window = Window(
        top=position[-2] * strides[0],
        left=position[-1] * strides[1],
        height=height,
        width=width,
        step=arguments.get("dilation", 1),
        padding=both(arguments.get("padding", 0)),
    )
    if kernel.dim() < 4:
        return window
    image, filter = position[0], position[1]
    group = filter // (kernel.shape[0] // arguments.get("groups", 1))
    channels = kernel.shape[1]
    of_group = tuple(range(group * channels, (group + 1) * channels))
    return window.model_copy(update={"image": image, "channels": of_group, "filter": filter})


def depthwise(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (N, C, H, W) and kernel (C, 1, KH, KW): one channel."""
    return convolution({**arguments, "groups": arguments["input"].shape[1]}, position)


def layer(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (N, C, H, W) and weight (F, C, KH, KW), as PyTorch's layers call the kernel."""
    return convolution({**arguments, "kernel": arguments["weight"]}, position)


def line(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (N, C, L) and kernel (F, C, K): one row."""
    flat = {**arguments, "kernel": arguments["kernel"][:, :, None]}
    window = convolution(flat, (*position[:2], 0, position[2]))
    return window.model_copy(update={"padding": (0, window.padding[1]), "kind": "line"})


def column(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (N, C, H, W) and kernel_size (KH, KW): a column of the result (N, C·KH·KW, L)."""
    (height, width), dilation = arguments["kernel_size"], arguments.get("dilation", 1)
    stride, padding = arguments.get("stride", 1), arguments.get("padding", 0)
    columns = (arguments["input"].shape[3] + 2 * padding - dilation * (width - 1) - 1) // stride + 1
    image, row, number = position
    down, right = divmod(number, columns)
    return Window(
        top=down * stride,
        left=right * stride,
        height=height,
        width=width,
        step=dilation,
        padding=(padding, padding),
        image=image,
        channels=(row // (height * width),),
        kind="column",
    )


def pooling(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for X (H, W) with stride 1, or for X (N, C, H, W), whose default stride is the pool size."""
    size = both(arguments["pool_size"])
    single = arguments["X"].dim() < 4
    stride = arguments.get("stride", 1 if single else None)
    strides = size if stride is None else both(stride)
    window = Window(
        top=position[-2] * strides[0],
        left=position[-1] * strides[1],
        height=size[0],
        width=size[1],
        padding=both(arguments.get("padding", 0)),
    )
    return window if single else window.model_copy(update={"image": position[0], "channels": (position[1],)})


def matrix_row(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return where the kernel (KH, KW) lies in an input_size (H, W) for a row of the matrix (OH·OW, H·W)."""
    height, width = arguments["kernel"].shape
    columns = arguments["input_size"][1] - width + 1
    top, left = divmod(position[0], columns)
    return Window(top=top, left=left, height=height, width=width, kind="row")


def dense_weight(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return where the kernel (KH, KW) lies in an input_size (H, W) for an output's weights in (OH, OW, H, W)."""
    height, width = arguments["kernel"].shape
    return Window(top=position[0], left=position[1], height=height, width=width, kind="weight")


def dense_layer(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return all of the input (H, W), and the output's own weights in (OH, OW, H, W)."""
    height, width = arguments["input"].shape
    on, by = Planes(name="input", indices=((),)), Planes(name="weight", indices=(tuple(position),))
    return Window(top=0, left=0, height=height, width=width, on=on, by=by)


def deformable(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the pixels around an output's places, for input (N, C, H, W), offset (N, 2·KH·KW, OH, OW) and kernel.

    The kernel has the shape (F, C, KH, KW).
    """
    image, filter, *output = position
    stride, padding = arguments.get("stride", 1), arguments.get("padding", 0)
    size = arguments["kernel"].shape[2:]
    moves = arguments["offset"][image, :, output[0], output[1]].reshape(*size, 2).tolist()
    down, right = (at * stride - padding for at in output)
    places = tuple(
        (down + i + moves[i][j][0], right + j + moves[i][j][1]) for i in range(size[0]) for j in range(size[1])
    )
    spans = [
        range(max(0, math.floor(min(along))), min(length, math.ceil(max(along)) + 1))
        for along, length in zip(zip(*places, strict=True), arguments["input"].shape[2:], strict=True)
    ]
    return Window(
        top=spans[0].start,
        left=spans[1].start,
        height=len(spans[0]),
        width=len(spans[1]),
        image=image,
        channels=tuple(range(arguments["kernel"].shape[1])),
        filter=filter,
        kind="bent",
        places=places,
    )


def transposed(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the window for input (h, w) padded by (KH-1, KW-1), with the kernel (KH, KW) turned by 180°."""
    height, width = arguments["kernel"].shape
    padding = (height - 1, width - 1)
    return Window(top=position[0], left=position[1], height=height, width=width, padding=padding, kind="turned")


def transposed_matrix(arguments: Mapping[str, Any], position: Sequence[int]) -> Window:
    """Return the numbers of the input (h, w) that reach an output when the kernel (KH, KW) spreads each of them."""
    first, count, weights = [], [], []
    for at, size, inputs in zip(position, arguments["kernel"].shape, arguments["input"].shape, strict=True):
        reached_by = range(max(0, at - size + 1), min(inputs, at + 1))
        first.append(reached_by.start)
        count.append(len(reached_by))
        weights.append(tuple(at - index for index in reached_by))
    rows, columns = weights
    return Window(
        top=first[0],
        left=first[1],
        height=count[0],
        width=count[1],
        on=Planes(name="input", indices=((),)),
        by=Planes(name="kernel", indices=((),), rows=rows, columns=columns),
    )
