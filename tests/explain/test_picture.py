"""Pictures of counterexamples: the right window, wrong cells and padding marked without colour, the same bytes."""

import base64
import io
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from PIL import Image

from autograder.explain import counterexample
from autograder.explain.picture import panels, pen
from autograder.explain.picture.panels import Drawing, Grid, Note
from autograder.report.wording import where
from autograder.sandbox.answers import NoAnswer, Raised, Wrong
from autograder.suite.load import load_suite
from tests.few import few
from tests.pictures import GRADIENTS, STEPS, cases, drawn, grids, wrong_at


@pytest.mark.slow
@pytest.mark.parametrize("step", few(STEPS))
def test_every_case_can_be_drawn(step, caplog):
    for case in cases(step)[::29]:
        picture = drawn(wrong_at(case, (0,) * case.expected.dim()))
        image = Image.open(io.BytesIO(base64.b64decode(picture.png)))
        assert image.format == "PNG"
        assert picture.width <= 900 and len(picture.png) < 200_000
        assert "The first difference is at" in picture.alt
    assert not caplog.records


def test_window_padding_and_wrong_cells_are_marked_without_colour():
    case = next(c for c in cases("conv2d", "padding") if c.arguments["padding"] == 1 and c.expected.shape > (2, 2))
    panels_ = grids(wrong_at(case, (1, 1)))
    height, width = case.arguments["kernel"].shape
    padded = panels_["input, padded"]
    assert padded.window == {(1 + i, 1 + j) for i in range(height) for j in range(width)}
    rows, columns = (size + 2 for size in case.arguments["input"].shape)
    border = {(i, j) for i in range(rows) for j in range(columns) if i in (0, rows - 1) or j in (0, columns - 1)}
    assert padded.hatched == border
    assert panels_["got"].wrong == {(1, 1)} and panels_["expected"].wrong == frozenset()
    assert panels_["got"].framed == panels_["expected"].framed == (1, 1)


def test_marks_are_dark_lines_in_grey():
    """A frame, a hatched cell and a wrong cell differ from plain ones on a black and white print."""
    plain = {"texts": {}, "rows": (0,), "columns": (0,)}
    looks = [{}, *({mark: frozenset({(0, 0)})} for mark in ("window", "read", "hatched", "wrong"))]
    bitmaps = []
    for look in looks:
        png, _ = panels.png(Drawing([panels.Column([Grid("", **plain, **look)])], []))
        grey = Image.open(io.BytesIO(png)).convert("L")
        # Only what is clearly darker than the fills counts: lines and corners.
        bitmaps.append(grey.point(lambda level: 255 * (level > 205)).tobytes())
    assert len(set(bitmaps)) == len(looks)


def test_the_same_picture_is_the_same_bytes():
    import matplotlib

    wrong = wrong_at(cases("conv2d", "padding")[3], (0, 0))
    first = drawn(wrong)
    with matplotlib.rc_context({"font.family": ["serif"], "font.size": 30, "savefig.dpi": 30, "lines.linewidth": 9}):
        assert drawn(wrong) == first
    assert b"tIME" not in base64.b64decode(first.png) and b"Software" not in base64.b64decode(first.png)


def test_a_batch_is_drawn_where_the_first_difference_is():
    case = next(
        c for c in cases("full", "together") if min(c.expected.shape[:2]) > 1 and c.arguments["kernel"].shape[1] > 1
    )
    position = (1, 1, 0, 0)
    wrong = wrong_at(case, position)
    panels_ = grids(wrong)
    suffix = ", padded" if case.arguments.get("padding") else ""
    assert {f"input[1, 0]{suffix}", "kernel[1, 1]", "expected[1, 1]", "got[1, 1]"} <= panels_.keys()
    assert where(counterexample.counterexample(wrong)).startswith(
        "The first difference is at image 1, channel 1, row 0, column 0. This output looks at row"
    )


def test_a_call_that_raised_shows_the_call_and_the_words():
    case = cases("conv2d", "slides")[0]
    wrong = Raised("matrix_multiplication_for_conv2d raised IndexError: too far", ["IndexError"])
    wrong.case = case
    panels_ = grids(wrong)
    assert panels_["got"] == Note("got", "raised IndexError: too far")
    assert {"input", "kernel", "expected"} <= panels_.keys() and not panels_["input"].window
    assert "raised IndexError: too far" in drawn(wrong).alt


@pytest.mark.parametrize(
    ("got", "note"),
    [
        (torch.zeros(9, 9), "got (9, 9)"),
        (torch.zeros(3), "a tensor of float32 with shape (3,)"),
        (torch.zeros(0, 2), "a tensor of float32 with shape (0, 2)"),
        (torch.zeros(2, 2, dtype=torch.complex64), "a tensor of complex64"),
        (torch.full((2, 2), float("nan")), "nan"),
        (torch.full((40, 40), 1e30), "1e+30"),
    ],
)
def test_whatever_came_can_be_drawn(got, note, caplog):
    case = next(c for c in cases("conv2d", "slides") if c.expected.shape == (2, 2))
    wrong = Wrong("Wrong.", expected=case.expected, got=got, case=case)
    assert note in str(grids(wrong)) and drawn(wrong).png
    assert not caplog.records


def test_no_picture_where_there_was_no_answer():
    for wrong in (NoAnswer("It was stopped."), Wrong("No error was raised.")):
        wrong.case = next(c for c in load_suite("pooling").checks if c.id == "mode").drawn(2026)[0]
        assert drawn(wrong) is None


def test_what_cannot_be_drawn_is_left_out_and_logged(monkeypatch, caplog):
    monkeypatch.setattr(panels, "png", lambda *_: 1 / 0)
    assert drawn(wrong_at(cases("conv2d")[0], (0, 0))) is None
    assert "could not be drawn" in caplog.text


@pytest.mark.slow
def test_matplotlib_is_not_imported_before_a_picture_is_drawn():
    modules = "autograder.judge.notebooks, autograder.nbgrader.preprocessors"
    code = f"import sys, {modules}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_signal_is_a_line_and_a_column_of_unfold_is_its_window():
    case = next(c for c in cases("conv1d", "padding") if c.arguments["padding"] == 1 and c.expected.shape[2] > 2)
    wrong = wrong_at(case, (0, 0, 2))
    length = case.arguments["kernel"].shape[2]
    assert grids(wrong)["input[0, 0], padded"].window == {(0, 2 + i) for i in range(length)}
    assert grids(wrong)["got[0, 0]"].wrong == {(0, 2)}
    words = where(counterexample.counterexample(wrong))
    assert words.startswith("The first difference is at signal 0, channel 0, position 2. This output looks at position")
    case = next(c for c in cases("unfold", "stride") if c.expected.shape[1] > 1 and c.expected.shape[2] > 3)
    wrong = wrong_at(case, (0, 1, 3))
    assert grids(wrong)["got[0]"].wrong == {(1, 3)} and "kernel" not in grids(wrong)
    words = where(counterexample.counterexample(wrong))
    assert words.startswith("The first difference is at image 0, row 1, column 3. This column should hold row")


def test_places_are_marked_where_an_output_reads():
    image, kernel = torch.arange(1.0, 7).reshape(1, 1, 2, 3), torch.ones(1, 1, 1, 2)
    offset = torch.tensor([0.0, 0.0, 0.5, -1.25]).reshape(1, 4, 1, 1).expand(1, 4, 2, 2)
    space = load_suite("deformable").checks[0].spaces[0]
    arguments = {"input": image, "offset": offset, "kernel": kernel}
    case = replace(cases("deformable")[0], arguments=arguments, expected=space.reference(**arguments))
    wrong = wrong_at(case, (0, 0, 0, 0))
    panels_ = grids(wrong)
    seen = panels_["input[0, 0]"]
    assert seen.marks == ((0, 0), (0.5, -0.25))
    assert seen.window == {(0, -1), (0, 0), (1, -1), (1, 0)} and seen.hatched == {(0, -1), (1, -1)}
    assert seen.columns == [-1, 0, 1, 2]
    assert panels_["read in input[0, 0]"].texts == {(0, 0): "1", (0, 1): "1.875"}
    assert "the places (row, column) (0, 0); (0.5, −0.25)" in drawn(wrong).alt
    words = where(counterexample.counterexample(wrong))
    assert words.endswith("reads at places within rows 0–1 and column 0 of the input, including places between pixels.")
    away = {**arguments, "offset": offset + 9}
    wrong = wrong_at(replace(case, arguments=away, expected=space.reference(**away)), (0, 0, 0, 0))
    assert where(counterexample.counterexample(wrong)).endswith("reads only outside the image, where everything is 0.")
    assert drawn(wrong).png


def test_rings_and_dots_are_dark_in_grey():
    plain = {"texts": {}, "rows": (0, 1), "columns": (0, 1)}
    bitmaps, darkest = [], []
    left, top = panels.MARGIN + panels.LABEL, panels.MARGIN + panels.TITLE + panels.LABEL
    middles = [(int((left + x * panels.CELL) * pen.DPI), int((top + panels.CELL / 2) * pen.DPI)) for x in (0.5, 1)]
    for marks in ((), ((0, 0),), ((0, 0.5),), ((5, 5),)):
        png, _ = panels.png(Drawing([panels.Column([Grid("", **plain, marks=marks)])], []))
        grey = Image.open(io.BytesIO(png)).convert("L")
        bitmaps.append(grey.point(lambda level: 255 * (level > 90)).tobytes())
        darkest.append([grey.getpixel(middle) for middle in middles])
    assert len(set(bitmaps)) == 3 and bitmaps[0] == bitmaps[3]
    # A ring leaves its number free; a dot is black.
    assert darkest[1][0] > 200 and darkest[2][1] < 50


def test_each_gradient_is_drawn_with_what_it_is_made_of():
    one = {"input": torch.ones(1, 1, 3, 3), "kernel": torch.ones(2, 1, 1, 1), "grad_output": torch.ones(1, 2, 2, 2)}
    arguments = {**one, "stride": 2}
    space = load_suite("gradient").checks[0].spaces[0]
    expected = space.reference(**arguments)
    case = cases("gradient")[0]
    drawn_ = [
        replace(case, arguments=arguments, window=w, expected=e) for w, e in zip(GRADIENTS, expected, strict=True)
    ]
    examples = [
        (wrong_at(drawn_[0], (0, 0, 2, 0)), "contributes to row 1 and column 0 of the output."),
        (wrong_at(drawn_[0], (0, 0, 1, 0)), "No output looks at this input value."),
        (wrong_at(drawn_[1], (1, 0, 0, 0)), "meets rows 0, 2 and columns 0, 2 of the input."),
        (wrong_at(drawn_[2], (1,)), "is at bias 1. This bias is added to all outputs of its channel, in every image."),
    ]
    for wrong, words in examples:
        assert where(counterexample.counterexample(wrong)).endswith(words) and drawn(wrong).png
    spread = grids(examples[0][0])
    assert spread["grad_output[0, 1]"].window == {(1, 0)} and spread["kernel[1, 0], turned by 180°"].window == {(0, 0)}
    assert not grids(examples[1][0])["grad_output[0, 0]"].window
    assert grids(examples[2][0])["input[0, 0]"].window == {(0, 0), (0, 2), (2, 0), (2, 2)}
    assert len(grids(examples[3][0])["grad_output[0, 1]"].window) == 4 and grids(examples[3][0])["got"].framed == (0, 1)


def test_the_transposed_matrix_is_not_drawn_as_the_padded_input():
    for case in cases("transposed", "matrix")[::5]:
        for wrong in (wrong_at(case, (0, 0)), Raised("It raised RuntimeError.", ("RuntimeError",))):
            wrong.case = case
            titles = grids(wrong).keys()
            assert {"input", "kernel"} <= titles and not any("padded" in one or "turned" in one for one in titles)
