"""Where a function reads: what is told is true, and nothing is told where it is not certain."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from textwrap import indent
from typing import Any

import pytest
import torch

from autograder.explain import explain as explaining
from autograder.explain.ask import Right, Yours, part_of
from autograder.explain.counterexample import first_wrong
from autograder.explain.probe import Silent
from autograder.explain.reads import fill, reads
from autograder.explain.trace import KEPT, _traced, trace
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import Trace
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite
from tests.few import few
from tests.pictures import STEPS, wrong_at

KEY, CALLS = 2026, 200
ALL = (*STEPS, "separable", "network")
ONE = "matrix_multiplication_for_conv2d"


def learner_of(known: KnownAnswer) -> Learner:
    return Learner(InProcess(known.submission, PRELUDE), KEY)


def failures(step: str, known: KnownAnswer) -> Iterator[tuple[Check, Wrong]]:
    """Yield the first wrong answer of each check of a function, whatever it builds on."""
    learner = learner_of(known)
    for check in load_suite(step).checks:
        if any(space.function == known.function for space in check.spaces):
            try:
                check.try_all(learner)
            except NoAnswer:
                continue
            except Wrong as wrong:
                yield check, wrong


def answers(known: KnownAnswer, case: Case) -> Callable[..., torch.Tensor]:
    """Return a known answer as a plain function of a call's arguments, in the layout of the call."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in (PRELUDE, *(cell.source for cell in known.submission.cells)):
        exec(source, namespace)

    def answer(**arguments: Any) -> Any:
        laid = {name: in_layout(value, case.layout) for name, value in arguments.items()}
        first = [laid.pop(name) for name in case.positional]
        return namespace[case.function](*first, **laid)

    return answer


def in_layout(value: Any, layout: str) -> Any:
    """Return an argument as a worker gets it: in memory of its own, which the function may change."""
    if not isinstance(value, torch.Tensor):
        return value
    if layout != "transposed":
        return value.clone()
    axes = tuple(reversed(range(value.dim())))
    return value.permute(axes).contiguous().permute(axes)


def with_other_numbers(case: Case, seed: int) -> dict[str, Any]:
    choose = torch.Generator().manual_seed(seed)
    return {
        name: torch.rand(value.shape, generator=choose) + 0.5
        if isinstance(value, torch.Tensor) and value.is_floating_point() and name not in KEPT
        else value
        for name, value in case.arguments.items()
    }


Index = tuple[int, ...]


def followed(
    function: Callable[..., Any], case: Case, name: str, number: Callable[[Any], torch.Tensor]
) -> dict[Index, float]:
    """Return what a number of the answer follows, and by how much: in zeros, one number at a time becomes 1."""
    arguments = with_other_numbers(case, 8)
    zeros = torch.zeros_like(arguments[name])
    without = float(number(function(**arguments | {name: zeros})))
    found = {}
    for cell in product(*map(range, zeros.shape)):
        one = zeros.clone()
        one[cell] = 1
        change = float(number(function(**arguments | {name: one}))) - without
        if abs(change) > 1e-4:
            found[cell] = change
    return found


def sloped(
    function: Callable[..., Any], case: Case, name: str, number: Callable[[Any], torch.Tensor]
) -> set[Index] | None:
    """Return where a number of the answer has a slope; None where the function leaves PyTorch's numbers."""
    arguments = with_other_numbers(case, 9)
    arguments[name].requires_grad_()
    value = number(function(**arguments))
    if not value.requires_grad:
        return None
    (slope,) = torch.autograd.grad(value, arguments[name], allow_unused=True)
    return set() if slope is None else {tuple(cell) for cell in (slope.abs() > 1e-4).nonzero().tolist()}


def from_window(case: Case, at: tuple[int, ...]) -> set[Index]:
    """Return the numbers of the input in the window that a suite names, without those of the padding."""
    window = case.window(case.arguments, at)
    image = case.arguments["X" if "X" in case.arguments else "input"]
    outer = [(window.image,), window.channels] if window.image is not None else []
    inner = [
        [at - pad for at in along] for along, pad in zip((window.rows, window.columns), window.padding, strict=True)
    ]
    inner = inner[1:] if image.dim() == 3 else inner
    cells = product(*outer, *inner)
    return {cell for cell in cells if all(0 <= at < size for at, size in zip(cell, image.shape, strict=True))}


def require_truth(known: KnownAnswer, check: Check, wrong: Wrong, found: Trace) -> None:
    """Raise AssertionError where two other ways say that a trace is false.

    What should be read is also what the suite's window holds.
    """
    case, at, part = wrong.case, first_wrong(wrong), part_of(wrong)

    def number(answer: Any) -> torch.Tensor:
        return (answer if part is None else answer[part])[at]

    mine, right = answers(known, case), check.space_of(case).reference
    follows, should = (followed(function, case, found.argument, number) for function in (mine, right))
    if found.factor:
        cell = tuple(index for (index,) in found.reads)
        named = [re.sub(r"\W+", " ", text).split() for text in re.findall(r"\w+\[[\d, ]+\]", found.text)]
        (argument, *at_number), (mine_name, *mine_at), (right_name, *right_at) = named
        assert (argument, tuple(map(int, at_number))) == (found.argument, cell)
        assert (mine_name, tuple(map(int, mine_at))) == (found.factor.name, found.factor.index)
        others = with_other_numbers(case, 8)
        assert follows[cell] == pytest.approx(float(others[mine_name][found.factor.index]), abs=1e-4)
        assert should[cell] == pytest.approx(float(others[right_name][tuple(map(int, right_at))]), abs=1e-4)
        assert follows.keys() == should.keys()
        return
    assert follows.keys() == set(product(*found.reads)) and should.keys() == set(product(*found.should))
    takes_a_maximum = "pool" in case.function
    assert takes_a_maximum or sloped(mine, case, found.argument, number) in (None, follows.keys())
    window = case.window(case.arguments, at) if case.window else None
    if window and window.kind in ("plain", "turned", "line") and not window.on:
        assert from_window(case, at) == should.keys()


def require_all_true(step: str, known_answers: Sequence[KnownAnswer]) -> int:
    count = 0
    for known in known_answers:
        for check, wrong in failures(step, known):
            found = trace(learner_of(known), check, wrong, CALLS)
            if found:
                require_truth(known, check, wrong, found)
                count += 1
    return count


@pytest.mark.slow
@pytest.mark.parametrize("step", few(ALL))
def test_a_trace_of_a_known_mistake_is_true(step):
    """Of every fourth mistake: all of them take longer."""
    require_all_true(step, wrong_answers(step)[::4])


@pytest.mark.long
@pytest.mark.parametrize("step", ALL)
def test_every_trace_of_a_known_mistake_is_true(step):
    told = require_all_true(step, wrong_answers(step))
    # Nobody reads at a wrong place who calls the library.
    assert told or step == "api"


def one_trace(name: str) -> tuple[KnownAnswer, Check, Wrong, Trace]:
    known = next(each for each in wrong_answers("conv2d") if each.name == name)
    for check, wrong in failures("conv2d", known):
        found = trace(learner_of(known), check, wrong, CALLS)
        if found:
            return known, check, wrong, found
    raise AssertionError(name)


def test_a_false_trace_is_found():
    *about, found = one_trace("stride_moves_down_only")
    require_truth(*about, found)
    for false in ({"reads": found.should}, {"should": found.reads}):
        with pytest.raises(AssertionError):
            require_truth(*about, found.model_copy(update=false))
    *about, found = one_trace("kernel_flipped")
    require_truth(*about, found)
    text = found.text.replace("multiply it by kernel[0, 0]", "multiply it by kernel[0, 1]")
    with pytest.raises(AssertionError):
        require_truth(*about, found.model_copy(update={"text": text}))


@pytest.mark.slow
@pytest.mark.parametrize("step", few(ALL))
def test_a_right_answer_reads_what_it_should(step):
    for known in {each.function: each for each in right_answers(step)}.values():
        cases = [case for check in load_suite(step).checks for case in check.drawn(KEY)[::9]]
        for case in (case for case in cases if case.function == known.function):
            if not isinstance(case.expected, torch.Tensor) or case.size > 60 or case.row.get("signs") == "huge":
                continue
            wrong = wrong_at(case, tuple(size - 1 for size in case.expected.shape))
            check = next(each for each in load_suite(step).checks if each.space_of(case))
            assert trace(learner_of(known), check, wrong, CALLS) is None
            at, shape = first_wrong(wrong), case.expected.shape
            with suppress(Silent):
                name = _traced(case.arguments, case.window and at and case.window(case.arguments, at))
                given = fill(case.arguments, name, KEPT, 1)
                right = reads(Right(check.space_of(case).reference, None, shape), given, at)
                mine = reads(Yours(learner_of(known), case, None, shape, 999), given, at)
                assert mine.box == right.box and mine.weights == pytest.approx(right.weights, abs=1e-2)


RIGHT = """
def right(input, kernel, bias=0, stride=1, padding=0):
    kh, kw = kernel.shape
    padded = F.pad(input, (padding,) * 4)
    oh, ow = ((size - k) // stride + 1 for size, k in zip(padded.shape, kernel.shape))
    result = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            result[i, j] = (padded[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum() + bias
    return result
"""


def said(code: str, check: str = "stride", calls: int = CALLS, kind: type[InProcess] = InProcess) -> str:
    """Return what is told of an answer to conv2d whose result is computed by this code."""
    source = f"{RIGHT}\nmemory = {{}}\ndef {ONE}(input, kernel, bias=0, stride=1, padding=0):\n" + indent(code, "    ")
    session = kind(Submission("conv2d", "x", (Cell("own", source),)), PRELUDE)
    learner, one = Learner(session, KEY), next(each for each in load_suite("conv2d").checks if each.id == check)
    with pytest.raises(Wrong) as wrong:
        one.try_all(learner)
    found = trace(learner, one, wrong.value, calls)
    return found.text if found else ""


class Fresh(InProcess):
    """A session whose worker can be renewed."""

    def renew(self) -> None:
        self.__init__(self.submission, PRELUDE)


def test_what_is_told():
    down_only = "result = right(input, kernel, bias, 1, padding)[::stride]\n"
    assert said(f"{down_only}return result[:, : right(input, kernel, bias, stride, padding).shape[1]]") == (
        "What it reads: for the value at row 0, column 1, your function reads row 0 and column 1 of the input. "
        "It should read row 0 and column 2."
    )


SILENT = {
    "it is another function": "return right(input, kernel, bias, stride, padding).sigmoid()",
    "it is cut": "return right(input, kernel, bias, stride, padding).clamp(-2, 2)",
    "its numbers are random": "return right(input, kernel, bias, stride, padding) + torch.rand(1)",
    "it counts its calls": (
        "memory[0] = memory.get(0, 0) + 1\nreturn right(input, kernel, bias, stride, padding) + memory[0]"
    ),
    "what it reads depends on the numbers": (
        "top = int(input.flatten().argmax()) % 2\nreturn right(input.roll(top + 1, 1), kernel, bias, stride, padding)"
    ),
    "what it reads is no box": ("return right(input, kernel, bias, stride, padding) + input[0, 0] + 2 * input[-1, -1]"),
    "it sees other numbers than those of the check": (
        "result = right(input, kernel, bias, stride, padding)\n"
        "return result + input[0, 0] if bool((input == input.round()).all()) else result"
    ),
    "it reads the right numbers, and counts them twice": "return 2 * right(input, kernel, bias, stride, padding)",
    "it raises where the numbers are large": (
        "assert input.abs().max() < 500\nreturn right(input.flip(0), kernel, bias, stride, padding)"
    ),
}


@pytest.mark.parametrize("why", SILENT)
def test_nothing_is_told_where(why):
    assert said(SILENT[why], kind=Fresh) == ""


def test_a_result_that_is_remembered_is_no_reason_to_say_that_nothing_is_read():
    remembered = (
        "key = tuple(input.shape), tuple(kernel.shape), stride\n"
        "if key not in memory:\n    memory[key] = right(input.flip(1), kernel, bias, stride, padding)\n"
        "return memory[key].clone()"
    )
    assert said(remembered, kind=Fresh) == ""


def test_a_fresh_worker_is_asked():
    class Watched(InProcess):
        def ask(self, request: Any) -> Any:
            events.append("ask")
            return super().ask(request)

        def renew(self) -> None:
            events.append("renew")

    events: list[str] = []
    *_, check, wrong, _ = one_trace("stride_moves_down_only")
    known = next(each for each in wrong_answers("conv2d") if each.name == "stride_moves_down_only")
    assert trace(Learner(Watched(known.submission, PRELUDE), KEY), check, wrong, CALLS)
    assert events[0] == "renew" and events.count("renew") == 2 and events[-1] == "ask"


def test_calls_are_limited_and_the_same_ones_each_time():
    turned = "return right(input.flip(1), kernel, bias, stride, padding)"
    assert said(turned) and said(turned) == said(turned)
    assert said(turned, calls=10) == ""


@pytest.mark.slow
def test_the_first_checks_get_one(monkeypatch):
    monkeypatch.setattr(explaining, "diagnose", lambda *_: {})
    monkeypatch.setattr(explaining, "when_it_fails", lambda *_: [])
    known = next(each for each in wrong_answers("conv2d") if each.name == "row_number_is_i_plus_j")
    found = {check.id: wrong for check, wrong in failures("conv2d", known)}
    explained = explaining.explain(load_suite("conv2d"), learner_of(known), found, 60)
    assert len(explained) > explaining.MOST_TRACES
    assert sum(each.trace is not None for each in explained.values()) == explaining.MOST_TRACES
