"""The cases of the hidden suites: every pair of options meets, a seed decides all of them, sums are exact."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder import course
from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.worker.values import Traits
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check
from autograder.suite.compare import adjoint, convolves
from autograder.suite.load import load_suite
from autograder.suite.products import makes_one_product

STEPS = tuple(assignment.id for assignment in course.load(Path(__file__).resolve().parents[2]).assignments)
CHECKS = [(step, check) for step in STEPS for check in load_suite(step).checks]
NAMES = [f"{step}-{check.id}" for step, check in CHECKS]


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_every_pair_of_options_meets(step, check: Check):
    for space in check.spaces:
        rows = [case.row for case in space.drawn(1, check.id)]
        for first, second in itertools.combinations(space.axes, 2):
            for pair in itertools.product(space.axes[first], space.axes[second]):
                met = any((row[first], row[second]) == pair for row in rows)
                assert met or not can_meet(space, {first: pair[0], second: pair[1]}), (first, second, pair)


def can_meet(space: Space, wanted: dict[str, Any]) -> bool:
    """Return whether `fits` allows a row with these values. Only groups and channels matter to it."""
    names = [name for name in space.axes if name in ("groups", "channels") or name in wanted]
    values = [(wanted[name],) if name in wanted else space.axes[name] for name in names]
    return any(space.fits(dict(zip(names, row, strict=True))) for row in itertools.product(*values))


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_edges_are_among_the_cases(step, check: Check):
    drawn = [case.row for space in check.spaces for case in space.drawn(1, check.id)]
    for space in check.spaces:
        for edge in space.extra:
            assert any(edge.items() <= row.items() for row in drawn), edge


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_a_seed_decides_every_case(step, check: Check):
    def values(seed: int) -> list[Any]:
        cases = [case for space in check.spaces for case in space.drawn(seed, check.id)]
        return [(case.function, repr(case.row), repr(case.arguments)) for case in cases]

    assert values(5) == values(5)
    assert values(5) != values(6)


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_smallest_first_and_whole_numbers_before_reals(step, check: Check):
    cases = check.drawn(3)
    order = [(case.row.get("numbers", "integers"), case.size) for case in cases]
    assert order == sorted(order)
    for case in cases:
        for value in case.arguments.values():
            if isinstance(value, torch.Tensor) and case.row.get("numbers", "integers") == "integers":
                assert torch.equal(value, value.round())


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_numbers_are_distinct_and_sums_of_products_exact(step, check: Check):
    for case in itertools.chain.from_iterable(check.drawn(seed) for seed in (2026, 3, 7)):
        if case.row.get("numbers") == "zeros":
            continue
        # The weights of a layer that is like a convolution are the same numbers over and over; moves are small steps.
        spared = {"fully_connected": "weight", "network": "labels"}.get(step, "offset")
        tensors = {name: value for name, value in case.arguments.items() if isinstance(value, torch.Tensor)}
        tensors.pop(spared, None)
        for tensor in tensors.values():
            assert tensor.unique().numel() == tensor.numel() or not tensor.any()
        if "kernel" in case.arguments and case.row.get("numbers") == "integers" and "input" in case.arguments:
            kernel = case.arguments["kernel"]
            largest = kernel.abs().max() * case.arguments["input"].abs().max()
            terms = kernel[0].numel() if kernel.dim() == 4 else kernel.numel()
            assert largest * terms < 2**24


def rows(step: str, name: str, seed: int = 2026) -> list[Case]:
    (check,) = (check for check in load_suite(step).checks if check.id == name)
    return list(check.drawn(seed))


def test_strides_and_paddings_meet_with_every_shape():
    cases = rows("conv2d", "together")
    assert {(case.row["stride"], case.row["padding"]) for case in cases} == set(itertools.product((1, 2, 3), (0, 1, 2)))
    shapes = set(itertools.product(("tall", "wide", "square"), repeat=2))
    assert {(case.row["input_shape"], case.row["kernel_shape"]) for case in cases} == shapes


def test_batch_channels_and_filters_differ():
    for seed in range(20):
        for case in (case for case in rows("full", "together", seed) if "counts" not in case.row):
            (n, c), f = case.arguments["input"].shape[:2], case.arguments["kernel"].shape[0]
            many = [count for count in (n, c, f) if count > 1]
            assert len(set(many)) == len(many)


def test_a_dilated_kernel_may_just_fit():
    sizes = [(case.arguments["input"].shape[2:], case.row["dilation"]) for case in rows("dilation_groups", "dilation")]
    assert ((7, 7), 3) in sizes


def test_groups_that_must_be_refused_do_not_divide():
    for case in rows("dilation_groups", "divides"):
        channels, (filters, group_channels), groups = (
            case.arguments["input"].shape[1],
            case.arguments["kernel"].shape[:2],
            case.arguments["groups"],
        )
        assert channels % groups or filters % groups
        assert group_channels == max(1, channels // groups)


def test_pooling_pads_negative_images_by_at_most_half_the_window():
    cases = rows("pooling", "max_padding")
    assert any(bool((case.arguments["X"] < 0).all()) for case in cases)
    assert all(case.arguments["padding"] * 2 <= case.arguments["pool_size"] for case in cases)


def test_the_region_matrix_is_like_no_other_operand():
    for case in rows("flatten", "product"):
        outputs, weights = case.expected.numel(), case.arguments["kernel"].numel()
        pixels = case.arguments["input"].numel()
        assert len({1, outputs, weights, pixels}) == 4
        assert case.expected.shape[0] not in (1, outputs, pixels)


def test_a_result_that_is_not_the_adjoint_is_wrong():
    case = rows("transposed", "adjoint")[0]
    image = torch.arange(1.0, case.expected.numel() + 1).reshape(case.expected.shape)
    traits = (Traits("float32", False),)
    adjoint(Answer(case.expected, traits), case, image)
    with pytest.raises(Wrong, match=r"Expected sum\(x \* result\) to equal sum\(conv\(x\) \* input\)"):
        adjoint(Answer(case.expected.flip(0, 1), traits), case, image)


def test_a_matrix_that_does_not_convolve_is_wrong():
    case = rows("kernel_matrix", "product")[0]
    image, kernel = torch.arange(1.0, 100).resize_(*case.arguments["input_size"]), case.arguments["kernel"]
    convolves(case.expected, kernel, image)
    with pytest.raises(Wrong, match="Times a flattened image"):
        convolves(case.expected.flip(1), kernel, image)


@pytest.mark.parametrize(
    ("products", "words"),
    [
        ((), r"the call made none"),
        (
            ([[9], [9]],) * 16,
            r"made 16 matrix products: \(9\) times \(9\) \(16 times\). One was expected, the region matrix \(16, 9\)",
        ),
        (([[4, 9], [9, 1]],), r"the call multiplied \(4, 9\) times \(9, 1\)"),
        (([[16, 9], [9, 2]],), r"the call multiplied"),
        (("garbage",), r"the call made none"),
        (([1, "x"],), r"the call multiplied"),
    ],
)
def test_other_products_are_listed(products, words):
    with pytest.raises(Wrong, match=words):
        makes_one_product(Answer(None, products=products), outputs=16, weights=9)
