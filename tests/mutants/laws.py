"""Is what a report says of a law true? Each number it quotes is computed again, by the submission and by PyTorch."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import torch
import torch.nn.functional as F

from autograder.report import law_messages
from autograder.report.report import CheckResult, Counterexample
from autograder.report.wording import at, number
from autograder.sandbox.answers import Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Learner
from autograder.suite.load import Suite

TEMPLATES = {name: text for name, text in vars(law_messages).items() if name.startswith("LAW_")}
TENSORS = ("input", "kernel", "X", "weight", "bias", "offset", "depthwise", "pointwise")


@dataclass(frozen=True)
class Call:
    """The call shown beside a law. It can be repeated with other arguments."""

    learner: Learner
    case: Case
    space: Space
    at: tuple[int, ...]

    def real(self, **changes: Any) -> torch.Tensor:
        """Return what the submission returns."""
        case = self.case
        again = Case(case.function, {**case.arguments, **changes}, case.positional, None, {}, case.layout)
        value = self.learner.call(again).value
        assert isinstance(value, torch.Tensor), "the submission returned no tensor"
        return value.double()

    def right(self, **changes: Any) -> torch.Tensor:
        """Return what PyTorch returns."""
        return self.space.reference(**{**self.case.arguments, **changes}).double()


def contradictions(suite: Suite, learner: Learner, check: CheckResult) -> list[str]:
    """Return what is false in the law of a check's result; nothing where all of it is true."""
    if not check.law:
        return []
    name, quoted = parsed(check.law)
    example = check.counterexample
    if example is None or not example.position:
        return ["no wrong number is shown beside it"]
    spaces = next(each for each in suite.checks if each.id == check.id).spaces
    call = _call(learner, [space for space in spaces if f"{space.function}(" in example.snippet], example)
    try:
        return [*_of_the_call_shown(call, quoted), *CLAIMS[name](call, quoted)]
    except (Wrong, AssertionError) as problem:
        return [f"a call that it tells of did not answer: {problem}"]


def parsed(law: str) -> tuple[str, dict[str, str]]:
    """Return the name of a sentence's law, and what the sentence quotes, by the names in the template."""
    for name, template in TEMPLATES.items():
        pattern, seen = "", set()
        for text, field, _, _ in Formatter().parse(template):
            pattern += re.escape(text)
            if field:
                pattern += f"(?P={field})" if field in seen else f"(?P<{field}>.+?)"
                seen.add(field)
        found = re.fullmatch(pattern, law)
        if found:
            return name, found.groupdict()
    raise ValueError(f"no law says: {law}")


def _call(learner: Learner, spaces: list[Space], example: Counterexample) -> Call:
    space = spaces[0]
    arguments = {
        name: torch.tensor(value) if name in TENSORS and isinstance(value, list) else value
        for name, value in example.arguments.items()
    }
    arguments = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
    arguments = {name: value.float() if isinstance(value, torch.Tensor) else value for name, value in arguments.items()}
    code = example.snippet
    layout = "sliced" if "::2, ::2" in code else "transposed" if ".T" in code or ".permute(" in code else "contiguous"
    positional = tuple(name for name in space.positional if name in arguments)
    case = Case(space.function, arguments, positional, None, {}, layout)
    return Call(learner, case, space, tuple(example.position))


def _of_the_call_shown(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    """Yield what does not fit the call shown, where a law speaks of a number in it."""
    if "at" not in quoted:
        return
    real, right = call.real()[call.at].item(), call.right()[call.at].item()
    yield from _same("the place", quoted["at"], at(call.at))
    yield from _same("the wrong number", quoted["got"], number(real))
    if "should" in quoted:
        yield from _same("the number that it should be", quoted["should"], number(right))
        if quoted["should"] == quoted["got"]:
            yield "it should be what it is"


def _same(what: str, quote: str, true: str) -> Iterator[str]:
    # Another way to add up ends in another last digit.
    close = quote == true or (_is_number(quote) and _is_number(true) and abs(float(quote) - float(true)) < 2e-4)
    if not close:
        yield f"{what} is {true}, not {quote}"


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", text) is not None


def _elsewhere(real: torch.Tensor, right: torch.Tensor, there: tuple[int, ...], quote: str) -> Iterator[str]:
    """Yield where the submission's other answer is not the number quoted, or PyTorch has another law."""
    yield from _same("its other answer", quote, number(real[there].item()))
    yield from _same("PyTorch's other answer", quote, number(right[there].item()))


def _linear(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    doubled = {quoted["name"]: 2 * call.case.arguments[quoted["name"]]}
    other = call.real(**doubled)[call.at].item()
    yield from _same("its other answer", quoted["other"], number(other))
    if not torch.allclose(call.right(**doubled), 2 * call.right(), rtol=1e-4, atol=1e-4):
        yield "PyTorch breaks it too"
    if abs(other - 2 * call.real()[call.at].item()) < 1e-5:
        yield "the result is twice as large"


def _lifted(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    by = int(quoted["by"])
    raised = {"X": call.case.arguments["X"] + by}
    other = call.real(**raised)[call.at].item()
    yield from _same("its other answer", quoted["other"], number(other))
    if not torch.allclose(call.right(**raised), call.right() + by, rtol=1e-4, atol=1e-4):
        yield "PyTorch breaks it too"
    if abs(other - by - call.real()[call.at].item()) < 1e-5:
        yield "the result is raised as much"


def _shift(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    image, axis = call.case.arguments["input"], -2 if quoted["what"] == "row" else -1
    moved = {"input": image.narrow(axis, 1, image.shape[axis] - 1).contiguous()}
    there = list(call.at)
    there[axis] -= 1
    yield from _same("the other place", quoted["there"], at(there))
    yield from _elsewhere(call.real(**moved), call.right(**moved), tuple(there), quoted["should"])


def _slide(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    arguments = call.case.arguments
    name = "X" if "X" in arguments else "input"
    tensor, single = arguments[name], arguments[name].dim() == 2
    axes = 1 if tensor.dim() == 3 else 2
    size = arguments.get("pool_size") or arguments.get("kernel_size") or tuple(arguments["kernel"].shape[-axes:])
    size, padding, dilation = _both(size), _both(arguments.get("padding", 0)), arguments.get("dilation", 1)
    stride = arguments.get("stride")
    stride = (size if name == "X" and not single else (1, 1)) if stride is None else _both(stride)
    place = call.at[-axes:]
    if call.case.function == "unfold":
        outputs = (tensor.shape[3] + 2 * padding[1] - dilation * (size[1] - 1) - 1) // stride[1] + 1
        place = divmod(call.at[2], outputs)
    tensor = F.pad(tensor, [pad for axis in range(axes) for pad in (padding[-1 - axis],) * 2])
    tensor = tensor if single else tensor[call.at[0] : call.at[0] + 1]
    for axis in range(-axes, 0):
        tensor = tensor.narrow(axis, place[axis] * stride[axis], dilation * (size[axis] - 1) + 1)
    alone = {name: tensor.contiguous(), **({"padding": 0} if "padding" in arguments else {})}
    real, right = call.real(**alone), call.right(**alone)
    there = (0, 0) if single else (0, call.at[1], *(0,) * (real.dim() - 2))
    yield from _elsewhere(real, right, there, quoted["should"])


def _both(value: Any) -> tuple[int, ...]:
    return (value, value) if isinstance(value, int) else tuple(value)


def _batch(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    name, image = "X" if "X" in call.case.arguments else "input", int(quoted["image"])
    if len(call.case.arguments[name]) < 2:
        yield "there is one image only"
    alone = {name: call.case.arguments[name][image : image + 1]}
    yield from _elsewhere(call.real(**alone), call.right(**alone), (0, *call.at[1:]), quoted["should"])


def _channels(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    channel = int(quoted["channel"])
    alone = {"X": call.case.arguments["X"][:, [channel]]}
    there = (call.at[0], 0, *call.at[2:])
    yield from _elsewhere(call.real(**alone), call.right(**alone), there, quoted["should"])


def _groups(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    arguments, group, groups = call.case.arguments, int(quoted["group"]), int(quoted["groups"])
    channels, filters = arguments["input"].shape[1] // groups, len(arguments["kernel"]) // groups
    alone = {
        "input": arguments["input"][:, group * channels : (group + 1) * channels],
        "kernel": arguments["kernel"][group * filters : (group + 1) * filters],
        "groups": 1,
    }
    if isinstance(arguments.get("bias"), torch.Tensor):
        alone["bias"] = arguments["bias"][group * filters : (group + 1) * filters]
    there = (call.at[0], call.at[1] - group * filters, *call.at[2:])
    yield from _elsewhere(call.real(**alone), call.right(**alone), there, quoted["should"])


def _dense(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    kernel = call.case.arguments["kernel"]
    if kernel.shape[2:] != (1, 1):
        yield "the kernel is not 1×1"
    sums = torch.einsum("nchw,fc->nfhw", call.case.arguments["input"].double(), kernel[:, :, 0, 0].double())
    yield from _same("the sum over the channels", quoted["should"], number(sums[call.at].item()))


def _adjoint(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    real, right = call.real(), call.right()
    x = torch.arange(1.0, right.numel() + 1, dtype=torch.float64).reshape(right.shape)
    y, kernel = (call.case.arguments[name].double() for name in ("input", "kernel"))
    product = (F.conv2d(x[None, None], kernel[None, None])[0, 0] * y).sum().item()
    yield from _same("sum(conv(x) * input)", quoted["should"], number(product))
    yield from _same("sum(x * the right result)", quoted["should"], number((x * right).sum().item()))
    yield from _same("sum(x * result)", quoted["got"], number((x * real).sum().item()))


def _rows(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    real, right = call.real(), call.right()
    row, before, column = (int(quoted[name]) for name in ("row", "before", "column"))
    yield from _same("the number", quoted["got"], number(real[row, column].item()))
    yield from _same("the number that it should be", quoted["should"], number(right[row, column].item()))
    yield from _same("the number before it", quoted["should"], number(real[before, column - 1].item()))


def _whole(call: Call, quoted: Mapping[str, str]) -> Iterator[str]:
    real, right, row = call.real(), call.right(), int(quoted["row"])
    yield from _same("the row's sum", quoted["got"], number(real[row].sum().item()))
    yield from _same("the right row's sum", quoted["should"], number(right[row].sum().item()))


CLAIMS: Mapping[str, Callable[[Call, Mapping[str, str]], Iterator[str]]] = {
    "LAW_LINEAR": _linear,
    "LAW_LIFTED": _lifted,
    "LAW_SHIFT": _shift,
    "LAW_SLIDE": _slide,
    "LAW_BATCH": _batch,
    "LAW_CHANNELS": _channels,
    "LAW_GROUPS": _groups,
    "LAW_DENSE": _dense,
    "LAW_ADJOINT": _adjoint,
    "LAW_ROWS": _rows,
    "LAW_WHOLE": _whole,
}
