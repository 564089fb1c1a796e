"""Wrong answers that are not in the bank: they lose points all the same, and none is given a cause that it has not."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from autograder.authoring import answers_proof
from autograder.report.report import Outcome
from autograder.suite.load import load_suite

STRANGERS = Path(__file__).parents[1] / "strangers" / "__main__.py"
STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
STEPS += ("api", "unfold", "fully_connected", "conv1d", "separable", "network")
STEPS += ("gradient", "large_kernel", "deformable")
# They turned out to be in the bank, written in another way; a person has read both and found them the same.
IN_THE_BANK = {
    "edges_repeated_as_padding": "padding-repeats-the-border",
    "mean_over_the_channels": "channels-averaged",
    "first_kernel_for_all": "first-filter-for-all",
    "nearly_zeros": "tiny-numbers-for-zeros",
    "sheets_not_flattened": "rows-not-flattened",
    "rows_repeated_by_one_place": "each-row-shifted-by-one-more",
    "inverse_for_the_transpose": "inverse-instead-of-transpose",
    "input_read_down_its_columns": "input-flattened-by-columns",
    "mirrored_left_to_right": "kernel-mirrored-only",
    "padded_behind_only": "padded-at-the-end-only",
    "input_turned_too": "input-turned-as-well",
    "outputs_of_the_groups_shuffled": "output-channels-interleaved",
    "stops_with_another_error": "another-error-for-wrong-groups",
    "stride_times_dilation": "dilation-taken-for-the-stride",
    "padding_times_dilation": "padding-times-the-dilation",
    "input_spread_instead": "image-spread-instead",
    "sum_for_the_mean": "sum-for-the-mean",
    "where_the_largest_stands": "place-of-the-maximum",
    "divided_by_the_height_squared": "mean-divides-by-the-height-squared",
    "windows_without_overlap": "image-moves-by-the-pool-size",
    "stride_pair_exchanged": "pair-of-the-stride-exchanged",
    "axes_of_length_one_lost": "axes-of-length-1-squeezed",
    "sizes_rounded_up": "size-rounded-up",
    "transposed_view_read_in_memory_order": "contiguous-input-only",
    "bias_gets_axes_in_place": "bias-reshaped-in-place",
    "permuted_kernel_refused": "contiguous-kernel-only",
    "rows_hold_the_turned_kernel": "kernel-flipped",
    "input_flattened_by_columns": "input-flattened-by-columns",
    "turned_for_the_matrix_too": "convolves-the-padded-input",
    "inverse_instead_of_transpose": "inverse-instead-of-transpose",
    "kernel_height_and_width_swapped": "kernel-width-in-the-height",
    "single_rows_squeezed_away": "axis-of-length-1-squeezed",
    "kernel_not_turned": "kernel-not-turned",
    "kernel_flipped_upside_down_only": "kernel-upside-down-only",
    "border_only_below_and_right": "padded-at-the-end-only",
    "argument_turned_in_place": "kernel-turned-in-place",
    "average_divides_by_the_height_squared": "mean-divides-by-the-height-squared",
    "maximum_starts_at_zero": "maximum-starts-at-zero",
    "moves_by_the_pool_size_at_once": "image-moves-by-the-pool-size",
    "every_other_mode_is_average": "image-mode-not-checked",
    "mode_found_inside_a_string": "image-mode-may-be-a-part-of-a-name",
    "default_stride_is_one": "stride-1-for-none",
    "default_stride_is_the_height": "stride-from-the-height-of-the-window",
    "stride_pair_swapped": "pair-of-the-stride-exchanged",
    "padding_pair_swapped": "pair-of-the-padding-exchanged",
    "zeros_round_the_maximum": "zeros-around-the-maximum",
    "minus_infinity_round_the_average": "minus-infinity-around-the-mean",
    "padding_not_counted_in_the_average": "padding-left-out-of-the-mean",
    "zeros_of_the_image_taken_for_border": "every-zero-taken-for-padding",
    "first_image_for_the_whole_batch": "first-image-for-all",
    "average_divides_the_argument": "batch-divided-for-the-mean",
    "capital_letters_accepted": "batch-mode-in-any-case",
    "any_other_mode_is_average_in_full": "batch-mode-not-checked",
    "padding_grows_with_the_dilation": "padding-times-the-dilation",
    "spread_width_counted_with_the_height": "gaps-counted-by-the-height",
    "tolerance_grows_with_the_numbers": "relative-tolerance-on-top",
    "difference_must_be_below_the_tolerance": "tolerance-itself-is-too-much",
    "far_weights_add_up_to_zero": "far-weights-cancel-out",
    "tiny_weights_count_as_zero": "nearly-zero-is-enough",
    "neighbourhood_is_a_disc": "as-the-crow-flies",
    "tiny_outputs_set_to_zero": "small-outputs-set-to-zero",
    "padding_taken_off_the_offsets_in_place": "padding-taken-off-the-offsets",
    "windows_of_two_always": "two-by-two-whatever-the-size",
    "largest_of_all_channels": "largest-over-the-channels",
    "farthest_from_zero": "largest-by-size",
    "channels_flattened_last": "channels-last",
    "padded_for_three_by_three": "padding-always-one",
    "dense_layer_learns_only": "dense-layer-only",
    "squares_instead_of_entropy": "squared-error",
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """tests/strangers as a module."""
    spec = importlib.util.spec_from_file_location("strangers", STRANGERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_every_stranger_loses_points_under_every_seed(script, step):
    checks = load_suite(step).checks
    for seed in (1, 2, 2026):
        for known in script.strangers(step):
            assert any(answers_proof.fails(known, check, seed) for check in checks), (known.name, seed)


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_none_is_given_a_cause_that_it_has_not(script, step):
    graded = script.graded(step)
    text = script.PAGE.read_text(encoding="utf-8")
    for known, report in graded:
        named = {check.misconception for check in report.checks} - {None}
        assert named == {IN_THE_BANK[known.name]} if known.name in IN_THE_BANK else not named, known.name
        assert report.score < report.max_score and not report.has_error
        assert any(check.outcome is Outcome.FAILED for check in report.checks)
    assert sum(known.name not in IN_THE_BANK for known, _ in graded) >= 10
    assert script.table(step, graded) in text, "run `python tests/strangers`"
