"""PyTorch's own answers, in the shapes that learners use. Only the judge imports them."""

from typing import Any

import torch
import torch.nn.functional as F


def conv2d_single(
    input: torch.Tensor, kernel: torch.Tensor, bias: Any = 0, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """Map (H, W), (KH, KW) to (OH, OW), by F.conv2d; the bias is a number or a tensor of one element."""
    output = F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]
    return output.add(bias)


def conv2d(
    input: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> torch.Tensor:
    """Map (N, C, H, W), (F, C / groups, KH, KW), (F,) or None to (N, F, OH, OW), by F.conv2d."""
    return F.conv2d(input, kernel, bias, stride, padding, dilation, groups)


def kernel_matrix(kernel: torch.Tensor, input_size: Any) -> torch.Tensor:
    """Map (KH, KW), (H, W) to (OH·OW, H·W): each row is the kernel at one position, padded by F.pad to (H, W)."""
    (kh, kw), (h, w) = kernel.shape, tuple(input_size)
    rows = [
        F.pad(kernel, (left, w - kw - left, top, h - kh - top)).flatten()
        for top in range(h - kh + 1)
        for left in range(w - kw + 1)
    ]
    return torch.stack(rows)


def conv_transpose2d_single(input: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Map (h, w), (KH, KW) to (h+KH-1, w+KW-1), by F.conv_transpose2d."""
    return F.conv_transpose2d(input[None, None], kernel[None, None])[0, 0]


def pool2d_single(X: torch.Tensor, pool_size: Any, mode: str = "max") -> torch.Tensor:
    """Map (H, W), (PH, PW) to (H-PH+1, W-PW+1), by F.max_pool2d or F.avg_pool2d with stride 1."""
    return pool2d(X[None, None], pool_size, mode, stride=1)[0, 0]


def pool2d(X: torch.Tensor, pool_size: Any, mode: str = "max", stride: Any = None, padding: Any = 0) -> torch.Tensor:
    """Map (N, C, H, W) to (N, C, OH, OW), by F.max_pool2d or F.avg_pool2d, which counts the padding."""
    if mode == "max":
        return F.max_pool2d(X, pool_size, stride, padding)
    return {"avg": F.avg_pool2d}[mode](X, pool_size, stride, padding)


def unfold(input: torch.Tensor, kernel_size: Any, dilation: int = 1, padding: int = 0, stride: int = 1) -> torch.Tensor:
    """Map (N, C, H, W) to (N, C·KH·KW, L), by F.unfold."""
    return F.unfold(input, kernel_size, dilation, padding, stride)


def layer(
    input: torch.Tensor, weight: torch.Tensor, bias: Any = None, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """Map (N, C, H, W), (F, C, KH, KW), (F,) or None to (N, F, OH, OW), by F.conv2d."""
    return F.conv2d(input, weight, bias, stride, padding)


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return the length of F.conv1d's result along an axis of this length."""
    made = F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, kernel), None, stride, padding, dilation)
    return made.shape[2]


def parameter_count(in_channels: int, out_channels: int, kernel_size: Any, groups: int = 1, bias: bool = True) -> int:
    """Return the count of parameters of an nn.Conv2d with these arguments."""
    made = torch.nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=bias)
    return sum(parameter.numel() for parameter in made.parameters())


def conv1d(
    input: torch.Tensor, kernel: torch.Tensor, bias: Any = None, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """Map (N, C, L), (F, C, K), (F,) or None to (N, F, OL), by F.conv1d."""
    return F.conv1d(input, kernel, bias, stride, padding)


def depthwise(input: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0) -> torch.Tensor:
    """Map (N, C, H, W), (C, 1, KH, KW) to (N, C, OH, OW), by F.conv2d with as many groups as channels."""
    return F.conv2d(input, kernel, None, stride, padding, groups=input.shape[1])


def separable(
    input: torch.Tensor, depthwise: torch.Tensor, pointwise: torch.Tensor, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """Map (N, C, H, W), (C, 1, KH, KW), (F, C, 1, 1) to (N, F, OH, OW), by F.conv2d twice."""
    middle = F.conv2d(input, depthwise, None, stride, padding, groups=input.shape[1])
    return F.conv2d(middle, pointwise)


def separable_parameter_count(in_channels: int, out_channels: int, kernel_size: Any) -> int:
    """Return the count of parameters of the depthwise and the pointwise layer."""
    depthwise = torch.nn.Conv2d(in_channels, in_channels, kernel_size, groups=in_channels, bias=False)
    pointwise = torch.nn.Conv2d(in_channels, out_channels, 1, bias=False)
    return depthwise.weight.numel() + pointwise.weight.numel()


def dense_weight(kernel: torch.Tensor, input_size: Any) -> torch.Tensor:
    """Map (KH, KW), (H, W) to (OH, OW, H, W): F.conv2d of every image that is 1 at one pixel and 0 elsewhere."""
    h, w = input_size
    images = torch.eye(h * w).reshape(h * w, 1, h, w)
    outputs = F.conv2d(images, kernel[None, None])[:, 0]
    return outputs.permute(1, 2, 0).reshape(*outputs.shape[1:], h, w).contiguous()


def dense_layer(input: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Map (H, W), (OH, OW, H, W) to (OH, OW), by F.linear."""
    return F.linear(input.flatten(), weight.flatten(2).flatten(0, 1)).reshape(weight.shape[:2])


def is_translation_invariant(weight: torch.Tensor, tolerance: float) -> bool:
    """Return whether no number of (OH, OW, H, W) changes by more than `tolerance` as output and input move by one."""
    down = (weight[1:, :, 1:] - weight[:-1, :, :-1]).abs()
    right = (weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]).abs()
    return bool((down <= tolerance).all() and (right <= tolerance).all())


def is_local(weight: torch.Tensor, radius: int) -> bool:
    """Return whether weight[i, j, k, l] is 0 wherever k is further than `radius` from i, or l from j."""
    far = [
        [abs(a - b) > radius for b in range(weight.shape[axis + 2])]
        for axis in (0, 1)
        for a in range(weight.shape[axis])
    ]
    rows, columns = torch.tensor(far[: len(weight)]), torch.tensor(far[len(weight) :])
    return not bool(weight[rows[:, None, :, None] | columns[None, :, None, :]].any())


def conv2d_backward(
    input: torch.Tensor, kernel: torch.Tensor, grad_output: torch.Tensor, stride: int = 1, padding: int = 0
) -> tuple[torch.Tensor, ...]:
    """Map (N, C, H, W), (F, C, KH, KW), (N, F, OH, OW) to the gradients of input, kernel and bias (F,), by autograd."""
    leaves = x, weights, bias = [t.detach().requires_grad_() for t in (input, kernel, torch.zeros(len(kernel)))]
    return torch.autograd.grad(F.conv2d(x, weights, bias, stride, padding), leaves, grad_output)


def conv2d_by_fft(input: torch.Tensor, kernel: torch.Tensor, padding: int = 0) -> torch.Tensor:
    """Map (N, C, H, W), (F, C, KH, KW) to (N, F, OH, OW), by F.conv2d in float64."""
    return F.conv2d(input.double(), kernel.double(), padding=padding).float()


def deformable_conv2d(
    input: torch.Tensor,
    offset: torch.Tensor,
    kernel: torch.Tensor,
    bias: Any = None,
    stride: int = 1,
    padding: int = 0,
) -> torch.Tensor:
    """Map (N, C, H, W), (N, 2·KH·KW, OH, OW), (F, C, KH, KW), (F,) or None to (N, F, OH, OW), by F.grid_sample."""
    (n, c, h, w), (kh, kw), (oh, ow) = input.shape, kernel.shape[2:], offset.shape[2:]
    moves = offset.double().reshape(n, kh, kw, 2, oh, ow)
    i, j, k, l = torch.meshgrid(*map(torch.arange, (kh, kw, oh, ow)), indexing="ij")  # noqa: E741
    rows, columns = moves[:, :, :, 0] + i + k * stride - padding, moves[:, :, :, 1] + j + l * stride - padding
    # Pixels from the middle of the first one on become numbers from -1 at one edge to 1 at the other.
    places = torch.stack([(2 * columns + 1) / w - 1, (2 * rows + 1) / h - 1], dim=-1).reshape(n, kh * kw * oh, ow, 2)
    samples = F.grid_sample(input.double(), places, padding_mode="zeros", align_corners=False)
    output = torch.einsum("ncijkl,fcij->nfkl", samples.reshape(n, c, kh, kw, oh, ow), kernel.double())
    return (output if bias is None else output + bias.reshape(-1, 1, 1)).float()


def refusal(**arguments: Any) -> None:
    """Return no answer: the learner's function must raise an error of its own."""


def conv2d_padded(
    input: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor | None = None, padding: int = 0
) -> torch.Tensor:
    """Return (N, F, OH, OW) for (N, C, H, W), (F, C, KH, KW), (F,) or None, by F.conv2d with stride 1."""
    return F.conv2d(input, kernel, bias, padding=padding)


def max_pool2d(input: torch.Tensor, size: int) -> torch.Tensor:
    """Return (N, C, H // size, W // size) for (N, C, H, W), by F.max_pool2d."""
    return F.max_pool2d(input, size)


def dense(input: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return (N, O) for (N, I), (O, I), (O,), by F.linear."""
    return F.linear(input, weight, bias)


def network(
    images: torch.Tensor,
    kernel1: torch.Tensor,
    bias1: torch.Tensor,
    kernel2: torch.Tensor,
    bias2: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
) -> torch.Tensor:
    """Return the scores (N, classes) of images (N, C, H, W): twice convolution, ReLU, pooling; then a dense layer."""
    first = F.max_pool2d(F.relu(F.conv2d(images, kernel1, bias1, padding=kernel1.shape[-1] // 2)), 2)
    second = F.max_pool2d(F.relu(F.conv2d(first, kernel2, bias2, padding=kernel2.shape[-1] // 2)), 2)
    return F.linear(second.flatten(1), weight, bias)


def training_step(
    images: torch.Tensor,
    labels: torch.Tensor,
    kernel1: torch.Tensor,
    bias1: torch.Tensor,
    kernel2: torch.Tensor,
    bias2: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    learning_rate: float,
) -> tuple[torch.Tensor, ...]:
    """Return the six parameters after one step of gradient descent on the mean cross entropy, by autograd."""
    leaves = [each.detach().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    slopes = torch.autograd.grad(F.cross_entropy(network(images, *leaves), labels), leaves)
    return tuple((leaf - learning_rate * slope).detach() for leaf, slope in zip(leaves, slopes, strict=True))
