"""Pictures show where the learner's function reads: in the right cells, and in matrices that no window lies on."""

from autograder.explain.picture import panels
from autograder.report import explanation_messages as messages
from autograder.report.report import Factor, Trace
from autograder.suite.cases import Case
from tests.pictures import cases, drawn, grids, wrong_at


def traced(argument: str, *reads: tuple[int, ...], factor: Factor | None = None) -> Trace:
    return Trace(argument=argument, reads=reads, should=reads, factor=factor, text="A trace.")


def a_case(step: str, check: str, **wanted: int) -> Case:
    return next(
        case
        for case in cases(step, check)
        if all(case.arguments.get(name) == value for name, value in wanted.items()) and min(case.expected.shape) > 1
    )


def test_rows_and_columns_are_those_without_the_padding():
    case = a_case("conv2d", "padding", padding=1)
    shown = grids(wrong_at(case, (0, 0)), traced("input", (0,), (0, 1)))
    assert shown["input, padded"].read == {(1, 1), (1, 2)}
    assert all(not panel.read for title, panel in shown.items() if title != "input, padded")


def test_what_is_read_of_another_image_is_drawn_without_a_window():
    case = next(case for case in cases("full", "batch") if case.expected.shape[0] > 1)
    shown = grids(wrong_at(case, (1, 0, 0, 0)), traced("input", (0,), (0,), (0,), (0,)))
    assert shown["input[1, 0]"].window and not shown["input[1, 0]"].read
    assert shown["input[0, 0]"].read == {(0, 0)} and not shown["input[0, 0]"].window
    assert "input[0, 0]" not in grids(wrong_at(case, (1, 0, 0, 0)))


def test_a_signal_and_a_number_of_the_kernel_are_marked():
    case = next(case for case in cases("conv1d", "padding") if case.arguments["padding"] == 1)
    shown = grids(wrong_at(case, (0, 0, 0)), traced("input", (0,), (0,), (0,)))
    assert shown["input[0, 0], padded"].read == {(0, 1)}
    case = next(case for case in cases("transposed", "padding") if case.arguments["kernel"].shape == (3, 3))
    factor = Factor(name="kernel", index=(0, 1))
    shown = grids(wrong_at(case, (0, 0)), traced("input", (0,), (0,), factor=factor))
    assert shown["kernel, turned by 180°"].read == {(2, 1)}
    case = next(case for case in cases("kernel_matrix", "rows") if case.arguments["kernel"].shape == (2, 2))
    assert grids(wrong_at(case, (0, 0)), traced("kernel", (1,), (0,)))["kernel"].read == {(1, 0)}
    case = next(case for case in cases("deformable", "plain") if case.arguments["kernel"].shape[2:] == (1, 1))
    assert grids(wrong_at(case, (0, 0, 0, 0)), traced("input", (0,), (0,), (1,), (0,)))["input[0, 0]"].read == {(1, 0)}


def test_the_picture_says_it_in_words(monkeypatch):
    case = a_case("conv2d", "stride", stride=2)
    wrong = wrong_at(case, (0, 1))
    plain, other = drawn(wrong), drawn(wrong, traced("input", (0,), (1,)))
    assert other.alt == f"{plain.alt} A trace." and other.png != plain.png
    assert drawn(wrong, traced("input", (), ())).alt == other.alt
    captions = []
    monkeypatch.setattr(panels, "png", lambda drawing: captions.append(drawing.caption[0]) or (b"", 1))
    one = traced("input", (0,), (1,), factor=Factor(name="kernel", index=(0, 0)))
    for trace in (None, traced("input", (), ()), traced("input", (0,), (1,)), one):
        drawn(wrong, trace)
    keys = [[key for key in (messages.KEY_READ, messages.KEY_FACTOR) if key in caption] for caption in captions]
    assert keys == [[], [], [messages.KEY_READ], [messages.KEY_FACTOR]]
