"""Spaces that several suites share, and the parts of them that show one ability each."""

from collections.abc import Callable, Mapping
from typing import Any

import torch

from autograder.suite import windows
from autograder.suite.cases import NUMBERS, OMITTED, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.draw import Draw
from autograder.suite.references import conv2d, conv2d_single, kernel_matrix


def single_image(function: str) -> Space:
    """Return the calls of a function with input (H, W), kernel (KH, KW), bias, stride and padding."""
    return Space(
        function=function,
        arguments=_single_image_arguments,
        reference=conv2d_single,
        axes={
            "stride": (1, 2, 3),
            "padding": (0, 1, 2),
            "bias": ("omitted", "number", "tensor"),
            "input_shape": SHAPES,
            "kernel_shape": SHAPES,
            "remainder": (False, True),
            "numbers": NUMBERS,
            "spelled": SPELLED,
            "layout": ("contiguous",),
        },
        defaults={"bias": 0, "stride": 1, "padding": 0},
        window=windows.convolution,
    )


def squares(space: Space) -> Space:
    """Return the part of a `single_image` space with squares only, and without stride, padding or bias."""
    return space.where(
        stride=1, padding=0, bias="omitted", remainder=False, input_shape="square", kernel_shape="square"
    )


def rectangles(space: Space) -> Space:
    """Return a `squares` space with rectangles instead of squares."""
    return space.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"]).plus(
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (3, 2), "input_size": (3, 2)},
        {"kernel_size": (1, 3), "input_size": (3, 4)},
        {"kernel_size": (2, 1), "input_size": (5, 1)},
    )


def strides(space: Space) -> Space:
    """Return a `squares` space with strides of 2 and 3."""
    return space.where(stride=[2, 3], remainder=[False, True]).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"stride": 2, "kernel_size": (1, 1), "input_size": (4, 4)},
    )


def paddings(space: Space) -> Space:
    """Return a `squares` space with a padding of 1 and 2."""
    return space.where(padding=[1, 2]).plus(
        {"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)},
        {"padding": 2, "kernel_size": (3, 3), "input_size": (2, 2)},
        {"padding": 1, "kernel_size": (1, 1), "input_size": (1, 1)},
    )


def batch(function: str) -> Space:
    """Return the calls of a function with input (N, C, H, W), kernel (F, C, KH, KW), bias, stride and padding."""
    return Space(
        function=function,
        arguments=_batch_arguments,
        reference=conv2d,
        axes={
            "images": ONE_OR_MANY,
            "channels": ONE_OR_MANY,
            "filters": ONE_OR_MANY,
            "bias": ("given", "none", "omitted"),
            "stride": (1, 2, 3),
            "padding": (0, 1, 2),
            "input_shape": SHAPES,
            "kernel_shape": SHAPES,
            "remainder": (False, True),
            "numbers": NUMBERS,
            "spelled": SPELLED,
            "layout": ("contiguous",),
        },
        defaults={"bias": None, "stride": 1, "padding": 0},
        window=windows.convolution,
    )


def bias_of_batch(draw: Draw, filters: int) -> Any:
    """Return a bias (F,), None or OMITTED, as the row says. With "zeros", no mistake with the bias shows."""
    kinds: dict[str, Callable[[], Any]] = {
        "zeros": lambda: torch.zeros(filters),
        "given": lambda: draw.tensor(filters),
        "none": lambda: None,
        "omitted": lambda: OMITTED,
    }
    return kinds[draw.row["bias"]]()


def matrices_of_kernels(function: str) -> Space:
    """Return the calls of a function with kernel (KH, KW) and input_size (H, W)."""
    return Space(
        function=function,
        arguments=_matrix_arguments,
        reference=kernel_matrix,
        axes={
            "input_shape": SHAPES,
            "kernel_shape": SHAPES,
            "pair": ("tuple", "list"),
            "numbers": NUMBERS,
            "layout": ("contiguous",),
        },
        positional=("kernel", "input_size"),
        window=windows.matrix_row,
    )


def _single_image_arguments(draw: Draw) -> Mapping[str, Any]:
    kernel_size = draw.kernel_size()
    stride, padding = draw.row["stride"], draw.row["padding"]
    bias: dict[str, Callable[[], Any]] = {
        "omitted": lambda: OMITTED,
        "zero": lambda: 0,
        "number": draw.number,
        "tensor": lambda: draw.tensor(1),
    }
    return {
        "input": draw.tensor(*draw.input_size(kernel_size, stride, padding)),
        "kernel": draw.tensor(*kernel_size),
        "bias": bias[draw.row["bias"]](),
        "stride": stride,
        "padding": padding,
    }


def _batch_arguments(draw: Draw) -> Mapping[str, Any]:
    images, channels, filters = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    stride, padding = draw.row["stride"], draw.row["padding"]
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, stride, padding)),
        "kernel": draw.tensor(filters, channels, *kernel_size),
        "bias": bias_of_batch(draw, filters),
        "stride": stride,
        "padding": padding,
    }


def _matrix_arguments(draw: Draw) -> Mapping[str, Any]:
    kernel_size = draw.kernel_size(high=3)
    size = draw.input_size(kernel_size)
    return {"kernel": draw.tensor(*kernel_size), "input_size": list(size) if draw.row["pair"] == "list" else size}
