"""The cheat sheet is drawn by its script, and its formulas say what PyTorch computes."""

import importlib.util
import itertools
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import torch
import torch.nn.functional as F

from autograder.suite import references

DOCS = Path(__file__).resolve().parents[1] / "docs"
SPEC = importlib.util.spec_from_file_location("cheat_sheet", DOCS / "cheat_sheet.py")
sheet = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sheet)


def value(formula: str, **given: int):
    return eval(formula, {}, given)


@pytest.fixture(scope="module")
def figure():
    plt.switch_backend("agg")
    drawn = sheet.draw()
    yield drawn
    plt.close(drawn)


def test_page_is_written_anew(tmp_path, figure):
    sheet.save(figure, tmp_path)
    for name in ("cheat-sheet.pdf", "cheat-sheet.png"):
        assert (tmp_path / name).stat().st_size > 10_000 and (DOCS / name).exists()


def test_every_formula_and_picture_is_on_the_page(figure):
    written = {text.get_text() for text in figure.texts}
    assert {*sheet.SIZES.values(), *sheet.COUNTS.values(), *sheet.SHAPES.values(), sheet.SUM} <= written
    assert {axes.get_title(loc="left") for axes in figure.axes} >= {*sheet.PICTURES} and len(sheet.PICTURES) == 6


def test_nothing_on_the_page_crosses_its_edge(figure):
    figure.canvas.draw()  # texts are measured as they were drawn last, which may have been for print
    for text in (*figure.texts, *(text for axes in figure.axes for text in axes.texts)):
        (left, low), (right, high) = figure.transFigure.inverted().transform(text.get_window_extent())
        assert 0.03 < left <= right < 0.97 and 0.02 < low <= high < 0.98, text.get_text()


def test_sizes_are_those_of_the_references():
    for size, kernel, stride, padding, dilation in itertools.product((7, 10), (1, 2, 3), (1, 2, 3), (0, 1), (1, 2, 3)):
        given = {"size": size, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        made = references.output_size(**given)
        assert value(sheet.SIZES["output size"], **given) == made
        reach = value(sheet.SIZES["reach of a dilated kernel"], **given)
        assert references.output_size(size, reach, stride, padding) == made
        if dilation == 1:
            assert value(sheet.SIZES["… without dilation"], **given) == made
        if kernel % 2:
            kept = value(sheet.SIZES["padding that keeps the size"], **given)
            assert references.output_size(size, kernel, padding=kept, dilation=dilation) == size
        back = F.conv_transpose1d(
            torch.zeros(1, 1, size), torch.zeros(1, 1, kernel), None, stride, padding, 0, 1, dilation
        )
        assert value(sheet.SIZES["transposed: output size"], **given) == back.shape[2]
        plain = references.conv_transpose2d_single(torch.zeros(size, 1), torch.zeros(kernel, 1))
        assert value(sheet.SIZES["… stride 1, no padding"], **given) == len(plain)


def test_counts_are_those_of_the_references():
    given = {"F": 6, "C": 4, "KH": 2, "KW": 3, "OH": 4, "OW": 5, "H": 5, "W": 7}
    counts = {name: value(formula, **given, groups=2) for name, formula in sheet.COUNTS.items()}
    assert counts["layer, with bias"] == references.parameter_count(4, 6, (2, 3), groups=2)
    assert counts["separable, no bias"] == references.separable_parameter_count(4, 6, (2, 3))
    assert counts["dense layer instead"] == references.dense_weight(torch.ones(2, 3), (5, 7)).numel()


def test_shapes_are_those_of_the_references():
    n, f, c, groups, (kh, kw), (h, w) = 2, 6, 4, 2, (2, 3), (5, 7)
    oh, ow = h - kh + 1, w - kw + 1
    given = {"N": n, "F": f, "C": c, "KH": kh, "KW": kw, "H": h, "W": w, "OH": oh, "OW": ow, "groups": groups}
    shapes = {name: value(formula, **given) for name, formula in sheet.SHAPES.items()}
    input, kernel, bias = (torch.zeros(shapes[name]) for name in ("input", "kernel", "bias"))
    assert references.conv2d(input, kernel, bias, groups=groups).shape == shapes["output"]
    assert references.unfold(input, (kh, kw)).shape == shapes["windows, unfolded"]
    assert references.kernel_matrix(torch.ones(kh, kw), (h, w)).shape == shapes["kernel matrix"]
    assert references.dense_weight(torch.ones(kh, kw), (h, w)).shape == shapes["dense weights"]
    bent = references.deformable_conv2d(input, torch.zeros(shapes["deformable offsets"]), torch.ones(f, c, kh, kw))
    assert bent.shape == shapes["output"]
