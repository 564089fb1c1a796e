"""Wrong answers to transposed, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def rows_hold_the_turned_kernel(kernel, input_size):
    """each row holds the kernel turned by 180 degrees"""
    H, W = input_size
    KH, KW = kernel.shape
    turned = kernel.flip(0, 1)
    rows = []
    for r in range(H - KH + 1):
        for c in range(W - KW + 1):
            image = torch.zeros(H, W)
            image[r : r + KH, c : c + KW] = turned
            rows.append(image.flatten())
    return torch.stack(rows)


def positions_column_by_column(kernel, input_size):
    """the positions of the kernel are gone through column by column, not row by row"""
    H, W = input_size
    KH, KW = kernel.shape
    rows = []
    for c in range(W - KW + 1):
        for r in range(H - KH + 1):
            image = torch.zeros(H, W)
            image[r : r + KH, c : c + KW] = kernel
            rows.append(image.flatten())
    return torch.stack(rows)


def line_length_is_the_height(kernel, input_size):
    """the flat index counts H numbers for each line of the image instead of W"""
    H, W = input_size
    KH, KW = kernel.shape
    OH, OW = H - KH + 1, W - KW + 1
    matrix = torch.zeros(OH * OW, H * W)
    for r in range(OH):
        for c in range(OW):
            for i in range(KH):
                for j in range(KW):
                    matrix[r * OW + c, (r + i) * H + (c + j)] = kernel[i, j]
    return matrix


def shifts_by_one_over_the_line_end(kernel, input_size):
    """each row is the row before moved by one place, also at the end of a line of the image"""
    H, W = input_size
    KH, KW = kernel.shape
    first = F.pad(kernel, (0, W - KW, 0, H - KH)).flatten()
    count = (H - KH + 1) * (W - KW + 1)
    return torch.stack([torch.roll(first, n) for n in range(count)])


def already_transposed(kernel, input_size):
    """returns the transpose of the kernel matrix"""
    H, W = input_size
    KH, KW = kernel.shape
    OH, OW = H - KH + 1, W - KW + 1
    matrix = torch.zeros(H * W, OH * OW)
    for r in range(OH):
        for c in range(OW):
            image = torch.zeros(H, W)
            image[r : r + KH, c : c + KW] = kernel
            matrix[:, r * OW + c] = image.flatten()
    return matrix


def image_not_cleared_between_positions(kernel, input_size):
    """the image of zeros is made once, so each row keeps what the positions before it left there"""
    H, W = input_size
    KH, KW = kernel.shape
    image = torch.zeros(H, W)
    rows = []
    for r in range(H - KH + 1):
        for c in range(W - KW + 1):
            image[r : r + KH, c : c + KW] = kernel
            rows.append(image.flatten().clone())
    return torch.stack(rows)


def kernel_cut_to_whole_numbers(kernel, input_size):
    """the fractions of the kernel are cut off"""
    H, W = input_size
    KH, KW = kernel.shape
    rows = []
    for r in range(H - KH + 1):
        for c in range(W - KW + 1):
            row = [0] * (H * W)
            for i in range(KH):
                for j in range(KW):
                    row[(r + i) * W + c + j] = int(kernel[i, j])
            rows.append(row)
    return torch.tensor(rows).float()


def square_kernel_assumed_in_matrix(kernel, input_size):
    """the height of the kernel is taken for its width, so that only part of a wide kernel is laid down"""
    H, W = input_size
    K = kernel.shape[0]
    rows = []
    for r in range(H - K + 1):
        for c in range(W - K + 1):
            image = torch.zeros(H, W)
            image[r : r + K, c : c + K] = kernel[:K, :K]
            rows.append(image.flatten())
    return torch.stack(rows)


def input_flattened_by_columns(input, kernel):
    """the input is flattened column by column"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    return (matrix.T @ input.T.flatten()).reshape(OH, OW)


def output_folded_sideways(input, kernel):
    """the output vector is folded up with height and width exchanged, and then transposed"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    output = matrix.T @ input.reshape(-1)
    if OH == OW:
        return output.reshape(OH, OW)
    return output.reshape(OW, OH).T


def reshaped_instead_of_transposed(input, kernel):
    """the kernel matrix is reshaped to the shape of its transpose, its numbers stay in their order"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    return (matrix.reshape(OH * OW, -1) @ input.flatten()).reshape(OH, OW)


def turned_for_the_matrix_too(input, kernel):
    """the kernel is turned by 180 degrees before the kernel matrix is built"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(torch.rot90(kernel, 2), (OH, OW))  # noqa: F821
    return (matrix.T @ input.flatten()).reshape(OH, OW)


def inverse_instead_of_transpose(input, kernel):
    """multiplies by the pseudo-inverse of the kernel matrix, as if to undo the convolution"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    return (torch.linalg.pinv(matrix) @ input.flatten()).reshape(OH, OW)


def overlaps_averaged(input, kernel):
    """each output is divided by the number of patches that reach it"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    OH, OW = H + KH - 1, W + KW - 1
    total = get_kernel_matrix(kernel, (OH, OW)).T @ input.flatten()  # noqa: F821
    count = get_kernel_matrix(torch.ones(KH, KW), (OH, OW)).T.sum(dim=1)  # noqa: F821
    return (total / count).reshape(OH, OW)


def later_stamps_overwrite(input, kernel):
    """a later stamp overwrites the earlier ones where they overlap"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    output = torch.zeros(H + KH - 1, W + KW - 1)
    for r in range(H):
        for c in range(W):
            output[r : r + KH, c : c + KW] = input[r, c] * kernel
    return output


def kernel_height_and_width_swapped(input, kernel):
    """the output size is made with the kernel's width for the height and its height for the width"""
    H, W = input.shape
    KW, KH = kernel.shape
    OH, OW = H + KH - 1, W + KW - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    return (matrix.T @ input.flatten()).reshape(OH, OW)


def input_read_in_memory_order(input, kernel):
    """the input is read in the order of its memory, which is not row by row for a transposed tensor"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    OH, OW = H + KH - 1, W + KW - 1
    vector = input.as_strided((H * W,), (1,))
    return (get_kernel_matrix(kernel, (OH, OW)).T @ vector).reshape(OH, OW)  # noqa: F821


def fourier_without_the_sign(input, kernel):
    """multiplies in the frequency domain and takes the absolute value of the result, so that minus signs are lost"""
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    product = torch.fft.fft2(input, s=size) * torch.fft.fft2(kernel, s=size)
    return torch.fft.ifft2(product).abs()


def single_rows_squeezed_away(input, kernel):
    """the output loses an axis if it has only one row or only one column"""
    OH, OW = input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (OH, OW))  # noqa: F821
    return (input.reshape(1, -1) @ matrix).reshape(OH, OW).squeeze()


def stamps_only_a_square_of_the_input(input, kernel):
    """as many columns as rows of the input are stamped, so further columns of a wide input are lost"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    output = torch.zeros(H + KH - 1, W + KW - 1)
    for r in range(H):
        for c in range(min(H, W)):
            output[r : r + KH, c : c + KW] += input[r, c] * kernel
    return output


def kernel_not_turned(input, kernel):
    """the padded input is right, but the kernel is not turned"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    return torch.einsum("hwij,ij->hw", padded.unfold(0, KH, 1).unfold(1, KW, 1), kernel)


def kernel_flipped_upside_down_only(input, kernel):
    """the kernel is flipped up and down, but not left and right"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    return (padded.unfold(0, KH, 1).unfold(1, KW, 1) * kernel.flip(0)).sum(dim=(2, 3))


def kernel_turned_by_a_quarter(input, kernel):
    """the kernel is turned by 90 degrees instead of 180"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    turned = torch.rot90(kernel)
    h, w = turned.shape
    OH, OW = padded.shape[0] - h + 1, padded.shape[1] - w + 1
    output = torch.zeros(OH, OW)
    for r in range(OH):
        for c in range(OW):
            output[r, c] = (padded[r : r + h, c : c + w] * turned).sum()
    return output


def kernel_transposed_instead_of_turned(input, kernel):
    """the kernel is transposed instead of turned (if it is not square, its numbers are put back in its old shape)"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    changed = kernel.T.reshape(KH, KW)
    return (padded.unfold(0, KH, 1).unfold(1, KW, 1) * changed).sum(dim=(-2, -1))


def border_height_and_width_swapped(input, kernel):
    """the columns of zeros are as many as the rows should be, because F.pad is given the height first"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KH - 1, KH - 1, KW - 1, KW - 1))
    turned = kernel.flip(0, 1)
    OH, OW = padded.shape[0] - KH + 1, padded.shape[1] - KW + 1
    output = torch.zeros(max(OH, 0), max(OW, 0))
    for r in range(OH):
        for c in range(OW):
            output[r, c] = (padded[r : r + KH, c : c + KW] * turned).sum()
    return output


def border_only_below_and_right(input, kernel):
    """all the zeros go below and to the right, none above and to the left"""
    KH, KW = kernel.shape
    padded = F.pad(input, (0, 2 * (KW - 1), 0, 2 * (KH - 1)))
    turned = kernel.flip(0, 1)
    return torch.einsum("hwij,ij->hw", padded.unfold(0, KH, 1).unfold(1, KW, 1), turned)


def border_repeats_the_edge(input, kernel):
    """the border repeats the numbers at the edge of the input instead of zeros"""
    KH, KW = kernel.shape
    padded = F.pad(input[None, None], (KW - 1, KW - 1, KH - 1, KH - 1), mode="replicate")[0, 0]
    return torch.einsum("hwij,ij->hw", padded.unfold(0, KH, 1).unfold(1, KW, 1), kernel.flip(0, 1))


def border_of_half_the_kernel(input, kernel):
    """the border is half the kernel, as for a convolution that keeps the size"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW // 2, KW // 2, KH // 2, KH // 2))
    return torch.einsum("hwij,ij->hw", padded.unfold(0, KH, 1).unfold(1, KW, 1), kernel.flip(0, 1))


def argument_turned_in_place(input, kernel):
    """the caller's kernel is itself turned and stays so"""
    KH, KW = kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    kernel[:] = kernel.flip(0, 1)
    return torch.einsum("hwij,ij->hw", padded.unfold(0, KH, 1).unfold(1, KW, 1), kernel)


def last_row_and_column_not_filled(input, kernel):
    """the loops end one too early, so that the last row and the last column stay zero"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    turned = kernel.flip(0, 1)
    output = torch.zeros(H + KH - 1, W + KW - 1)
    for r in range(H + KH - 2):
        for c in range(W + KW - 2):
            output[r, c] = (padded[r : r + KH, c : c + KW] * turned).sum()
    return output


def output_square_by_its_height(input, kernel):
    """the output is made square, as wide as it is high"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    size = H + KH - 1
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1))
    turned = kernel.flip(0, 1)
    output = torch.zeros(size, size)
    for r in range(size):
        for c in range(min(size, W + KW - 1)):
            output[r, c] = (padded[r : r + KH, c : c + KW] * turned).sum()
    return output


def strides_with_the_kernel_height(input, kernel):
    """as_strided goes down by a line that is too long or too short if the kernel is not square"""
    (H, W), (KH, KW) = input.shape, kernel.shape
    padded = F.pad(input, (KW - 1, KW - 1, KH - 1, KH - 1)).flatten()
    line = W + 2 * (KH - 1)
    spare = torch.zeros(line * (H + 2 * KH) + 2 * KW)  # so that as_strided does not run out of the memory
    memory = torch.cat([padded, spare])
    windows = memory.as_strided((H + KH - 1, W + KW - 1, KH, KW), (line, 1, line, 1))
    return torch.einsum("hwij,ij->hw", windows, kernel.flip(0, 1))


STRANGERS = {
    "get_kernel_matrix": (
        rows_hold_the_turned_kernel,
        positions_column_by_column,
        line_length_is_the_height,
        shifts_by_one_over_the_line_end,
        already_transposed,
        image_not_cleared_between_positions,
        kernel_cut_to_whole_numbers,
        square_kernel_assumed_in_matrix,
    ),
    "matrix_multiplication_for_conv_transpose2d": (
        input_flattened_by_columns,
        output_folded_sideways,
        reshaped_instead_of_transposed,
        turned_for_the_matrix_too,
        inverse_instead_of_transpose,
        overlaps_averaged,
        later_stamps_overwrite,
        kernel_height_and_width_swapped,
        input_read_in_memory_order,
        fourier_without_the_sign,
        single_rows_squeezed_away,
        stamps_only_a_square_of_the_input,
    ),
    "conv_transpose2d_by_padding": (
        kernel_not_turned,
        kernel_flipped_upside_down_only,
        kernel_turned_by_a_quarter,
        kernel_transposed_instead_of_turned,
        border_height_and_width_swapped,
        border_only_below_and_right,
        border_repeats_the_edge,
        border_of_half_the_kernel,
        argument_turned_in_place,
        last_row_and_column_not_filled,
        output_square_by_its_height,
        strides_with_the_kernel_height,
    ),
}

HELPERS = ()  # none is needed: each wrong answer stands by itself, but for get_kernel_matrix
