"""The conditions that may tell when a function goes wrong: one table, the simplest first.

Each is a phrase that follows “exactly when”, and a test of a call. A test returns None where it does not apply.
"""

import torch

from autograder.explain.condition import (
    Condition,
    above,
    as_many_as_kernels,
    bias,
    either,
    is_pair,
    kernels,
    left_out,
    many,
    mode,
    more_than,
    numbers,
    of,
    of_bias,
    of_result,
    same_count,
    window_and,
)

# {kernel} is “kernel”, or “window” where a function has none.
CONDITIONS: tuple[Condition, ...] = (
    *above("the stride", "stride", 1),
    *above("the padding", "padding", 0),
    *above("the dilation", "dilation", 1),
    *above("the number of groups", "groups", 1),
    *either("there is a bias", bias, "there is no bias"),
    *either("the batch has several images", many(0), "the batch has one image"),
    *either("the input has several channels", many(1), "the input has one channel"),
    *either("there are several kernels", kernels, "there is one kernel"),
    *either("the mode is 'avg'", mode("avg"), "the mode is 'max'"),
    *either("the {kernel} is not square", of("window", lambda h, w: h != w), "the {kernel} is square"),
    *either("the input is not square", of("size", lambda h, w: h != w), "the input is square"),
    *either("the result is not square", of_result(lambda h, w: h != w), "the result is square"),
    *either("rows or columns are left over", of("left_over", lambda h, w: h + w > 0), "nothing is left over"),
    *either("rows are left over", of("left_over", lambda h, _: h > 0), "no rows are left over"),
    *either("columns are left over", of("left_over", lambda _, w: w > 0), "no columns are left over"),
    *either("the stride is a pair", is_pair("stride"), "the stride is a number"),
    *either("the padding is a pair", is_pair("padding"), "the padding is a number"),
    *either(
        "the stride differs between the axes",
        of("stride", lambda h, w: h != w),
        "the stride is the same on both axes",
    ),
    *either(
        "the padding differs between the axes",
        of("padding", lambda h, w: h != w),
        "the padding is the same on both axes",
    ),
    *(
        Condition(f"{what} is {more} than {less}", of(pair, test))
        for what, pair in (("the {kernel}", "window"), ("the input", "size"))
        for more, less, test in (
            ("taller", "wide", lambda h, w: h > w),
            ("wider", "tall", lambda h, w: h < w),
        )
    ),
    *either("the {kernel} is 1 × 1", of("window", lambda h, w: h == w == 1), "the {kernel} is larger than 1 × 1"),
    *either("the {kernel} has one row", of("window", lambda h, _: h == 1), "the {kernel} has several rows"),
    *either("the {kernel} has one column", of("window", lambda _, w: w == 1), "the {kernel} has several columns"),
    *either("the result has one row", of_result(lambda h, _: h == 1), "the result has several rows"),
    *either("the result has one column", of_result(lambda _, w: w == 1), "the result has several columns"),
    *either("the result is 1 × 1", of_result(lambda h, w: h == w == 1), "the result is larger than 1 × 1"),
    *either(
        "the {kernel} has room to move down",
        of("room", lambda down, _: down > 0),
        "the {kernel} has no room to move down",
    ),
    *either(
        "the {kernel} has room to move to the right",
        of("room", lambda _, right: right > 0),
        "the {kernel} has no room to move to the right",
    ),
    *above("the stride", "stride", 2),
    *above("the padding", "padding", 1),
    *either(
        "the stride is larger than a side of the {kernel}",
        window_and("stride", lambda window, stride: any(s > k for s, k in zip(stride, window, strict=True))),
        "the stride is at most both sides of the {kernel}",
    ),
    *either(
        "the stride is larger than both sides of the {kernel}",
        window_and("stride", lambda window, stride: all(s > k for s, k in zip(stride, window, strict=True))),
        "the stride is at most one of the sides of the {kernel}",
    ),
    *either(
        "the padding is at least a side of the {kernel}",
        window_and("padding", lambda window, pad: any(p >= k for p, k in zip(pad, window, strict=True))),
        "the padding is smaller than both sides of the {kernel}",
    ),
    *either(
        "the padding is at least both sides of the {kernel}",
        window_and("padding", lambda window, pad: all(p >= k for p, k in zip(pad, window, strict=True))),
        "the padding is smaller than one of the sides of the {kernel}",
    ),
    *either(
        "the {kernel} is as large as the input",
        window_and("size", lambda window, size: window == size),
        "the {kernel} is smaller than the input",
    ),
    *either(
        "the height of the {kernel} is even",
        of("window", lambda h, _: h % 2 == 0),
        "the height of the {kernel} is odd",
    ),
    *either(
        "the width of the {kernel} is even", of("window", lambda _, w: w % 2 == 0), "the width of the {kernel} is odd"
    ),
    *either("there are as many kernels as channels", same_count, "there are more or fewer kernels than channels"),
    *either(
        "the result has as many columns as kernels",
        as_many_as_kernels(-1),
        "the result has more or fewer columns than kernels",
    ),
    *either(
        "the batch has as many images as there are kernels",
        as_many_as_kernels(0),
        "the batch has more or fewer images than kernels",
    ),
    *either("the input has more than 3 channels", more_than(3), "the input has at most 3 channels"),
    *either("the input has more than 2 channels", more_than(2), "the input has at most 2 channels"),
    *either("the input has one row", of("size", lambda h, _: h == 1), "the input has several rows"),
    *either("the input has one column", of("size", lambda _, w: w == 1), "the input has several columns"),
    *either(
        "the input has one row or one column",
        of("size", lambda h, w: min(h, w) == 1),
        "the input has several rows and columns",
    ),
    *either(
        "the bias is a tensor",
        lambda call: isinstance(call.arguments.get("bias"), torch.Tensor),
        "the bias is no tensor",
    ),
    *either("the bias holds a 0", of_bias(lambda bias: (bias == 0).any()), "the bias holds no 0"),
    *either("the bias holds a negative number", of_bias(lambda bias: (bias < 0).any()), "no bias is negative"),
    *either(
        "the input holds fractions",
        numbers(lambda image: (image != image.round()).any()),
        "the input holds whole numbers only",
    ),
    *either(
        "all numbers of the input are negative",
        numbers(lambda image: (image < 0).all()),
        "some number of the input is 0 or more",
    ),
    *either("the input holds a 0", numbers(lambda image: (image == 0).any()), "the input holds no 0"),
    *either(
        "the tensors are views that are not contiguous",
        lambda call: call.case.layout != "contiguous",
        "the tensors are contiguous",
    ),
    *either(
        "the tensors are transposed views",
        lambda call: call.case.layout == "transposed",
        "the tensors are no transposed views",
    ),
    *(
        condition
        for name in ("bias", "stride", "padding", "dilation", "groups", "mode")
        for condition in either(f"the call leaves out {name}", left_out(name), f"the call passes {name}", alone=True)
    ),
)
