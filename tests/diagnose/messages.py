"""Strangers whose check's own message tells the cause, found by hand: words of the message that tell it.

A message tells the cause if it says what the docstring says, or if it quotes the line that has to change. Messages of
the kind “expected 4, got 6” tell no cause, and neither do errors that are raised far from it.
"""

import re

CHANGED = r"The argument \w+ was changed by the call"
CONTIGUOUS = r"Use \.reshape\(\.\.\.\) instead\. \(cell \d+, line \d+: "
AN_INT = r"\(an int\), got (the number \d+\.0|a value of type numpy)"

IN_PLACE = (
    "conv2d/remainder_set_to_zero_in_the_image",
    "flatten/kernel_made_a_column_in_place",
    "flatten/bias_tensor_scaled_in_place",
    "full/one_channel_kernel_squeezed_in_place",
    "kernel_matrix/one_row_kernel_squeezed_in_place",
    "dilation_groups/bias_cut_into_groups_in_place",
    "pooling/results_written_into_the_image",
    "unfold/bias_keeps_a_new_axis",
    "fully_connected/input_keeps_two_new_axes",
    "conv1d/bias_keeps_a_new_axis",
    "conv1d/input_squeezed_too_far",
    "separable/one_by_one_kernels_scale_the_image_itself",
    "separable/kernel_keeps_two_axes_only",
    "network/callers_images_cut_off",
    "network/biases_step_in_place",
    "gradient/spread_in_place",
    "large_kernel/input_keeps_a_new_axis",
)
VIEWS = (
    "full/permuted_view_refused",
    "unfold/kernel_must_be_contiguous",
    "gradient/output_gradient_must_be_contiguous",
    "deformable/image_must_be_contiguous",
)
NO_INT = ("api/a_float_with_groups", "separable/a_float_for_square_kernels", "separable/a_number_of_numpy")
TELLING = {
    **dict.fromkeys(IN_PLACE, CHANGED),
    **dict.fromkeys(VIEWS, CONTIGUOUS),
    **dict.fromkeys(NO_INT, AN_INT),
    "flatten/one_small_product_a_region_in_a_batch": r"the call multiplied \(\d+, 1, \d+\) times \(\d+, \d+, 1\)",
    "transposed/line_length_is_the_height": r"\* H \+ \(c \+ j\)\] = kernel",
    "dilation_groups/error_returned_instead_of_raised": "but the call returned a value of type ValueError",
    "dilation_groups/too_many_groups_reduced": "to be raised, but the call returned a tensor",
    "pooling/none_is_returned_for_an_unknown_mode": "to be raised, but the call returned None",
    "pooling/unknown_mode_raises_key_error": "raised KeyError",
    "api/bias_added_along_the_width": r"line \d+: return output if bias is None else output \+ bias\)",
    "unfold/bias_added_along_the_positions": r"line \d+: output = output \+ bias\)",
    "network/bias_asked_for_its_truth": r"line \d+: return slid\(input, kernel, bias if bias else None",
    "network/whole_windows_only": r"line \d+: return input\.reshape\(count, channels, high // size",
    "network/values_and_places": "got a tuple of 2 items",
    "network/loss_returned_too": "got a tuple of 7 items",
    "network/weight_transposed_in_place": r"line \d+: return input @ weight\.t_\(\)",
    "network/remainder_struck_out_in_place": "modified by an inplace operation",
}
# The same for a changed answer that has lost its `return`.
NO_RETURN = "got None. Is the return statement missing?"


def tells_the_cause(name: str, cause: str, message: str) -> bool:
    """Return whether a message tells the cause of an answer."""
    if cause.startswith("“return ") and cause.endswith(" is gone"):
        return NO_RETURN in message
    return name in TELLING and re.search(TELLING[name], message) is not None
