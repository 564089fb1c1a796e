"""Find the first law that a learner's function breaks. A right function obeys all of them, whatever the numbers are.

Laws explain a failure that the comparison with PyTorch has found. They decide nothing. A law is about the call shown
beside it, and its sentence quotes the first wrong number there. Most laws say what this number should be, going by
the learner's own answer to another call. Where that answer is wrong as well, the law stays silent. The other laws
compare two answers and say how they should be related.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F

from autograder.explain.probe import Probe, Silent, number_at
from autograder.report import law_messages as messages
from autograder.report.window_kinds import kind_of
from autograder.report.wording import at, number, place
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite.cases import Case
from autograder.suite.check import Learner
from autograder.suite.compare import differing, first_of
from autograder.tolerance import TOLERANCE

RAISE_BY = 10

Law = Callable[[Probe], str | None]


def broken_law(learner: Learner, wrong: Wrong, calls: int) -> str | None:
    """Return the first law that the function breaks within `calls` calls, in a sentence; None where it breaks none."""
    case: Case | None = wrong.case
    if case is None or isinstance(wrong, NoAnswer) or not isinstance(case.expected, torch.Tensor):
        return None
    try:
        probe = Probe(learner, wrong, calls)
        sentences = (_sentence(law, probe) for law in LAWS.get(case.function, ()))
        first = next(filter(None, sentences), None)
        return first if first and probe.repeats() else None
    except (Silent, NoAnswer):
        return None


def _sentence(law: Law, probe: Probe) -> str | None:
    """Return the law's sentence; None where the function obeys the law, or the law does not apply."""
    try:
        return law(probe)
    except Silent:
        return None


def _differ(got: float, should: float) -> bool:
    """Return whether two numbers differ, and still differ when they are printed."""
    return bool(differing(torch.tensor(got), torch.tensor(should))) and number(got) != number(should)


def _should_be(probe: Probe, template: str, says: float, **figures: Any) -> str | None:
    """Return the law's sentence: the wrong number should be `says`, the number that another call gives.

    Return None where the other call's number is wrong, too.
    """
    if not _differ(probe.got, says) or differing(torch.tensor(says), torch.tensor(probe.should)):
        return None
    return template.format(at=at(probe.at), got=number(probe.got), should=number(says), **figures)


def _go_together(probe: Probe, template: str, other: float, should: float, **figures: Any) -> str | None:
    """Return the law's sentence: next to the wrong number, `other` should be `should`; None where it is."""
    if not _differ(other, should):
        return None
    return template.format(at=at(probe.at), got=number(probe.got), other=number(other), **figures)


def linear(probe: Probe) -> str | None:
    """Test f(2x) = 2·f(x), without a bias. x is the input, or the kernel where there is no input."""
    if not probe.plain("bias"):
        return None
    name = "input" if "input" in probe.arguments else "kernel"
    twice = probe(**{name: 2 * probe.arguments[name]})
    return _go_together(probe, messages.LAW_LINEAR, number_at(twice, probe.at), 2 * probe.got, name=name)


def shift(probe: Probe) -> str | None:
    """Test that without the first row (column) of the input, the output only loses its first row (column)."""
    if not probe.plain("stride", "padding"):
        return None
    image = probe.arguments["input"]
    ways = ((-1, "number"),) if image.dim() == 3 else ((-2, "row"), (-1, "column"))
    for axis, what in ways:
        there = list(probe.at)
        there[axis] -= 1
        if there[axis] < 0:
            continue
        moved = probe(input=image.narrow(axis, 1, image.shape[axis] - 1).contiguous())
        sentence = _should_be(probe, messages.LAW_SHIFT, number_at(moved, there), what=what, there=at(there))
        if sentence:
            return sentence
    return None


def slide(probe: Probe) -> str | None:
    """Test that an output is what the function returns for its window alone, cut from the padded input."""
    case = probe.wrong.case
    if case.window is None:
        return None
    window = case.window(case.arguments, probe.at)
    name = "X" if "X" in probe.arguments else "input"
    tensor, (above, left) = probe.arguments[name], window.padding
    if name == "X" and any(window.padding):
        return None
    if kind_of(window).is_line:
        alone = F.pad(tensor, (left, left))[..., window.left : window.columns[-1] + 1].contiguous()
    else:
        padded = F.pad(tensor, (left, left, above, above))
        alone = padded[..., window.top : window.rows[-1] + 1, window.left : window.columns[-1] + 1].contiguous()
    batch = tensor.dim() > 2
    if batch:
        alone = alone[probe.at[0] : probe.at[0] + 1]
    if alone.shape == tensor.shape and not any(window.padding):
        return None
    says = probe(**probe.without("padding"), **{name: alone})
    if (says.shape[2:] if batch else says.shape).numel() != 1:
        return None
    there = [0] * says.dim()
    if batch:
        there[1] = probe.at[1]
    return _should_be(probe, messages.LAW_SLIDE, number_at(says, there), where=place(window))


def images_alone(probe: Probe) -> str | None:
    """Test that each image of a batch is treated as if it were alone."""
    name = "X" if "X" in probe.arguments else "input"
    batch, image = probe.arguments[name], probe.at[0]
    if len(batch) < 2:
        return None
    alone = probe(**{name: batch[image : image + 1]})
    return _should_be(probe, messages.LAW_BATCH, number_at(alone, (0, *probe.at[1:])), image=image)


def channels_alone(probe: Probe) -> str | None:
    """Test that pooling treats each channel by itself."""
    images, (image, channel, *rest) = probe.arguments["X"], probe.at
    if images.shape[1] < 2:
        return None
    alone = probe(X=images[:, channel : channel + 1].contiguous())
    return _should_be(probe, messages.LAW_CHANNELS, number_at(alone, (image, 0, *rest)), channel=channel)


def groups_alone(probe: Probe) -> str | None:
    """Test that groups are convolutions side by side."""
    groups = probe.arguments.get("groups", 1)
    if groups < 2:
        return None
    image, kernel, bias = probe.arguments["input"], probe.arguments["kernel"], probe.arguments.get("bias")
    size = len(kernel) // groups
    group, filter = divmod(probe.at[1], size)
    own = slice(group * size, (group + 1) * size)
    changes = {"groups": 1, "input": image.chunk(groups, 1)[group].contiguous(), "kernel": kernel[own]}
    alone = probe(**changes, **({"bias": bias[own]} if isinstance(bias, torch.Tensor) else {}))
    says = number_at(alone, (probe.at[0], filter, *probe.at[2:]))
    return _should_be(probe, messages.LAW_GROUPS, says, group=group, groups=groups)


def dense(probe: Probe) -> str | None:
    """Test that a 1×1 kernel is a dense layer at each pixel."""
    kernel = probe.arguments["kernel"]
    if kernel.shape[2:] != (1, 1) or kernel.shape[1] < 2:
        return None
    if not probe.plain("bias", "stride", "padding", "dilation", "groups"):
        return None
    return _should_be(probe, messages.LAW_DENSE, probe.should)


def adjoint(probe: Probe) -> str | None:
    """Test ⟨conv(x), y⟩ = ⟨x, f(y)⟩ for the transposed convolution f."""
    y, kernel = (probe.arguments[name].double() for name in ("input", "kernel"))
    shape = probe.expected.shape
    x = torch.arange(1.0, shape.numel() + 1, dtype=torch.float64).reshape(shape)
    terms = F.conv2d(x[None, None], kernel[None, None])[0, 0] * y
    should, got = float(terms.sum()), float((x * probe.answer).sum())
    # The terms may nearly cancel: what float32 can hold depends on their size.
    close = abs(got - should) <= TOLERANCE * (1 + float(terms.abs().sum()))
    if close or not torch.isfinite(probe.answer).all() or number(got) == number(should):
        return None
    return messages.LAW_ADJOINT.format(should=number(should), got=number(got))


def row_by_row(probe: Probe) -> str | None:
    """Test that a row of the kernel matrix is the row before it, moved by one place.

    This holds while the kernel stays in the same row of the image.
    """
    got, expected = probe.answer, probe.expected
    places = probe.arguments["input_size"][1] - probe.arguments["kernel"].shape[1] + 1
    # Only a right row tells what the next row should be.
    before = torch.full_like(got, torch.nan)
    before[1:, 1:] = got[:-1, :-1]
    before[::places] = torch.nan
    first = first_of(differing(got, expected) & ~differing(before, expected), before)
    if first is None:
        return None
    row, column = first
    figures = {"got": number(number_at(got, first)), "should": number(before[first].item())}
    if figures["got"] == figures["should"]:
        return None
    return messages.LAW_ROWS.format(row=row, before=row - 1, column=column, **figures)


def whole_kernel(probe: Probe) -> str | None:
    """Test that each row of the kernel matrix adds up to the kernel's sum."""
    sums = probe.answer.sum(1)
    should = probe.arguments["kernel"].double().sum()
    wrong = differing(sums, should.expand_as(sums)) & torch.isfinite(sums)
    if not wrong.any():
        return None
    row = int(wrong.nonzero()[0])
    figures = {"got": number(sums[row].item()), "should": number(should.item())}
    return None if figures["got"] == figures["should"] else messages.LAW_WHOLE.format(row=row, **figures)


def lifted(probe: Probe) -> str | None:
    """Test pool(x + 10) = pool(x) + 10: for the maximum with any padding, for the mean without padding."""
    if probe.arguments.get("mode", "max") != "max" and not probe.plain("padding"):
        return None
    raised = probe(X=probe.arguments["X"] + RAISE_BY)
    return _go_together(probe, messages.LAW_LIFTED, number_at(raised, probe.at), probe.got + RAISE_BY, by=RAISE_BY)


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
