"""Laws that a right function obeys whatever the numbers are, and the first one that a learner's function breaks.

They explain a failure that the comparison with PyTorch has found; they decide nothing. A law asks the learner's own
function a few more calls and compares its answers with each other. Where a call gives no tensor, the law says nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import torch
import torch.nn.functional as F

from autograder.explain.counterexample import first_wrong
from autograder.explain.probe import Probe, Silent
from autograder.report import messages
from autograder.report.wording import at, number, place
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite.cases import Case
from autograder.suite.check import Asker
from autograder.suite.compare import TOLERANCE, differing, first_of

RAISE_BY = 10

Law = Callable[[Probe], str | None]


def broken_law(asker: Asker, wrong: Wrong, calls: int) -> str | None:
    """The first law of the function's that its answers to at most `calls` calls break, in a sentence; None for none."""
    case: Case | None = wrong.case
    if case is None or isinstance(wrong, NoAnswer) or not isinstance(case.expected, torch.Tensor):
        return None
    probe = Probe(asker, wrong, calls)
    for law in LAWS.get(case.function, ()):
        try:
            told = law(probe)
        except Silent:
            continue
        except NoAnswer:
            return None
        if told:
            return told
    return None


def _differ(
    template: str, got: torch.Tensor, should: torch.Tensor, start: Sequence[int] = (), **figures: Any
) -> str | None:
    """The template with the first place where two tensors differ and its figures; None where they agree.

    `start` is where they begin in the result that they were cut from.
    """
    if got.shape != should.shape or not got.numel():
        raise Silent
    first = first_of(differing(got, should), got)
    if first is None:
        return None
    whole = [index + offset for index, offset in zip_longest(first, start, fillvalue=0)]
    return template.format(at=at(whole), got=number(got[first].item()), should=number(should[first].item()), **figures)


def linear(probe: Probe) -> str | None:
    """f(2x) = 2·f(x), without a bias; of the kernel matrix in the kernel."""
    name = "input" if "input" in probe.arguments else "kernel"
    plain = probe.without("bias")
    once = probe(**plain)
    return _differ(messages.LAW_LINEAR, probe(**plain, **{name: 2 * probe.arguments[name]}), 2 * once, name=name)


def shift(probe: Probe) -> str | None:
    """Without the first row (column) of the input, the output has lost its first row (column) only."""
    plain = probe.without("stride", "padding")
    image, kernel = probe.arguments["input"], probe.arguments["kernel"]
    size, dilation = kernel.shape, probe.arguments.get("dilation", 1)
    ways = ((-1, "number"),) if image.dim() == 3 else ((-2, "row"), (-1, "column"))
    for axis, _ in ways:
        while image.shape[axis] < (size[axis] - 1) * dilation + 2:
            image = torch.cat([image, image + 1], axis)
    whole = probe(**plain, input=image)
    for axis, what in ways:
        moved = probe(**plain, input=image.narrow(axis, 1, image.shape[axis] - 1).contiguous())
        # Slicing, unlike narrow, takes an answer without any row or column too.
        rest = whole.movedim(axis, 0)[1:].movedim(0, axis)
        told = _differ(messages.LAW_SHIFT, moved, rest, what=what)
        if told:
            return told
    return None


def slide(probe: Probe) -> str | None:
    """An output is what the function gives for its window alone: whatever the stride and the padding are."""
    position = first_wrong(probe.wrong)
    case = probe.wrong.case
    if position is None or case.window is None:
        raise Silent
    window = case.window(case.arguments, position)
    name = "X" if "X" in probe.arguments else "input"
    tensor, (above, left) = probe.arguments[name], window.padding
    if name == "X" and any(window.padding):
        raise Silent
    if window.kernel == "line":
        alone = F.pad(tensor, (left, left))[..., window.left : window.columns[-1] + 1].contiguous()
    else:
        padded = F.pad(tensor, (left, left, above, above))
        alone = padded[..., window.top : window.rows[-1] + 1, window.left : window.columns[-1] + 1].contiguous()
    batch = tensor.dim() > 2
    if batch:
        alone = alone[position[0] : position[0] + 1]
    got = probe()
    should = probe(**probe.without("stride", "padding"), **{name: alone})
    size = should.shape[2:] if batch else should.shape
    if got.shape != case.expected.shape or should.dim() != got.dim() or size.numel() != 1:
        raise Silent
    one, other = got[position], should[(0, position[1]) if batch else (0, 0)].squeeze()
    if not bool(differing(one, other)):
        return None
    figures = {"got": number(one.item()), "should": number(other.item())}
    return messages.LAW_SLIDE.format(at=at(position), where=place(window), **figures)


def images_alone(probe: Probe) -> str | None:
    """A batch is its images one by one."""
    name = "X" if "X" in probe.arguments else "input"
    batch = probe.arguments[name]
    if len(batch) < 2:
        batch = torch.cat([batch, 2 * batch + 1])
    whole = probe(**{name: batch})
    for index in range(2):
        alone = probe(**{name: batch[index : index + 1]})
        told = _differ(messages.LAW_BATCH, whole[index : index + 1], alone, (index,), image=index)
        if told:
            return told
    return None


def channels_alone(probe: Probe) -> str | None:
    """Pooling treats each channel by itself."""
    images = probe.arguments["X"]
    if images.shape[1] < 2:
        images = torch.cat([images, 2 * images + 1], 1)
    whole = probe(X=images)
    for index in range(2):
        alone = probe(X=images[:, index : index + 1].contiguous())
        told = _differ(messages.LAW_CHANNELS, whole[:, index : index + 1], alone, (0, index), channel=index)
        if told:
            return told
    return None


def groups_alone(probe: Probe) -> str | None:
    """Groups are convolutions side by side."""
    groups = probe.arguments.get("groups", 1)
    if groups < 2:
        raise Silent
    plain = probe.without("bias")
    whole = probe(**plain)
    image, kernel = probe.arguments["input"], probe.arguments["kernel"]
    # A wrong answer may have fewer channels than there are groups.
    parts = zip(image.chunk(groups, 1), kernel.chunk(groups), whole.chunk(groups, 1), strict=False)
    for index, (channels, filters, got) in enumerate(parts):
        bias = {"bias": plain["bias"][: len(filters)]} if isinstance(plain.get("bias"), torch.Tensor) else {}
        alone = probe(**{**plain, **bias, "groups": 1, "input": channels.contiguous(), "kernel": filters})
        told = _differ(messages.LAW_GROUPS, got, alone, (0, index * len(filters)), group=index, groups=groups)
        if told:
            return told
    return None


def dense(probe: Probe) -> str | None:
    """A 1×1 kernel is a dense layer at each pixel."""
    image, kernel = probe.arguments["input"], probe.arguments["kernel"]
    if image.shape[1] < 2:
        image, kernel = torch.cat([image, image + 1], 1), torch.cat([kernel, kernel + 1], 1)
    kernel = kernel[:, :, :1, :1].contiguous()
    if probe.arguments.get("groups", 1) > 1:
        raise Silent
    should = torch.einsum("nchw,fc->nfhw", image.double(), kernel[:, :, 0, 0].double())
    got = probe(**probe.without("bias", "stride", "padding", "dilation"), input=image, kernel=kernel)
    return _differ(messages.LAW_DENSE, got, should)


def adjoint(probe: Probe) -> str | None:
    """⟨conv(x), y⟩ = ⟨x, f(y)⟩ for the transposed convolution f."""
    y, kernel = (probe.arguments[name].double() for name in ("input", "kernel"))
    shape = probe.wrong.case.expected.shape
    x = torch.arange(1.0, shape.numel() + 1, dtype=torch.float64).reshape(shape)
    result = probe()
    if result.shape != shape:
        raise Silent
    terms = F.conv2d(x[None, None], kernel[None, None])[0, 0] * y
    should, got = float(terms.sum()), float((x * result).sum())
    # The terms may nearly cancel: what float32 can hold depends on their size.
    if abs(got - should) <= TOLERANCE * (1 + float(terms.abs().sum())):
        return None
    return messages.LAW_ADJOINT.format(should=number(should), got=number(got))


def row_by_row(probe: Probe) -> str | None:
    """A row of the kernel matrix is the one before it, moved by one place, while the kernel stays in one row."""
    matrix = probe()
    height, width = probe.arguments["kernel"].shape
    size = probe.arguments["input_size"]
    rows, columns = size[0] - height + 1, size[1] - width + 1
    if matrix.shape != (rows * columns, size[0] * size[1]):
        raise Silent
    for row in range(1, len(matrix)):
        if row % columns == 0:
            continue
        told = _differ(
            messages.LAW_ROWS, matrix[row : row + 1, 1:], matrix[row - 1 : row, :-1], row=row, before=row - 1
        )
        if told:
            return told
    return None


def whole_kernel(probe: Probe) -> str | None:
    """Each row of the kernel matrix adds up to the kernel's sum."""
    sums = probe().sum(1)
    should = probe.arguments["kernel"].double().sum().expand_as(sums)
    first = first_of(differing(sums, should), sums)
    if first is None:
        return None
    figures = {"row": first[0], "got": number(sums[first].item()), "should": number(should[first].item())}
    return messages.LAW_WHOLE.format(**figures)


def lifted(probe: Probe) -> str | None:
    """pool(x + 10) = pool(x) + 10: for the maximum whatever the padding, for the mean without any."""
    if probe.arguments.get("mode", "max") != "max" and probe.arguments.get("padding", 0) not in (0, (0, 0)):
        raise Silent
    once = probe()
    return _differ(messages.LAW_LIFTED, probe(X=probe.arguments["X"] + RAISE_BY), once + RAISE_BY, by=RAISE_BY)


LAWS: Mapping[str, tuple[Law, ...]] = {
    "matrix_multiplication_for_conv2d": (linear, shift, slide),
    "matrix_multiplication_for_conv2d_flatten": (linear, shift, slide),
    "matrix_multiplication_for_conv2d_full": (linear, images_alone, dense, shift, slide),
    "deformable_conv2d": (linear,),
    "conv2d_by_fft": (linear, images_alone, dense, shift, slide),
    "get_kernel_matrix": (linear, whole_kernel, row_by_row),
    "matrix_multiplication_for_conv_transpose2d": (linear, adjoint),
    "conv_transpose2d_by_padding": (linear, adjoint),
    "matrix_multiplication_for_conv2d_final": (linear, images_alone, groups_alone, dense, shift, slide),
    "unfold": (linear, images_alone, slide),
    "conv2d_by_unfold": (linear, images_alone, dense, shift, slide),
    "conv1d_by_conv2d": (linear, images_alone, shift, slide),
    "conv2d_by_class": (linear, images_alone),
    "conv2d_by_function": (linear, images_alone),
    "depthwise_conv2d": (linear, images_alone, shift, slide),
    "pointwise_conv2d": (linear, images_alone, dense, shift, slide),
    "depthwise_separable_conv2d": (linear, images_alone),
    "pool2d": (lifted, slide),
    "pool2d_full": (channels_alone, images_alone, lifted, slide),
}
