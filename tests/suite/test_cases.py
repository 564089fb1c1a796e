"""Drawing cases: sizes and numbers stay where they should, every pair of options meets, a seed decides everything."""

import itertools

import pytest
import torch

from autograder.errors import Problem
from autograder.suite import draw as drawing
from autograder.suite.cases import OMITTED, Case, Space, smallest_first, unseen
from autograder.suite.draw import Draw, both
from autograder.suite.pairwise import pairwise_rows

SEEDS = range(120)
SHAPES = ("tall", "wide", "square")


@pytest.fixture(autouse=True)
def drawn_anew() -> None:
    """Forget what other tests have drawn, so that a change of the code is seen."""
    drawing._input_sizes.cache_clear()
    pairwise_rows.cache_clear()


def draws(**row) -> list[Draw]:
    return [Draw(str(seed).encode(), row) for seed in SEEDS]


def shape_of(height: int, width: int) -> str:
    return "square" if height == width else "tall" if height > width else "wide"


def test_whole_numbers_reach_both_ends_and_choices_all_options():
    assert {draw.integer(2, 4) for draw in draws()} == {2, 3, 4}
    assert {draw.choice("abc") for draw in draws()} == {"a", "b", "c"}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_pair_has_the_shape_that_is_asked_for(shape):
    pairs = {draw.pair(shape, 1, 3) for draw in draws()}
    assert {shape_of(*pair) for pair in pairs} == {shape}
    assert {side for pair in pairs for side in pair} == {1, 2, 3}


@pytest.mark.parametrize(
    ("shape", "sides"), [("square", {2, 3}), ("tall", {1, 2, 3, 4}), ("wide", {1, 2, 3, 4}), (None, {2, 3})]
)
def test_kernels_are_rectangles_from_1_to_4_and_squares_of_2_or_3(shape, sides):
    row = {} if shape is None else {"kernel_shape": shape}
    sizes = {draw.kernel_size() for draw in draws(**row)}
    assert {side for size in sizes for side in size} == sides
    assert {shape_of(*size) for size in sizes} == {shape or "square"}


def test_kernels_are_what_the_row_or_the_call_says():
    assert {draw.kernel_size() for draw in draws(kernel_size=(5, 1))} == {(5, 1)}
    assert max(side for draw in draws(kernel_shape="tall") for side in draw.kernel_size(high=3)) == 3
    assert min(side for draw in draws(kernel_shape="wide") for side in draw.kernel_size(low=2)) == 2
    assert {draw.kernel_size(low=3, high=9) for draw in draws(kernel_shape="square")} == {(3, 3)}
    assert {draw.kernel_size(high=2) for draw in draws(kernel_shape="square")} == {(2, 2)}


def outputs(size: int, kernel: int, stride: int, padding: int, dilation: int) -> tuple[int, int]:
    """Return the count of outputs along one axis, and of rows at the end that the stride leaves out."""
    free = size + 2 * padding - (kernel - 1) * dilation - 1
    return free // stride + 1, free % stride


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("remainder", [False, True])
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 2, 1), (2, 1, 3), (1, 2, 2)])
def test_inputs_have_their_shape_and_room_for_two_outputs_or_more(shape, remainder, stride, padding, dilation):
    counts, left_over = set(), []
    for draw in draws(input_shape=shape, remainder=remainder):
        kernel = draw.kernel_size()
        size = draw.input_size(kernel, stride, padding, dilation)
        assert shape_of(*size) == shape and min(size) >= 2
        axes = [outputs(size[axis], kernel[axis], stride, padding, dilation) for axis in (0, 1)]
        counts |= {count for count, _ in axes}
        left_over.append(any(rest for _, rest in axes))
    assert min(counts) >= 2 and 2 in counts and max(counts) <= 11
    assert all(left_over) if remainder and stride > 1 else stride > 1 or not any(left_over)
    # Without the remainder it may be there or not.
    assert remainder or stride == 1 or {True, False} == set(left_over)


def test_each_axis_has_its_own_stride_and_padding():
    for draw in draws(input_shape="tall", remainder=True):
        height, width = draw.input_size((1, 2), (1, 3), (0, 2))
        assert outputs(height, 1, 1, 0, 1)[0] >= 2 and outputs(width, 2, 3, 2, 1)[0] >= 2
        assert outputs(width, 2, 3, 2, 1)[1]


def test_inputs_are_what_the_row_says_or_refused():
    assert Draw(b"", {"input_size": (9, 2)}).input_size((3, 3)) == (9, 2)
    with pytest.raises(
        ValueError, match=r"no input of shape 'round' for a kernel \(2, 2\) with \{'input_shape': 'round'"
    ):
        Draw(b"", {"input_shape": "round"}).input_size((2, 2))
    # Where no shape is named, it is square.
    assert {shape_of(*draw.input_size((2, 3))) for draw in draws()} == {"square"}
    plain = [draw.input_size((2, 3)) for draw in draws(input_shape="wide")]
    assert plain == [draw.input_size((2, 3), 1, 0, 1) for draw in draws(input_shape="wide")]
    # They are as small as can be: three outputs at most, where that gives the shape.
    assert max(height for height, _ in plain) == 4 and {width for _, width in plain} == {4, 5}


@pytest.mark.parametrize("shape", [(1,), (2, 3), (2, 3, 4, 5), (60, 50)])
def test_numbers_are_distinct_and_none_is_zero(shape):
    for kind in ("integers", "reals", None):
        tensor = Draw(b"5", {} if kind is None else {"numbers": kind}).tensor(*shape)
        assert tensor.shape == shape and tensor.dtype == torch.float32
        assert tensor.unique().numel() == tensor.numel() and bool(tensor.all())
        scaled = tensor.double() * 1000 if kind == "reals" else tensor.double()
        assert torch.allclose(scaled, scaled.round(), atol=1e-3)
        assert (tensor.numel() == 1) or (bool((tensor < 0).any()) and bool((tensor > 0).any()))


def test_how_far_numbers_reach():
    ones = [float(draw.tensor(1)) for draw in draws()]
    assert {abs(number) for number in ones} == {1, 2, 3, 4}
    # As many as there are and half as many again to choose from: 12 numbers of -9 to 9.
    dozens = torch.stack([draw.tensor(12) for draw in draws()])
    assert dozens.abs().max() == 9
    reals = torch.stack([draw.tensor(50) for draw in draws(numbers="reals")])
    assert 1.9 < reals.abs().max() <= 2 and reals.min() < -1.9
    assert any(number != round(number) for number in reals.flatten().tolist())
    many = Draw(b"1", {"numbers": "reals"}).tensor(2500)
    assert 2.3 < many.abs().max() <= 2.5


def test_numbers_with_a_zero_have_two_that_are_equal_and_are_small():
    tensors = [draw.tensor(2, 3) for draw in draws(numbers="zeros")]
    assert {(tensor.shape, tensor.dtype) for tensor in tensors} == {((2, 3), torch.float32)}
    numbers = [tensor.flatten().tolist() for tensor in tensors]
    assert {row.count(0) for row in numbers} == {1} and {row.index(0) for row in numbers} == set(range(6))
    assert all(len(set(row)) < 6 for row in numbers)
    assert {number for row in numbers for number in row} == {-3, -2, -1, 0, 1, 2, 3}
    # Two numbers are drawn for a tensor of four, and the first of them once more.
    assert {len(set(draw.tensor(4).tolist())) for draw in draws(numbers="zeros")} == {2, 3}
    assert {tuple(sorted(map(abs, draw.tensor(2).tolist()))) for draw in draws(numbers="zeros")} == {
        (0, 1), (0, 2), (0, 3),
    }  # fmt: skip
    assert all(draw.tensor(1).item() for draw in draws(numbers="zeros"))


def test_counts_are_one_or_many_and_differ():
    assert Draw(b"", {"counts": (5, 6, 7), "images": "many"}).counts() == (5, 6, 7)
    seen = set()
    for draw in draws(images="many", channels="one", filters="many"):
        images, channels, filters = draw.counts()
        assert channels == 1 and images != filters and {images, filters} <= {2, 3, 4}
        seen.add((images, filters))
    assert seen == set(itertools.permutations((2, 3, 4), 2))
    assert Draw(b"", {}).counts() == (1, 1, 1)
    for draw in draws(images="many", channels="many", filters="many"):
        assert sorted(draw.counts()) == [2, 3, 4]


def test_a_number_is_a_float_that_is_not_zero():
    numbers = [draw.number() for draw in draws()]
    assert all(type(number) is float and number for number in numbers) and len(set(numbers)) > 4


def test_the_same_seed_draws_the_same_and_another_one_something_else():
    def all_of(source: bytes) -> list:
        draw = Draw(source, {})
        return [draw.integer(0, 1000), draw.choice(range(1000)), draw.tensor(5).tolist()]

    assert all_of(b"2026/f/x/0") == all_of(b"2026/f/x/0") == [430, 375, [-1.0, 1.0, 2.0, 3.0, 4.0]]
    assert all_of(b"2026/f/x/0") != all_of(b"2026/f/x/1")


def test_both():
    assert both(3) == (3, 3) and both((1, 2)) == (1, 2) and both([4, 5]) == (4, 5)


def case(numbers: str | None, size: int, answer: int = 1) -> Case:
    row = {} if numbers is None else {"numbers": numbers}
    return Case("f", {"input": torch.zeros(size), "stride": 99}, (), torch.zeros(answer), row)


def test_whole_numbers_come_before_reals_then_smaller_calls_then_smaller_answers():
    order = [("integers", 1, 2), (None, 2, 1), ("integers", 2, 3), ("reals", 1, 1), ("reals", 1, 4)]
    for shuffled in itertools.permutations(order):
        drawn = smallest_first(case(*each) for each in shuffled)
        measured = [(one.row.get("numbers"), one.size, one.expected.numel()) for one in drawn]
        assert measured == order
    no_tensor = Case("f", {"input": torch.zeros(1)}, (), 3, {})
    assert smallest_first([case(None, 1), no_tensor])[0] is no_tensor


def test_the_size_of_a_call_is_its_numbers_or_without_a_tensor_how_large_they_are():
    assert case(None, 6).size == 6
    two = Case("f", {"input": torch.zeros(2, 3), "kernel": torch.zeros(2, 2), "stride": 5}, (), None, {})
    assert two.size == 10
    plain = Case("f", {"size": 7, "kernel": (2, -3), "bias": 1.5, "name": "x"}, (), None, {})
    assert plain.size == 12


def identity(draw: Draw) -> dict:
    return {"x": draw.row["a"], "y": draw.row["b"], "z": draw.row.get("c", OMITTED)}


def keep(x, y, z=0):
    return x, y, z


SPACE = Space(
    function="f",
    arguments=identity,
    reference=keep,
    axes={"a": (1, 2, 3), "b": (1, 2), "c": (0, 5), "spelled": ("all", "needed")},
    positional=("x", "q"),
    defaults={"y": 1, "z": 0},
    fits=lambda row: (row["a"], row["b"]) != (3, 2),
)


def test_every_pair_that_fits_meets_and_no_other_row_is_drawn():
    rows = [one.row for one in SPACE.drawn(1, "x")]
    assert not any((row["a"], row["b"]) == (3, 2) for row in rows)
    for first, second in itertools.combinations(SPACE.axes, 2):
        for pair in itertools.product(SPACE.axes[first], SPACE.axes[second]):
            met = any((row[first], row[second]) == pair for row in rows)
            assert met != ({first: pair[0], second: pair[1]} == {"a": 3, "b": 2})
    assert len(rows) == 8


def test_few_rows_are_drawn_again_with_other_numbers():
    few = Space("f", lambda draw: {"x": draw.tensor(3)}, lambda x: x, {"a": (1,)}, at_least=5)
    cases = few.drawn(1, "x")
    assert len(cases) == 5 and len({repr(one.arguments) for one in cases}) == 5
    assert [one.row for one in cases] == [{"a": 1}] * 5
    assert len(Space("f", lambda draw: {}, lambda: None, {"a": (1, 2, 3)}).drawn(1, "x")) == 8
    many = Space("f", lambda draw: {}, lambda: None, {"a": tuple(range(9))}).drawn(1, "x")
    assert [one.row["a"] for one in many] == list(range(9))


def test_seed_function_and_name_decide_the_numbers():
    def drawn(seed: int, name: str, function: str = "f") -> str:
        space = Space(function, lambda draw: {"x": draw.tensor(3)}, lambda x: x, {"a": (1,)})
        return repr([one.arguments for one in space.drawn(seed, name)])

    assert drawn(1, "x") == drawn(1, "x")
    assert len({drawn(1, "x"), drawn(2, "x"), drawn(1, "y"), drawn(1, "x", "g")}) == 4


def test_a_submission_has_a_case_of_its_own_with_a_row_of_the_class():
    space = Space("f", lambda draw: {"x": draw.tensor(3)}, lambda x: x, {"a": (1, 2, 3), "b": (4, 5)})
    own = [space.drawn_for(str(digest), 1, "x") for digest in range(40)]
    assert {repr(one.row) for one in own} == {repr(one.row) for one in space.drawn(1, "x")}
    assert {one.function for one in own} == {"f"} and all(one.expected is one.arguments["x"] for one in own)
    # The numbers are drawn for each submission, not for each row.
    assert len({repr((one.row, one.arguments)) for one in own}) > 20
    # Whoever grades again under the same key gets the same.
    assert (own[0].row, own[0].arguments["x"].tolist()) == ({"a": 3, "b": 5}, [4.0, 2.0, 3.0])
    assert (own[1].row, own[1].arguments["x"].tolist()) == ({"a": 2, "b": 5}, [1.0, -4.0, 2.0])


def test_key_function_and_name_decide_the_case_of_a_submission():
    def drawn(key: int, name: str, function: str = "f") -> str:
        space = Space(function, lambda draw: {"x": draw.tensor(3)}, lambda x: x, {"a": (1,)})
        return repr([space.drawn_for(str(digest), key, name).arguments for digest in range(3)])

    assert drawn(1, "x") == drawn(1, "x")
    assert len({drawn(1, "x"), drawn(2, "x"), drawn(1, "y"), drawn(1, "x", "g")}) == 4


def test_what_has_its_default_may_be_left_out_and_only_that():
    def arguments(**row) -> dict:
        return SPACE.case(Draw(b"", {"a": 2, "b": 1, "c": 0, "spelled": "needed", **row})).arguments

    assert arguments() == {"x": 2}
    assert arguments(spelled="all") == {"x": 2, "y": 1, "z": 0}
    assert arguments(b=2, c=5) == {"x": 2, "y": 2, "z": 5}
    # 1.0 and True are equal to 1, yet a learner may treat them otherwise.
    assert arguments(b=1.0) == {"x": 2, "y": 1.0} and arguments(b=True) == {"x": 2, "y": True}


def test_a_case_is_the_call_its_answer_and_its_window():
    def window(arguments, position):
        return None

    space = Space("f", identity, keep, {"a": (1,)}, positional=("y", "q"), window=window)
    one = space.case(Draw(b"", {"a": 1, "b": 2, "layout": "sliced"}))
    assert (one.function, one.arguments, one.expected) == ("f", {"x": 1, "y": 2}, (1, 2, 0))
    assert (one.positional, one.layout, one.window) == (("y",), "sliced", window)
    assert space.case(Draw(b"", {"a": 1, "b": 2})).layout == "contiguous"
    assert repr(OMITTED) == "OMITTED"


def test_a_part_of_a_space_and_its_edges():
    part = SPACE.where(a=[1, 3], b=1)
    assert part.axes == {"a": (1, 3), "b": (1,), "c": (0, 5), "spelled": ("all", "needed")}
    assert part.function == "f" and SPACE.axes["a"] == (1, 2, 3)
    edges = part.plus({"a": 7}).plus({"b": 9, "c": 8})
    assert part.extra == () and edges.extra == ({"a": 7}, {"b": 9, "c": 8})
    rows = [one.row for one in edges.drawn(1, "x")]
    assert {"a": 7, "b": 1, "c": 0, "spelled": "all"} in rows and {"a": 1, "b": 9, "c": 8, "spelled": "all"} in rows
    with pytest.raises(
        Problem, match=r"test_cases\.py:\d+: .* a space of f, which has no axis 'd'\. .*: a, b, c, spelled\.$"
    ):
        SPACE.where(d=1)


def test_an_unseen_tensor_depends_on_the_call_alone():
    def case(number: float) -> Case:
        return Case("f", {"input": torch.full((2,), number)}, (), None, {"numbers": "integers"})

    first = unseen(case(1.0), 3, 2)
    assert first.shape == (3, 2)
    assert torch.equal(unseen(case(1.0), 3, 2), first)
    assert not torch.equal(unseen(case(2.0), 3, 2), first)
