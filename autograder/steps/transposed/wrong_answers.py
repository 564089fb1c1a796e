"""Wrong answers to transposed: the product with the transposed kernel matrix, and the turned kernel on a padded input.

Those to the third function, the kernel matrix, are the mistakes of the step before.
"""

# ruff: noqa: F821  (get_kernel_matrix is in a cell of the learner's)

import torch
import torch.nn.functional as F

from autograder.steps.kernel_matrix import wrong_answers
from autograder.suite.known_answers import shared, wrong

MATRIX = "matrix_multiplication_for_conv_transpose2d"
PADDING = "conv_transpose2d_by_padding"
# A wrong helper fails its own check only: the product is then tried with a right one in its place.
AS_IN_KERNEL_MATRIX = shared(
    "transposed",
    "get_kernel_matrix",
    wrong_answers.size_of_a_global_input,
    wrong_answers.row_number_is_i_plus_j,
    wrong_answers.rows_and_columns_exchanged_in_pad,
    wrong_answers.rows_and_columns_exchanged_in_pad_into_zeros,
    wrong_answers.kernel_flipped,
    wrong_answers.kernel_height_for_its_width,
    wrong_answers.square_kernels_only,
    wrong_answers.return_inside_the_loop,
    wrong_answers.one_position_too_few,
    wrong_answers.nothing_is_returned,
    wrong_answers.all_rows_are_the_same_sheet,
    wrong_answers.square_inputs_only,
    fails="helper",
)


def turned_kernel_slides(padded, turned):
    kh, kw = turned.shape
    windows = padded.unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,kl->ij", windows, turned)


SLIDES = (turned_kernel_slides,)


@wrong(
    MATRIX,
    fails="matrix",
    hint="Is the result larger or smaller than the input? Compare with what the step asks for.",
)
def convolves_instead(input, kernel):
    """the input was convolved: it was multiplied by the kernel matrix itself, not by its transpose."""
    matrix = get_kernel_matrix(kernel, input.shape)
    return (matrix @ input.reshape(-1, 1)).reshape(input.shape[0] - kernel.shape[0] + 1, -1)


@wrong(
    MATRIX,
    fails="matrix",
    hint="The shape fits, but compute one corner by hand: which number of the kernel belongs there?",
)
def convolves_the_padded_input(input, kernel):
    """the kernel lies turned by 180° on the result, as when the padded input is just convolved."""
    kh, kw = kernel.shape
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))
    size = (input.shape[0] + kh - 1, input.shape[1] + kw - 1)
    return (get_kernel_matrix(kernel, padded.shape) @ padded.reshape(-1, 1)).reshape(size)


@wrong(
    MATRIX,
    fails="matrix",
    hint="Which convolution is to be undone in shape: one that starts at the small image, or one that ends there?",
)
def matrix_for_the_size_of_the_input(input, kernel):
    """the kernel matrix was built for the size of the input, not for the size of the result."""
    return (get_kernel_matrix(kernel, input.shape).T @ input.reshape(-1, 1)).reshape(
        input.shape[0] + kernel.shape[0] - 1, -1
    )


@wrong(
    MATRIX,
    fails="matrix",
    hint="Put a 3 x 3 kernel on a row of 4: at how many places does it fit, and how many would that be for a row of 5?",
)
def size_one_too_large(input, kernel):
    """the result was made as large as input and kernel together, without the 1 that they share."""
    size = (input.shape[0] + kernel.shape[0], input.shape[1] + kernel.shape[1])
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size)


@wrong(
    MATRIX,
    fails="matrix",
    hint="The transpose brings the shape back. Does it bring the values back, too? Try it with a 1 x 1 kernel of 2.",
)
def inverse_instead_of_transpose(input, kernel):
    """the kernel matrix was inverted, as if the convolution were to be undone, instead of transposed."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    inverse = torch.linalg.pinv(get_kernel_matrix(kernel, size).double())
    return (inverse @ input.double().reshape(-1, 1)).float().reshape(size)


@wrong(
    MATRIX,
    fails="matrix",
    hint="The shape fits, but compute one corner by hand: which number of the kernel belongs there?",
    alias="convolves_the_padded_input",
)
def kernel_turned_for_the_matrix_as_well(input, kernel):
    """the kernel lies turned by 180° on the result: it was turned, and the matrix transposed besides."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel.flip(0, 1), size).T @ input.reshape(-1, 1)).reshape(size)


@wrong(MATRIX, fails="matrix", hint="Look at the shape of what you return: is it an image yet?")
def left_as_a_column(input, kernel):
    """the product was returned as the column that it is, not folded back into an image."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)


@wrong(
    MATRIX,
    fails="matrix",
    hint="In which order do the rows of the kernel matrix go over the image: along its rows or down its columns?",
)
def input_flattened_by_columns(input, kernel):
    """the input was flattened column by column, while the kernel matrix counts row by row."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.T.reshape(-1, 1)).reshape(size)


@wrong(
    MATRIX,
    fails="matrix",
    hint="Which kind of numbers does the result hold, and what happens to 0.5 in it?",
)
def whole_numbers_only(input, kernel):
    """the result was turned into whole numbers, which cut off every fraction."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size).long()


@wrong(
    MATRIX,
    fails="matrix_rectangles",
    hint="Try a kernel with 1 row and 3 columns: by how much may the result be taller than the input?",
)
def kernel_width_in_the_height(input, kernel):
    """the kernel's width was added to the input's height, and its height to the width."""
    size = (input.shape[0] + kernel.shape[1] - 1, input.shape[1] + kernel.shape[0] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size)


@wrong(
    MATRIX,
    fails="matrix_rectangles",
    hint="Try an input and a kernel of one row each. Without a number, squeeze takes away every axis of length 1.",
)
def axis_of_length_1_squeezed(input, kernel):
    """the result lost an axis, for it has only one row or only one column."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size).squeeze()


@wrong(
    MATRIX,
    fails="matrix_rectangles",
    hint="Try an input that is much wider than tall, and look at the shape of the result.",
)
def folded_back_with_height_and_width_exchanged(input, kernel):
    """the product was folded back into an image with height and width exchanged."""
    h, w = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, (h, w)).T @ input.reshape(-1, 1)).reshape(w, h)


@wrong(
    MATRIX,
    fails="arguments",
    hint="Call it with input.T. Which of reshape and view takes a tensor that does not lie in one piece?",
)
def contiguous_input_only(input, kernel):
    """the input was flattened in a way that only works where it lies in memory row by row."""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.view(-1, 1)).reshape(size)


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Compute one corner of the result by hand: which number of the kernel falls on the input there?",
)
def kernel_not_turned(input, kernel):
    """the kernel slid over the padded input as it is, not turned by 180°."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel)


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Turn a sheet of paper by 180° on the table: which of its edges change places?",
)
def kernel_upside_down_only(input, kernel):
    """the kernel was put upside down, but its left and right were left where they are."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(0))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Turn a sheet of paper by 180° on the table: which of its edges change places?",
)
def kernel_mirrored_only(input, kernel):
    """left and right of the kernel were exchanged, but its top and bottom were left where they are."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(1))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="The word transposed is about the kernel matrix. What does it mean for the kernel itself?",
)
def kernel_transposed(input, kernel):
    """the kernel's rows and columns were exchanged; it was not turned by 180°."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.T)


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Print what becomes of a kernel that holds 1, 2, 3, 4. Where should the 1 be after half a turn?",
)
def kernel_turned_by_a_quarter(input, kernel):
    """the kernel was turned by 90°, not by 180°."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), torch.rot90(kernel))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Which of the two is to be turned? Where does the input's first number end up in the result?",
)
def input_turned_as_well(input, kernel):
    """the input was turned by 180° along with the kernel."""
    kh, kw = kernel.shape
    padded = F.pad(input.flip(0, 1), (kw - 1, kw - 1, kh - 1, kh - 1))
    return turned_kernel_slides(padded, kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="At the first place the kernel should still touch the input. How far may it stand out, at most?",
)
def padded_by_the_whole_kernel(input, kernel):
    """the input was padded by the whole height and width of the kernel, one more than it needs on each side."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kw, kw, kh, kh)), kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="How large must the padded input be for the result to have h + KH - 1 rows?",
)
def padded_by_half_the_kernel(input, kernel):
    """the input was padded by half the kernel, which keeps its size, instead of by what makes it grow."""
    kh, kw = kernel.shape
    padded = F.pad(input, (kw // 2, (kw - 1) // 2, kh // 2, (kh - 1) // 2))
    return turned_kernel_slides(padded, kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Draw the padded input. On how many of its sides must the kernel be able to stand out?",
)
def padded_at_the_end_only(input, kernel):
    """all the padding was put below and to the right of the input, none of it above and to the left."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (0, 2 * kw - 2, 0, 2 * kh - 2)), kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    hint="Where two copies of the kernel overlap, what should become of both their numbers?",
)
def copies_overwrite_each_other(input, kernel):
    """each input's copy of the kernel overwrote the ones before it where they overlap, instead of being added."""
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros(h + kh - 1, w + kw - 1)
    for i in range(h):
        for j in range(w):
            output[i : i + kh, j : j + kw] = input[i, j] * kernel
    return output


@wrong(
    PADDING,
    fails="padding_rectangles",
    helpers=SLIDES,
    hint="In the padding of F.pad, which axis do the first two numbers belong to?",
)
def height_and_width_of_the_padding_exchanged(input, kernel):
    """the padding for the height went to the width, and the other way round."""
    kh, kw = kernel.shape
    return turned_kernel_slides(F.pad(input, (kh - 1, kh - 1, kw - 1, kw - 1)), kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding_rectangles",
    hint="Try an input with 2 rows and 4 columns. How far do both of your loops go?",
)
def output_made_square(input, kernel):
    """the result was made as wide as it is tall, whatever the width of the input."""
    (h, _), (kh, kw) = input.shape, kernel.shape
    side = h + kh - 1
    padded, turned = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(0, 1)
    output = torch.zeros(side, side)
    for i in range(side):
        for j in range(side):
            output[i, j] = (padded[i : i + kh, j : j + kw] * turned).sum()
    return output


@wrong(
    PADDING,
    fails="arguments",
    helpers=SLIDES,
    hint="Look at the input's shape after the call. What does an underscore at the end of a method's name mean?",
)
def input_resized_in_place(input, kernel):
    """an axis was added to the caller's own input, in place."""
    kh, kw = kernel.shape
    input.unsqueeze_(0)
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))[0], kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="arguments",
    helpers=SLIDES,
    hint="Print the kernel before and after the call. Does copy_ work on a copy?",
)
def kernel_turned_in_place(input, kernel):
    """the caller's own kernel was turned, not a copy of it."""
    kh, kw = kernel.shape
    kernel.copy_(kernel.flip(0, 1))
    return turned_kernel_slides(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel)


@wrong(
    PADDING,
    fails="padding",
    helpers=SLIDES,
    hint="Which slice do you lay the input into where the kernel has one row? Print it.",
)
def empty_slice_for_a_kernel_of_one_row(input, kernel):
    """the input was laid into zeros by a slice that ends at -(KH - 1), which is empty for a kernel of one row."""
    (h, w), (kh, kw) = input.shape, kernel.shape
    padded = torch.zeros(h + 2 * (kh - 1), w + 2 * (kw - 1))
    padded[kh - 1 : -(kh - 1), kw - 1 : -(kw - 1)] = input
    return turned_kernel_slides(padded, kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    hint="How often do your loops turn before the function ends? Look at the indentation of return.",
)
def return_inside_the_loop(input, kernel):
    """the return stands inside the loop, so that only the first output was computed."""
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros(h + kh - 1, w + kw - 1)
    output[0, 0] = input[0, 0] * kernel[0, 0]
    return output


@wrong(
    PADDING,
    fails="padding_rectangles",
    helpers=SLIDES,
    hint="Try a kernel of 1 × 3. How many columns of zeros does it need on each side, and how many rows?",
)
def padded_alike_on_all_sides(input, kernel):
    """all four sides of the input were padded by the kernel's height less 1."""
    return turned_kernel_slides(F.pad(input, [kernel.shape[0] - 1] * 4), kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="arguments",
    hint="Try input.T of an input of yours and a kernel of 1 × 1. Compare .stride() with what you assume.",
)
def strides_of_a_contiguous_input(input, kernel):
    """the strides were worked out from the shape, which holds only where the numbers lie side by side."""
    kh, kw = kernel.shape
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))
    h, w = padded.shape
    windows = padded.as_strided((h - kh + 1, w - kw + 1, kh, kw), (w, 1, w, 1))
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1))


@wrong(
    PADDING,
    fails="padding",
    library=True,
    hint="Write the padding and the loop yourself: the library function is what you are to rebuild.",
)
def library_transposed_convolution(input, kernel):
    """the library's own transposed convolution was called."""
    return F.conv_transpose2d(input[None, None], kernel[None, None])[0, 0]
