"""Wrong answers to flatten. Its contract is conv2d's, so most of conv2d's mistakes are made here too."""

import torch
import torch.nn.functional as F

from autograder.steps.conv2d import wrong_answers
from autograder.suite.known_answers import shared, wrong

NAME = "matrix_multiplication_for_conv2d_flatten"

AS_IN_CONV2D = shared(
    "flatten",
    NAME,
    wrong_answers.row_number_is_i_plus_j,
    wrong_answers.kernel_flipped,
    wrong_answers.whole_numbers_only,
    wrong_answers.return_inside_the_loop,
    wrong_answers.nothing_is_returned,
    wrong_answers.one_window_too_few,
    wrong_answers.global_input,
    wrong_answers.result_requires_grad,
    wrong_answers.mean_for_the_sum,
    wrong_answers.empty_slice_without_padding,
    wrong_answers.divided_into_fractions,
    wrong_answers.square_kernels_only,
    wrong_answers.stride_ignored,
    wrong_answers.stride_moves_down_only,
    wrong_answers.size_without_the_stride,
    wrong_answers.size_rounded_up,
    wrong_answers.padding_ignored,
    wrong_answers.padding_ignored_in_loops,
    wrong_answers.padding_left_and_right_only_in_loops,
    wrong_answers.padding_left_and_right_only,
    wrong_answers.padding_at_the_end_only,
    wrong_answers.padding_counted_once_in_the_size,
    wrong_answers.bias_ignored,
    wrong_answers.bias_must_be_a_tensor,
    wrong_answers.bias_must_be_a_number,
    wrong_answers.stride_comes_before_the_padding,
    wrong_answers.contiguous_kernel_only,
    wrong_answers.input_overwritten_at_the_end,
    wrong_answers.bias_added_up_in_place,
)


@wrong(NAME, fails="slides", hint="Which shape has the product of the two matrices, and which should be returned?")
def column_not_folded_back(input, kernel, bias=0, stride=1, padding=0):
    """the result is still one long column."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return windows.reshape(-1, kernel.numel()) @ kernel.reshape(-1, 1) + bias


@wrong(NAME, fails="rectangles", hint="Try an input that is wider than tall and print the shape of your result.")
def folded_back_with_height_and_width_exchanged(input, kernel, bias=0, stride=1, padding=0):
    """the column was folded back with height and width exchanged."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return (windows.reshape(oh * ow, -1) @ kernel.reshape(-1, 1)).reshape(ow, oh) + bias


@wrong(
    NAME,
    fails="rectangles",
    hint="Number the windows of an output with 2 rows and 3 columns by your formula. Does any number come twice?",
)
def row_number_counts_by_the_height(input, kernel, bias=0, stride=1, padding=0):
    """the row number counts by the output's height where it should count by its width."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i * oh + j] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].flatten()
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(
    NAME, fails="stride", hint="For stride 2, where does the second window begin? Print the rows of your region matrix."
)
def row_number_without_the_stride(input, kernel, bias=0, stride=1, padding=0):
    """the windows begin at their number, not at their number times the stride."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i * ow + j] = image[i : i + kh, j : j + kw].flatten()
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="bias", hint="Try a kernel of zeros and a bias of 1. Which number should every output be?")
def bias_added_to_each_region_element(input, kernel, bias=0, stride=1, padding=0):
    """the bias was added to the regions, before the product."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows + bias, kernel, dims=2)


@wrong(
    NAME,
    fails="arguments",
    hint="Which names in torch end with an underscore, and what does that mean for the tensor they are called on?",
)
def kernel_resized_in_place(input, kernel, bias=0, stride=1, padding=0):
    """the caller's kernel was reshaped itself."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    column = kernel.contiguous().resize_(kernel.numel(), 1)
    return (windows.reshape(oh * ow, -1) @ column).reshape(oh, ow) + bias


@wrong(
    NAME,
    fails="product",
    hint="What do the rows of the region matrix have in common that lets one product treat them all?",
)
def dot_for_each_position(input, kernel, bias=0, stride=1, padding=0):
    """there is one small product for every output."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            window = image[i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[i, j] = torch.dot(window.flatten(), kernel.flatten())
    return output + bias


@wrong(
    NAME, fails="product", hint="How many rows would the region matrix have if it held the windows of all output rows?"
)
def one_product_for_each_output_row(input, kernel, bias=0, stride=1, padding=0):
    """there is one product for every row of the output."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    rows = [windows[i].reshape(windows.shape[1], -1) @ kernel.flatten() for i in range(windows.shape[0])]
    return torch.stack(rows) + bias


@wrong(NAME, fails="product", hint="Which operation of torch multiplies and adds up in one go?")
def times_and_sum(input, kernel, bias=0, stride=1, padding=0):
    """no matrix product of torch was made: the sums were formed in another way."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel).sum((2, 3)) + bias


@wrong(NAME, fails="product", alias="times_and_sum", hint="Which operation of torch multiplies and adds up in one go?")
def product_by_numpy(input, kernel, bias=0, stride=1, padding=0):
    """no matrix product of torch was made: the sums were formed in another way."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    product = windows.reshape(oh * ow, -1).numpy() @ kernel.reshape(-1, 1).numpy()
    return torch.from_numpy(product).reshape(oh, ow) + bias


@wrong(
    NAME, fails="product", hint="Which of the two is written out several times in this step: the kernel, or the image?"
)
def kernel_matrix_times_image(input, kernel, bias=0, stride=1, padding=0):
    """the kernel was spread into a large matrix, in place of the regions."""
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = image.shape, kernel.shape
    rows = [
        F.pad(kernel, (left, w - kw - left, top, h - kh - top)).flatten()
        for top in range(0, h - kh + 1, stride)
        for left in range(0, w - kw + 1, stride)
    ]
    return (torch.stack(rows) @ image.reshape(-1, 1)).reshape((h - kh) // stride + 1, -1) + bias


@wrong(
    NAME,
    fails="slides",
    hint="Print the region matrix of a small image. Does each of its rows hold one window of the image?",
)
def regions_in_columns_read_as_rows(input, kernel, bias=0, stride=1, padding=0):
    """the windows were laid into the columns of the region matrix, and it was then only reshaped."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    columns = windows.reshape(oh * ow, -1).T
    return (columns.reshape(oh * ow, -1) @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(
    NAME,
    fails="slides",
    hint="Write down the region matrix's first row and the kernel column on paper. Do their entries belong together?",
)
def kernel_flattened_down_its_columns(input, kernel, bias=0, stride=1, padding=0):
    """the regions were flattened row by row, and the kernel column by column."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return (windows.reshape(oh * ow, -1) @ kernel.T.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(
    NAME, fails="slides", library=True, hint="This step is about what F.unfold does inside: which loop fills its rows?"
)
def library_unfold(input, kernel, bias=0, stride=1, padding=0):
    """the library cuts out the regions."""
    regions = F.unfold(input[None, None], tuple(kernel.shape), padding=padding, stride=stride)[0].T
    oh = (input.shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, -1) + bias
