"""Wrong answers to kernel_matrix: the convolution written out as a matrix."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "get_kernel_matrix"


@wrong(
    NAME,
    fails=("shape", "size"),
    hint="The matrix is to be multiplied by a flattened image, on its right. How many columns does it need?",
)
def transposed(kernel, input_size):
    """the matrix lies on its side: it was transposed."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]).T


@wrong(
    NAME,
    fails=("shape", "size"),
    before="input = torch.ones(3, 3)",
    hint="Restart the notebook, run only the cell of your function, and call it. Where does each name come from?",
)
def size_of_a_global_input(kernel, input_size):
    """the input's size comes from a variable of the notebook named input."""
    (kh, kw), (h, w) = kernel.shape, input.shape
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(
    NAME,
    fails=("shape", "size"),
    hint="Which two arguments does the function get? Where does every other name in it come from?",
)
def size_of_python_s_own_input(kernel, input_size):
    """the input's size is taken from a variable named input, which is not an argument of the function."""
    (kh, kw), (h, w) = kernel.shape, input.shape
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails="size", hint="Try [4, 4] in place of (4, 4). Which line of yours minds?")
def size_as_tuple_only(kernel, input_size):
    """the size works only where it is a tuple."""
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros((h - kh + 1, w - kw + 1) + input_size)  # noqa: RUF005  (it is the mistake)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            matrix[i, j, i : i + kh, j : j + kw] = kernel
    return matrix.reshape(-1, h * w)


@wrong(
    NAME,
    fails="rows",
    hint="On paper, number the positions of a 3×3 output. Does any number come twice, and how far do they count?",
)
def row_number_is_i_plus_j(kernel, input_size):
    """several positions went into the same row: its number was row plus column."""
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros((h - kh + 1) * (w - kw + 1), h * w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            matrix[i + j] = F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten()
    return matrix


@wrong(
    NAME,
    fails="rows",
    hint="With which axis does F.pad begin: the first or the last? Print one row, folded back to the input's size.",
)
def rows_and_columns_exchanged_in_pad(kernel, input_size):
    """rows and columns changed places in F.pad."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (i, h - kh - i, j, w - kw - j)).flatten() for i, j in positions])


@wrong(NAME, fails="rows", hint="Fold the first row back to the input's size. Which kernel element lies in the corner?")
def kernel_flipped(kernel, input_size):
    """the kernel was turned by 180° in every row."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    turned = kernel.flip(0, 1)
    return torch.stack([F.pad(turned, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(
    NAME, fails="rows", hint="Print the dtype of your matrix. Where did it come from, and what becomes of 2.5 in it?"
)
def whole_numbers_only(kernel, input_size):
    """the matrix holds whole numbers only."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]).long()


@wrong(
    NAME,
    fails="rectangles",
    hint="Try a 1×2 kernel. How many zeros are missing to the right of it, and how many below?",
)
def kernel_height_for_its_width(kernel, input_size):
    """the kernel's height and width changed places."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kh - j, i, h - kw - i)).flatten() for i, j in positions])


@wrong(
    NAME,
    fails="rectangles",
    hint="Number the positions of an output with 2 rows and 3 columns by your formula. Does any number come twice?",
)
def positions_down_first(kernel, input_size):
    """the row number counts by the output's height where it should count by its width."""
    (kh, kw), (h, w) = kernel.shape, input_size
    oh, ow = h - kh + 1, w - kw + 1
    matrix = torch.zeros(oh * ow, h * w)
    for i in range(oh):
        for j in range(ow):
            matrix[i * oh + j] = F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten()
    return matrix


@wrong(NAME, fails="zeros", hint="Which number exactly do you fill in around the kernel?")
def tiny_numbers_for_zeros(kernel, input_size):
    """very small numbers stand where zeros should be."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    sheets = [F.pad(kernel, (j, w - kw - j, i, h - kh - i), value=1e-8) for i, j in positions]
    return torch.stack([sheet.flatten() for sheet in sheets])


@wrong(
    NAME,
    fails="product",
    hint="Try kernel.T of a kernel of yours. Which of torch's ways to reshape works for any tensor?",
)
def contiguous_kernel_only(kernel, input_size):
    """the kernel was reshaped by view, which fails for a transposed kernel."""
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros(h - kh + 1, w - kw + 1, h, w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for a in range(kh):
                matrix[i, j, i + a, j : j + kw] = kernel.view(-1)[a * kw : (a + 1) * kw]
    return matrix.reshape(-1, h * w)


@wrong(
    NAME, fails=("shape", "size"), hint="At how many places does a kernel of 2 fit on a side of 3? Count them on paper."
)
def one_position_too_few(kernel, input_size):
    """the last positions, at the right and at the bottom, are missing."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh) for j in range(w - kw)]
    rows = [F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]
    return torch.stack(rows) if rows else torch.zeros(0, h * w)


@wrong(NAME, fails=("shape", "size"), hint="How many axes has a matrix, and how many has your result? Print its shape.")
def rows_not_flattened(kernel, input_size):
    """the rows are still images: they were not flattened."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)) for i, j in positions])


@wrong(NAME, fails=("shape", "size"), hint="Assign what the function gives you to a name, and print that. What is it?")
def nothing_is_returned(kernel, input_size):
    """the function returns nothing."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    rows = [F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]
    torch.stack(rows)


@wrong(NAME, fails="rows", hint="Fold the first row back to the input's size and print it. Is the kernel in one piece?")
def kernel_numbers_side_by_side(kernel, input_size):
    """the kernel was flattened before it was placed, so that its rows follow each other without a gap."""
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros(h - kh + 1, w - kw + 1, h * w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            matrix[i, j, i * w + j : i * w + j + kh * kw] = kernel.flatten()
    return matrix.flatten(0, 1)


@wrong(NAME, fails="rows", hint="Print the first row and the last one. How many numbers of each are not zero?")
def old_positions_left_in_the_sheet(kernel, input_size):
    """one sheet of zeros was used for all rows, and the kernel's earlier positions were left in it."""
    (kh, kw), (h, w) = kernel.shape, input_size
    sheet, rows = torch.zeros(h, w), []
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            sheet[i : i + kh, j : j + kw] = kernel
            rows.append(sheet.flatten().clone())
    return torch.stack(rows)


@wrong(NAME, fails="rows", hint="Do your rows lie in memory of their own? Print the first one after the loop as well.")
def all_rows_are_the_same_sheet(kernel, input_size):
    """all rows are one and the same sheet, and show its last state."""
    (kh, kw), (h, w) = kernel.shape, input_size
    sheet, rows = torch.zeros(h, w), []
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            sheet.zero_()
            sheet[i : i + kh, j : j + kw] = kernel
            rows.append(sheet.flatten())
    return torch.stack(rows)


@wrong(NAME, fails="rows", hint="What happens to the kernel when it has reached the right edge? Fold the rows back.")
def each_row_shifted_by_one_more(kernel, input_size):
    """every row is the one before, shifted by one place, also where the kernel should begin a new line."""
    (kh, kw), (h, w) = kernel.shape, input_size
    first = F.pad(kernel, (0, w - kw, 0, h - kh)).flatten()
    return torch.stack([torch.roll(first, row) for row in range((h - kh + 1) * (w - kw + 1))])


@wrong(NAME, fails="rows", hint="Which loop variable says how far down the kernel is, and where do you use it?")
def kernel_moves_right_only(kernel, input_size):
    """the kernel moves to the right, and never down."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(0, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails="rows", hint="Fold the first row back to the input's size, and lay it beside the kernel.")
def kernel_transposed(kernel, input_size):
    """rows and columns of the kernel were exchanged."""
    (kh, kw), (h, w) = kernel.T.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel.T, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(
    NAME, fails="rectangles", hint="In which order does input_size hold its two numbers? Try (2, 3) with a 1×1 kernel."
)
def height_and_width_of_the_input_exchanged(kernel, input_size):
    """the input's height and width changed places."""
    (kh, kw), (w, h) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails="rectangles", hint="Try the input size (2, 3). Which of its numbers does your code never read?")
def square_inputs_only(kernel, input_size):
    """the input was taken to be as wide as it is tall."""
    (kh, kw), h = kernel.shape, input_size[0]
    positions = [(i, j) for i in range(h - kh + 1) for j in range(h - kw + 1)]
    return torch.stack([F.pad(kernel, (j, h - kw - j, i, h - kh - i)).flatten() for i, j in positions])


# The same mistake once more: rows of another length can be stacked, but not laid into zeros.
@wrong(
    NAME,
    fails="rows",
    alias="rows_and_columns_exchanged_in_pad",
    hint="With which axis does F.pad begin: the first or the last? Print one row, folded back to the input's size.",
)
def rows_and_columns_exchanged_in_pad_into_zeros(kernel, input_size):
    """rows and columns changed places in F.pad."""
    (kh, kw), (h, w) = kernel.shape, input_size
    oh, ow = h - kh + 1, w - kw + 1
    matrix = torch.zeros(oh * ow, h * w)
    for i in range(oh):
        for j in range(ow):
            matrix[i * ow + j] = F.pad(kernel, (i, h - kh - i, j, w - kw - j)).flatten()
    return matrix


@wrong(
    NAME,
    fails="rows",
    hint="How often do your loops turn before the function ends? Look at the indentation of return.",
)
def return_inside_the_loop(kernel, input_size):
    """the return stands inside the loop, so that only the first row was filled."""
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros((h - kh + 1) * (w - kw + 1), h * w)
    for row in range(len(matrix)):
        matrix[row] = F.pad(kernel, (0, w - kw, 0, h - kh)).flatten()
        return matrix


@wrong(
    NAME,
    fails="rectangles",
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(kernel, input_size):
    """the kernel's height was taken for its width, too."""
    k, (h, w) = kernel.shape[0], input_size
    oh, ow = h - k + 1, w - k + 1
    matrix = torch.zeros(oh, ow, h, w)
    for i in range(oh):
        for j in range(ow):
            matrix[i, j, i : i + k, j : j + k] = kernel
    return matrix.reshape(oh * ow, h * w)


@wrong(NAME, fails=("shape", "size"), library=True, hint="Place the kernel by hand, at one position in each row.")
def library_convolution_of_unit_images(kernel, input_size):
    """the library does the convolution."""
    h, w = input_size
    return F.conv2d(torch.eye(h * w).reshape(h * w, 1, h, w), kernel[None, None]).reshape(h * w, -1).T
