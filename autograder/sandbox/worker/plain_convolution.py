"""Convolve over two or more axes by slices and products, for a step that forbids 1-D convolution only.

torch has one kernel for any number of axes. If it stayed in the process for two axes, a submission could find it and
use it for one. So it is removed, and F.conv2d computes as here. Every operation used is differentiable, so gradients
work as well.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F


def convolution(
    input: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
    *ignored: bool,
) -> torch.Tensor:
    """Return what aten::convolution returns: (N, C, …) with (F, C/groups, …) gives (N, F, …).

    Raises RuntimeError where the shapes do not fit.
    """
    axes = weight.dim() - 2
    stride, padding, dilation, output_padding = (
        _each(value, axes) for value in (stride, padding, dilation, output_padding)
    )
    _check(input, weight, groups, weight.shape[0] if transposed else weight.shape[1] * groups)
    if transposed:
        input, weight, margins = _spread(input, weight, stride, padding, dilation, output_padding, groups)
        stride = [1] * axes
    else:
        margins = [(side, side) for side in padding]
    windows = F.pad(input, [side for pair in reversed(margins) for side in pair])
    spans = [(size - 1) * gap + 1 for size, gap in zip(weight.shape[2:], dilation, strict=True)]
    if any(length < span for length, span in zip(windows.shape[2:], spans, strict=True)):
        # The same text as torch's: known mistakes are recognised by it.
        raise RuntimeError(
            f"Calculated padded input size per channel: ({_by(windows.shape[2:])}). Kernel size: ({_by(spans)}). "
            "Kernel size can't be greater than actual input size"
        )
    for axis, (span, step, gap) in enumerate(zip(spans, stride, dilation, strict=True), 2):
        windows = windows.unfold(axis, span, step)[..., ::gap]
    images, size = len(input), windows.shape[2 : 2 + axes]
    regions = windows.reshape(images, groups, input.shape[1] // groups, *windows.shape[2:])
    regions = regions.movedim(2, 2 + axes).reshape(images, groups, size.numel(), -1)
    kernels = weight.reshape(groups, weight.shape[0] // groups, -1)
    output = (kernels @ regions.transpose(2, 3)).reshape(images, weight.shape[0], *size)
    return output if bias is None else output + bias.reshape(-1, *[1] * axes)


def _check(input: torch.Tensor, weight: torch.Tensor, groups: int, channels: int) -> None:
    """Raise RuntimeError where an input cannot be convolved with a weight."""
    if input.dim() != weight.dim() or input.shape[1] != channels or weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {list(weight.shape)}, expected input{list(input.shape)} to have "
            f"{channels} channels and {weight.dim()} axes"
        )
    if input.dtype != weight.dtype:
        raise RuntimeError(f"Input type ({input.dtype}) and weight type ({weight.dtype}) should be the same")


def by_mode(
    input: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    stride: Sequence[int],
    padding: str,
    dilation: Sequence[int],
    groups: int,
) -> torch.Tensor:
    """Return what aten::_convolution_mode returns: `padding` is "same" or "valid"."""
    axes = weight.dim() - 2
    stride, dilation, none = _each(stride, axes), _each(dilation, axes), [0] * axes
    if padding == "same":
        if any(step != 1 for step in stride):
            raise RuntimeError("padding='same' is not supported for strided convolutions")
        margins = [gap * (size - 1) for gap, size in zip(dilation, weight.shape[2:], strict=True)]
        input = F.pad(input, [side for both in reversed(margins) for side in (both // 2, both - both // 2)])
    elif padding != "valid":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    return convolution(input, weight, bias, stride, none, dilation, False, none, groups)


def _each(values: Sequence[int], axes: int) -> list[int]:
    """Return one number per axis; a single number counts for all axes."""
    return list(values) * axes if len(values) == 1 else list(values)


def _by(sizes: Sequence[int]) -> str:
    """Return sizes as torch writes them: 3 x 4."""
    return " x ".join(map(str, sizes))


def _spread(
    input: torch.Tensor,
    weight: torch.Tensor,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    output_padding: Sequence[int],
    groups: int,
) -> tuple[torch.Tensor, torch.Tensor, list[tuple[int, int]]]:
    """Return the input, weight and margins of the plain convolution that equals a transposed one."""
    axes = weight.dim() - 2
    for axis, step in enumerate(stride, 2):
        last = input.movedim(axis, -1).unsqueeze(-1)
        last = F.pad(last, [0, step - 1]).flatten(-2)
        input = last[..., : last.shape[-1] - (step - 1)].movedim(-1, axis)
    grouped = weight.reshape(groups, -1, *weight.shape[1:])
    turned = grouped.transpose(1, 2).flatten(0, 1).flip(list(range(2, 2 + axes)))
    reach = [gap * (size - 1) - side for gap, size, side in zip(dilation, weight.shape[2:], padding, strict=True)]
    return input, turned, [(side, side + more) for side, more in zip(reach, output_padding, strict=True)]
