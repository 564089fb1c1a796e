"""The hidden suites: right answers keep every point, each mistake loses just its own check, and the cases are sound."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.key import Key
from autograder.notebooks.read import Cell, Submission, read
from autograder.report.report import Outcome, Report
from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.worker.values import Traits
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check
from autograder.suite.compare import adjoint, convolves
from autograder.suite.known_answers import misconceptions, styles
from autograder.suite.load import load_suite
from autograder.suite.products import one_product

SEEDS = (2026, 7)
STEPS = tuple(assignment.id for assignment in course.load(Path(__file__).resolve().parents[2]).assignments)
# The mistakes that learners are known to make, and a wrong answer or two that make each.
MISTAKES = {
    "a region's row in the matrix is row + column, not a running number": "row_number_is_i_plus_j",
    "rows and columns exchanged in F.pad's tuple": "rows_and_columns_exchanged_in_pad",
    "height and width mixed: right on squares only": "width_from_the_height squares_only",
    "the size comes from a global variable, not from the argument": "size_of_a_global_input",
    "the bias added once for each input channel": "bias_for_each_channel",
    "a bias that is left out or None breaks the call": "bias_must_be_a_tensor bias_none_forgotten",
    "a padding tuple with too few entries": "padding_left_and_right_only",
    "padding that reaches channels or the batch": "channels_padded_too batch_padded_too",
    "output size without the stride, or rounded up": "size_without_the_stride size_rounded_up",
    "stride on one axis only": "stride_moves_down_only stride_moves_right_only",
    "only the last input channel counts": "last_channel_only",
    "dilation in the size but not in the slice, or a span off by one": "dilation_in_the_size_only span_one_too_long",
    "groups: the input channel counted from the group's own beginning": "channel_not_offset_by_the_group",
    "groups: the bias counted from the group's own beginning": "bias_counted_inside_the_group",
    "the kernel flipped": "kernel_flipped",
    "pooling: zeros as padding for the maximum": "zeros_around_the_maximum",
    "pooling: padding left out of the mean, stride 1 for None": "padding_left_out_of_the_mean stride_1_for_none",
    "transposed convolution by convolving, or with a kernel that is not turned": "convolves_instead kernel_not_turned",
    "the library function that the step is about": "library_convolution",
    "in place": "axes_added_in_place input_overwritten_at_the_end",
    "whole numbers, axes squeezed": "whole_numbers_only axes_of_length_1_squeezed",
    "right for the plainest call only": "contiguous_kernel_only first_image_only",
}
CHECKS = [(step, check) for step in STEPS for check in load_suite(step).checks]
NAMES = [f"{step}-{check.id}" for step, check in CHECKS]


@pytest.fixture(scope="module")
def grade(the_course: Course) -> Iterator[Callable[..., list[Report]]]:
    """Grades submissions under a seed; failures are not explained, which would take most of the time."""
    limits = the_course.limits.model_copy(update={"explain_calls": 0})

    def run(submissions: list[Submission], seed: int = SEEDS[0]) -> list[Report]:
        return judge.grade(the_course.under(Key(str(seed))), submissions, sandbox)

    with Sandbox(limits) as sandbox:
        yield run


def told(report: Report) -> str:
    return "\n".join(f"{check.outcome} {check.id}: {check.message}" for check in report.checks)


def failed(report: Report) -> set[str]:
    return {check.id for check in report.checks if check.outcome is Outcome.FAILED}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", STEPS)
def test_right_answers_keep_every_point(grade, step, seed):
    answers = styles(step)
    assert len(answers) >= 4
    for report in grade([answer.submission for answer in answers], seed):
        assert report.score == report.max_score == 10, f"{report.submission}\n{told(report)}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", STEPS)
def test_a_mistake_fails_its_own_check_and_no_other(grade, step, seed):
    answers = [answer for answer in misconceptions(step) if not answer.library]
    for answer, report in zip(answers, grade([answer.submission for answer in answers], seed), strict=True):
        failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
        assert failed == set(answer.checks), f"{answer.name}\n{told(report)}"
        assert not report.has_error, f"{answer.name}\n{told(report)}"


@pytest.mark.parametrize("step", STEPS)
def test_the_library_function_earns_nothing_for_its_check(grade, step):
    answers = [answer for answer in misconceptions(step) if answer.library]
    for answer, report in zip(answers, grade([answer.submission for answer in answers]), strict=True):
        failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
        assert failed >= set(answer.checks), f"{answer.name}\n{told(report)}"


@pytest.mark.parametrize("seed", SEEDS)
def test_master_notebooks_keep_every_point(grade, the_course, seed):
    for report in grade([read(the_course.master(step), step) for step in STEPS], seed):
        assert report.score == 10, f"{report.assignment}\n{told(report)}"


def test_every_known_mistake_has_a_wrong_answer():
    names = {answer.name for step in STEPS for answer in misconceptions(step)}
    assert {name for examples in MISTAKES.values() for name in examples.split()} <= names


@pytest.mark.parametrize("step", STEPS)
def test_every_check_has_a_mistake_that_only_it_finds(step):
    alone = {answer.checks for answer in misconceptions(step) if not answer.library}
    # A matrix of a wrong shape fails its size too; what two checks before have found right is the adjoint.
    spared = {"shape", "adjoint"}
    needed = {checks[0] for checks in alone if len(checks) == 1}
    assert {check.id for check in load_suite(step).checks} - needed <= spared


@pytest.mark.parametrize("error", ["NotImplementedError", "ValueError", "AssertionError"])
def test_functions_that_only_raise_earn_nothing(grade, error):
    stubs = [raising(step, error) for step in STEPS]
    for report in grade(stubs):
        assert report.score == 0, told(report)
        assert {check.outcome for check in report.checks} <= {Outcome.FAILED, Outcome.SKIPPED}
        words = "is not implemented yet" if error == "NotImplementedError" else f"raised {error}"
        assert all(words in check.message for check in report.checks if check.outcome is Outcome.FAILED), told(report)


def raising(step: str, error: str) -> Submission:
    functions = load_suite(step).functions
    source = "\n".join(f"def {name}(*args, **options):\n    raise {error}" for name in functions)
    return Submission(step, error, (Cell("cell 1", source),))


@pytest.mark.parametrize("step", STEPS)
def test_points_add_up_to_ten(step):
    assert sum(check.points for check in load_suite(step).checks) == 10


@pytest.mark.parametrize(("step", "check"), CHECKS, ids=NAMES)
def test_every_pair_of_options_meets(step, check: Check):
    for space in check.spaces:
        rows = [case.row for case in space.drawn(1, check.id)]
        for first, second in itertools.combinations(space.axes, 2):
            for pair in itertools.product(space.axes[first], space.axes[second]):
                met = any((row[first], row[second]) == pair for row in rows)
                assert met or not can_meet(space, {first: pair[0], second: pair[1]}), (first, second, pair)


def can_meet(space: Space, wanted: dict[str, Any]) -> bool:
    """False where `fits` allows no row with these values. It looks at groups and channels only."""
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
        # The weights of a layer that is like a convolution are the same numbers over and over; moves are small steps,
        # and images share a class.
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
def test_other_products_are_told(products, words):
    with pytest.raises(Wrong, match=words):
        one_product(Answer(None, products=products), outputs=16, weights=9)
