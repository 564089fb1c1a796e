"""Make wrong answers to cases of the steps, and draw them."""

from dataclasses import replace

import torch

from autograder.explain import counterexample, disclosure
from autograder.explain.picture import draw
from autograder.explain.picture.panels import Grid, Note
from autograder.report.report import Picture, Trace
from autograder.sandbox.answers import Wrong
from autograder.suite import backward_windows
from autograder.suite.cases import Case
from autograder.suite.load import load_suite

STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
STEPS += ("api", "unfold", "conv1d", "fully_connected", "gradient", "large_kernel", "deformable")
GRADIENTS = (backward_windows.input, backward_windows.kernel, backward_windows.bias)


def cases(step: str, check: str = "") -> list[Case]:
    drawn = [case for one in load_suite(step).checks if check in ("", one.id) for case in one.drawn(2026)]
    if step == "gradient":
        parts = [zip(GRADIENTS, case.expected, strict=True) for case in drawn]
        return [
            replace(case, window=window, expected=expected)
            for case, both in zip(drawn, parts, strict=True)
            for window, expected in both
        ]
    return [case for case in drawn if isinstance(case.expected, torch.Tensor)]


def wrong_at(case: Case, position: tuple[int, ...], message: str = "Wrong.") -> Wrong:
    got = case.expected.clone()
    got[position] += 1
    return Wrong(message, expected=case.expected, got=got, case=case)


def drawn(wrong: Wrong, trace: Trace | None = None) -> Picture:
    return draw.draw(wrong, counterexample.counterexample(wrong), disclosure.shown(wrong), trace)


def grids(wrong: Wrong, trace: Trace | None = None) -> dict[str, Grid | Note]:
    columns = draw._columns(
        wrong, counterexample.expected_of(wrong), counterexample.counterexample(wrong), disclosure.shown(wrong), trace
    )
    return {panel.title: panel for column in columns for panel in column.panels}
