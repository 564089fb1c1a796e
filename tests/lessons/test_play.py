"""Pictures to play with: sliders where ipywidgets is there, pictures drawn beforehand everywhere, and no errors."""

import base64
import io
import re
import sys
from typing import Any

import matplotlib
import nbformat
import pytest
import torch
import torch.nn.functional as F
from matplotlib import image
from nbclient import NotebookClient

from tests.courses import ROOT

PLAYS = (("conv2d", "explorer"), ("conv2d", "play"), ("dilation_groups", "play"))
NAMES = {"conv2d": "matrix_multiplication_for_conv2d", "dilation_groups": "matrix_multiplication_for_conv2d_final"}
JPEG = re.compile(r'src="data:image/jpeg;base64,([^"]+)"')
WIDGET = "application/vnd.jupyter.widget-view+json"
WRITTEN = [(step, cell) for step, cell in PLAYS if cell == "play"]


def right(input: torch.Tensor, kernel: torch.Tensor, bias: Any = None, **options: int) -> torch.Tensor:
    if input.dim() == 2:
        return F.conv2d(input[None, None], kernel[None, None])[0, 0]
    return F.conv2d(input, kernel, bias, **options)


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the cells that run in this test show, other than by printing."""
    matplotlib.use("Agg")
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    return shown


def notebook(step: str, folder: str = "solutions") -> nbformat.NotebookNode:
    return nbformat.read(ROOT / folder / step / f"{step}.ipynb", as_version=4)


def run(step: str, cell: str, function: Any) -> dict[str, Any]:
    """Run a cell with `function` in the place of the learner's; return all names."""
    (source,) = (each.source for each in notebook(step).cells if each.id == cell)
    namespace = {"__name__": "__main__", "torch": torch, "F": F, NAMES[step]: function}
    exec(compile(source, cell, "exec"), namespace)
    return namespace


def pictures(page: str) -> list[torch.Tensor]:
    return [torch.tensor(image.imread(io.BytesIO(base64.b64decode(found)), "jpeg")) for found in JPEG.findall(page)]


def widgets_in(box: Any, kind: str) -> list[Any]:
    if type(box).__name__ == kind:
        return [box]
    box = getattr(box, "box", box)
    return [found for child in getattr(box, "children", ()) for found in widgets_in(child, kind)]


@pytest.mark.parametrize(("step", "cell"), PLAYS)
def test_pictures_drawn_beforehand_come_first_and_sliders_only_where_they_are_there(step, cell, displayed, monkeypatch):
    run(step, cell, right)
    still, box = displayed
    displayed.clear()
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    run(step, cell, right)
    (alone,) = displayed
    assert repr(box).endswith("in a running notebook with ipywidgets.") and WIDGET in box._repr_mimebundle_()
    page = alone._repr_html_()
    assert page == still._repr_html_() and len(page) < 100_000
    assert page.count("display: none") == page.count("<b>") and '<input type="range"' in page, "the first one shows"
    # What is drawn beforehand hides by a style that comes with the sliders, and only with them.
    (name,) = re.findall(r'class="still (\w+)"', page)
    style = f"<style>.still.{name} {{display: none}}</style>"
    assert style in [each.value for each in widgets_in(box, "HTML")] and style not in page


@pytest.mark.parametrize(
    ("step", "kind", "number", "value"), [("conv2d", "FloatText", 4, 3), ("dilation_groups", "IntSlider", 0, 5)]
)
def test_a_control_draws_anew_with_the_function_as_it_is_now(step, kind, number, value, displayed):
    calls: list[Any] = []

    def learners(*arguments: Any, **options: Any) -> torch.Tensor:
        calls.append((arguments, options))
        return right(*arguments, **options)

    names = run(step, "play", right)
    names[NAMES[step]] = learners
    box = displayed[1]
    shown = next(each for each in widgets_in(box, "HTML") if "your function’s output" in each.value)
    before = shown.value
    widgets_in(box, kind)[number].value = value
    ((arguments, options),) = calls
    assert shown.value != before
    assert options["dilation"] == value if options else arguments[1].flatten()[number] == value
    drawn = pictures(shown.value)[-1].float() / 255
    expected = right(*arguments, **options)
    if options:
        expected = expected[0].permute(1, 2, 0).abs()
        expected = expected / max(1, expected.quantile(0.97))
    else:
        drawn, expected = drawn[..., 0] if drawn.dim() == 3 else drawn, expected.clamp(0, 1)
    assert drawn.shape == expected.shape and (drawn - expected.clamp(0, 1)).abs().mean() < 0.03


def test_a_kernel_chosen_by_name_sets_nine_numbers_and_draws_once(displayed):
    calls: list[torch.Tensor] = []
    names = run("conv2d", "play", right)
    names[NAMES["conv2d"]] = lambda photograph, kernel: calls.append(kernel) or right(photograph, kernel)
    box = displayed[1]
    (choice,) = widgets_in(box, "Dropdown")
    choice.value = "sharpen"
    sharpen = [0, -1, 0, -1, 5, -1, 0, -1, 0]
    assert [each.value for each in widgets_in(box, "FloatText")] == sharpen
    assert [each.flatten().tolist() for each in calls] == [sharpen]


def raises(*_: Any, **__: Any) -> None:
    raise IndexError("<b>too far</b>")


@pytest.mark.parametrize(("step", "cell"), WRITTEN)
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (raises, "your function raised IndexError: <b>too far</b>"),
        (lambda *_, **__: None, "your function did not return a tensor"),
        (lambda *given, **options: right(*given, **options)[..., 1:], "your function returned the shape"),
        (lambda *given, **options: right(*given, **options) * 1j, "your function did not return a tensor"),
    ],
)
def test_a_wrong_function_is_met_with_words(step, cell, function, words, displayed, capsys):
    names = run(step, cell, function)
    assert words in capsys.readouterr().out and displayed == []
    # When it was right at first, the words stand where the picture was.
    names = run(step, cell, right)
    names[NAMES[step]] = function
    box = displayed[1]
    (widgets_in(box, "IntSlider") or widgets_in(box, "FloatText"))[0].value = 2
    said = [each.value for each in widgets_in(box, "HTML") if "Nothing to draw" in each.value]
    assert len(said) == 1 and words.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in said[0]


@pytest.mark.parametrize(("step", "cell"), WRITTEN)
def test_a_function_that_prints_or_warns_or_returns_nan_is_drawn_in_silence(step, cell, displayed, capfd):
    import warnings

    def noisy(*given: Any, **options: Any) -> torch.Tensor:
        print("here")
        warnings.warn("there", stacklevel=1)
        return right(*given, **options).requires_grad_() * torch.nan

    run(step, cell, noisy)
    assert len(displayed) == 2 and capfd.readouterr() == ("", "")


@pytest.mark.parametrize("size", [3, 7, 8])
@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_the_explorer_counts_windows_as_pytorch_does(size, kernel, stride, padding, explorer):
    page = explorer(size, kernel, stride, padding)
    padded = size + 2 * padding
    if kernel > padded:
        assert "there is no output" in page and "<svg" not in page
        return
    windows = F.unfold(torch.ones(1, 1, padded, padded), kernel, stride=stride)
    read = F.fold(windows, padded, kernel, stride=stride)[0, 0].int()
    numbers = re.findall(r"<text[^>]*>(?:<tspan[^>]*>)?(\d+)<", page)
    assert [int(number) for number in numbers] == read.flatten().tolist()
    outputs = F.conv2d(torch.ones(1, 1, size, size), torch.ones(1, 1, kernel, kernel), None, stride, padding).shape[2]
    assert f"({size} + 2 · {padding} − {kernel}) // {stride} + 1 = {outputs}<" in page
    left_over = int((read.sum(0) == 0).int().flip(0).cumprod(0).sum())
    assert (f"At the end, {left_over} of the rows" in page) == (left_over > 0)


@pytest.fixture(scope="module")
def explorer() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda shown: None)
        return run("conv2d", "explorer", right)["windows_read"]


@pytest.mark.slow
def test_a_kernel_without_ipywidgets_shows_the_pictures_alone(tmp_path):
    master = notebook("conv2d")
    without = nbformat.v4.new_code_cell('import sys\nsys.modules["ipywidgets"] = None')
    wanted = ("imports", "solution", "explorer", "play")
    master.cells = [without, *(cell for cell in master.cells if cell.id in wanted)]
    NotebookClient(master, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for cell in master.cells:
        if cell.id in ("explorer", "play"):
            (still,) = cell.outputs
            assert "text/html" in still.data and WIDGET not in still.data
