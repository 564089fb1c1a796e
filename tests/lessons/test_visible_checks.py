"""Visible checks use the words of the hidden ones, show the window of an output, and import nothing of the kit."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

from autograder import course
from autograder.report import answer_messages, explanation_messages, messages
from autograder.suite.known_answers import PRELUDE
from tests.few import few

ROOT = Path(__file__).resolve().parents[2]
DRAWN = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
DRAWN += ("api", "unfold", "conv1d", "separable", "fully_connected", "network")
DRAWN += ("gradient", "large_kernel", "deformable")


@pytest.fixture(scope="module")
def share() -> ModuleType:
    """Return solutions/share.py, which is a script, as a module."""
    spec = importlib.util.spec_from_file_location("share", ROOT / "solutions" / "share.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    """Draw pictures without showing them."""
    matplotlib.use("Agg")
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))


def cells(name: str) -> dict[str, str]:
    notebook = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in notebook.cells}


def checks_run(name: str, spoil: Any = None, **instead: Any) -> dict[str, Any]:
    """Return the namespace after the visible checks ran on the solution. `spoil` may change its tensors first."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    sources = cells(name)
    exec("\n\n".join([PRELUDE, *(text for key, text in sources.items() if key.startswith("solution"))]), namespace)
    for key, function in [*namespace.items()]:
        if spoil and getattr(function, "__globals__", None) is namespace:
            namespace[key] = spoilt(function, spoil)
    visible = sources["visible-checks"]
    own = visible.index("\n", visible.index("failed_checks.append"))
    namespace.update(instead)
    hooks = "".join(f"\n{key} = hook_{key}\n" for key in instead)
    namespace.update({f"hook_{key}": value for key, value in instead.items()})
    split = re.search(r"^(?=\S)", visible[own:], re.MULTILINE).start() + own
    try:
        exec(visible[:split] + hooks + "\n" + visible[split:], namespace)
    except AssertionError as error:
        namespace["ended"] = str(error)
    return namespace


def spoilt(function: Any, spoil: Any) -> Any:
    def wrong(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        if isinstance(result, tuple):
            return tuple(map(spoil, result))
        return spoil(result) if isinstance(result, torch.Tensor) and result.dim() > 1 else result

    wrong.__name__ = function.__name__
    return wrong


def last_but_one(result: torch.Tensor) -> torch.Tensor:
    """Return the result with a wrong number near its end."""
    result = result.clone(memory_format=torch.contiguous_format)
    result.view(-1)[-2:-1] += 1
    return result


@pytest.mark.parametrize("name", [assignment.id for assignment in course.load(ROOT).assignments])
def test_every_lesson_has_the_shared_text(name, share):
    source = cells(name)["visible-checks"]
    assert source.startswith(f"{share.shared()}\n\n"), "run `make stubs`"
    assert source.endswith("\nend_visible_checks()")


@pytest.mark.long
@pytest.mark.parametrize("name", ["conv2d", "api", "pooling", "network"])
def test_a_lesson_knows_the_mistakes_of_its_step(name, share):
    source = cells(name)["visible-checks"]
    answer = "\n\n".join(text for key, text in cells(name).items() if key.startswith("solution"))
    assert source == share.with_shared(source, name, answer, course.load(ROOT)), "run `make stubs`"


@pytest.mark.parametrize("name", DRAWN)
def test_the_window_that_is_drawn_is_the_one_that_the_output_is_made_of(name):
    seen = []

    def draw(columns: list[list[dict[str, Any]]]) -> None:
        if columns[0][0]["title"].endswith("a part"):
            return
        seen.append(made(columns, name) == pytest.approx(framed(columns[-2][0]), abs=1e-4))
        assert float(columns[-1][0]["wrong"].sum()) >= 1 and framed(columns[-1][0]) != framed(columns[-2][0])

    namespace = checks_run(name, last_but_one, draw=draw)
    assert "of the visible checks failed" in namespace["ended"]
    assert len(seen) >= 2 and all(seen)


def framed(matrix: dict[str, Any]) -> float:
    return float(matrix["values"][matrix["rows"][0], matrix["columns"][0]])


def made(columns: list[list[dict[str, Any]]], name: str) -> float:
    """Return the framed output, computed from the windows and kernels in the picture."""
    inputs, expected = columns[0], columns[-2][0]
    if name == "deformable":
        # The kernel lies on top of the input.
        inputs = [{**matrix, **whole(matrix)} for matrix in columns[1]]
        columns = columns[1:]
    windows = [matrix["values"][list(matrix["rows"])][:, list(matrix["columns"])] for matrix in inputs]
    if name == "pooling":
        return float(windows[0].mean() if "avg" in inputs[0]["title"] else windows[0].max())
    if name == "kernel_matrix" or inputs[0]["title"].endswith("as an input"):
        return float(inputs[0]["values"].flatten()[expected["columns"][0]])
    if name == "unfold" and len(columns) == 3:
        return float(windows[0].flatten()[expected["rows"][0] % windows[0].numel()])
    if name == "fully_connected" and inputs[0]["title"].startswith("the kernel"):
        return float(inputs[0]["values"][expected["rows"][0], expected["columns"][0]])
    if len(columns) == 3:
        return sum(float(window.sum()) for window in windows)
    kernels = [part_that_counts(matrix) for matrix in columns[1]]
    bias = [float(matrix["values"]) for column in columns for matrix in column if matrix["title"] == "+ bias"]
    return sum(float((one * other).sum()) for one, other in zip(windows, kernels, strict=True)) + sum(bias)


def whole(matrix: dict[str, Any]) -> dict[str, Any]:
    rows, columns = map(range, matrix["values"].shape)
    return {"rows": rows, "columns": columns}


def part_that_counts(matrix: dict[str, Any]) -> torch.Tensor:
    """Return the numbers in the frame, or all if there is no frame."""
    if "rows" not in matrix:
        return matrix["values"]
    return matrix["values"][list(matrix["rows"])][:, list(matrix["columns"])]


TENSORS = ["conv2d", "full", "conv1d", "transposed", "pooling", "gradient", "large_kernel", "deformable", "network"]


@pytest.mark.slow
@pytest.mark.parametrize("name", few(TENSORS))
@pytest.mark.parametrize(
    "spoil", [lambda result: result[..., :-1], lambda result: result[0], lambda result: result[:0]]
)
def test_a_wrong_shape_is_drawn_without_a_window(name, spoil):
    drawn = []
    namespace = checks_run(name, spoil, draw_matrix=lambda axes, **matrix: drawn.append(matrix))
    assert "of the visible checks failed" in namespace["ended"]
    assert drawn and not any(len(matrix.get("rows", ())) or matrix.get("wrong") is not None for matrix in drawn)


IMAGE, KERNEL = torch.arange(12.0).reshape(3, 4), torch.ones(2, 2)
SHOULD = torch.nn.functional.conv2d(IMAGE[None, None], KERNEL[None, None], padding=1)[0, 0]


WRONG = SHOULD.clone()
WRONG[1, 2] += 1


@pytest.mark.parametrize(
    ("came", "message"),
    [
        (
            WRONG,
            answer_messages.WRONG_VALUE.format(
                expected=float(SHOULD[1, 2]), got=float(SHOULD[1, 2]) + 1, position=[1, 2], wrong=1, total=20
            ),
        ),
        (SHOULD[:2], answer_messages.WRONG_SHAPE.format(expected="(4, 5)", got="(2, 5)")),
        (SHOULD.long(), answer_messages.WRONG_DTYPE.format(expected="float32", got="int64")),
        (SHOULD / 0, answer_messages.NOT_FINITE.format(expected=0.0, got="nan", position=[0, 0])),
        (None, answer_messages.RETURNED_NOTHING.format(shape="(4, 5)")),
        (IndexError("too far"), messages.RAISED.format(name="learners", type="IndexError", message="too far")),
    ],
)  # fmt: skip
def test_a_failure_is_told_in_the_words_of_the_hidden_checks(share, capsys, came, message):
    def learners(*arguments: Any, **options: Any) -> Any:
        if isinstance(came, Exception):
            raise came
        return came

    namespace: dict[str, Any] = {}
    exec(share.shared(), namespace)
    namespace["visible_check"]("keeps it", learners, lambda *_, **__: SHOULD, IMAGE, KERNEL, padding=1)
    printed = capsys.readouterr().out
    assert printed.startswith(f"FAILED: keeps it\n{message}\n")
    assert "The call: a tensor (3, 4), a tensor (2, 2), padding=1.\n" in printed
    assert ("\nAt line " in printed) == isinstance(came, Exception)
    if came is not None and not isinstance(came, Exception) and "values differ" in message:
        where = explanation_messages.FIRST_AT.format(at=explanation_messages.ROW_COLUMN.format(1, 2))
        place = explanation_messages.PLACE_PADDED.format(rows="rows 1–2", columns="columns 2–3")
        assert f"{where} {explanation_messages.LOOKS_AT.format(where=place)}" in printed
        assert all(
            key in printed
            for key in (
                explanation_messages.KEY_WINDOW,
                explanation_messages.KEY_PADDING,
                explanation_messages.KEY_WRONG,
            )
        )


@pytest.mark.parametrize(
    ("came", "message"),
    [
        (ValueError("no"), "passed: refuses it\n"),
        (3, "FAILED: refuses it\nExpected ValueError to be raised, but the call returned int: 3\n"),
        (KeyError("x"), "FAILED: refuses it\nExpected ValueError to be raised, got KeyError: 'x'\n"),
    ],
)
def test_an_exception_may_be_what_is_expected(share, capsys, came, message):
    def learners() -> Any:
        if isinstance(came, Exception):
            raise came
        return came

    namespace: dict[str, Any] = {}
    exec(share.shared(), namespace)
    namespace["visible_check"]("refuses it", learners, ValueError)
    assert capsys.readouterr().out == message


def test_what_is_not_implemented_stays_so(share):
    def learners() -> None:
        raise NotImplementedError

    namespace: dict[str, Any] = {}
    exec(share.shared(), namespace)
    with pytest.raises(NotImplementedError):
        namespace["visible_check"]("keeps it", learners, SHOULD)
