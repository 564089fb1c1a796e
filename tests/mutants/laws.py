"""Test whether the law in a report is true: compute each number it quotes again, by the submission and by PyTorch."""

import re
from collections.abc import Iterator, Mapping
from string import Formatter

import torch

from autograder.report import law_messages
from autograder.report.report import CheckResult, Counterexample
from autograder.report.wording import at, number
from autograder.sandbox.answers import Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Learner
from autograder.suite.load import Suite
from tests.mutants.claims import CLAIMS, Call, differs

TEMPLATES = {name: text for name, text in vars(law_messages).items() if name.startswith("LAW_")}
TENSORS = ("input", "kernel", "X", "weight", "bias", "offset", "depthwise", "pointwise")


def contradictions(suite: Suite, learner: Learner, check: CheckResult) -> list[str]:
    """Return what is false about the law in a check's result; empty if it is true."""
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
    """Return which law a sentence states, and what it quotes by the names in the template."""
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
    """Yield what contradicts the call shown, if the law quotes a number of it."""
    if "at" not in quoted:
        return
    real, right = call.real()[call.at].item(), call.right()[call.at].item()
    yield from differs("the place", quoted["at"], at(call.at))
    yield from differs("the wrong number", quoted["got"], number(real))
    if "should" in quoted:
        yield from differs("the number that it should be", quoted["should"], number(right))
        if quoted["should"] == quoted["got"]:
            yield "it should be what it is"
