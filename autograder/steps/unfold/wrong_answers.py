"""Wrong answers to unfold: windows as columns, and convolution as one product with them."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

UNFOLD, CONVOLUTION = "unfold", "conv2d_by_unfold"


@wrong(UNFOLD, fails="columns", hint="What does one column hold, and what one row? Which of the two is a window?")
def windows_in_rows(input, kernel_size, dilation=1, padding=0, stride=1):
    """the windows are the rows of the result, not its columns."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)


@wrong(
    UNFOLD, fails="columns", hint="Which window belongs to the second column: the one to the right, or the one below?"
)
def windows_counted_down_first(input, kernel_size, dilation=1, padding=0, stride=1):
    """the windows are counted down each column of the image first, not along its rows."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 3, 2).flatten(4).flatten(1, 3)


@wrong(
    UNFOLD, fails="columns", hint="Write a window of 2 × 2 on paper. Which of its numbers comes second in the column?"
)
def windows_flattened_by_columns(input, kernel_size, dilation=1, padding=0, stride=1):
    """each window was flattened column by column, not row by row."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 5, 4, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="columns", hint="Print the shape before you reshape. A reshape never moves a number past another.")
def reshaped_without_permuting(input, kernel_size, dilation=1, padding=0, stride=1):
    """the windows were reshaped to the right shape without bringing their axes to the front."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    n, c, oh, ow = windows.shape[:4]
    return windows.reshape(n, c * kh * kw, oh * ow)


@wrong(
    UNFOLD,
    fails="columns",
    hint="Which column does window (1, 0) go to, and which one window (0, 1)? Print the number.",
)
def column_number_is_i_plus_j(input, kernel_size, dilation=1, padding=0, stride=1):
    """the number of a column is row + column of the window, so that windows overwrite one another."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    oh, ow = (images.shape[2] - rows) // stride + 1, (images.shape[3] - columns) // stride + 1
    output = torch.zeros(len(input), input.shape[1] * kh * kw, oh * ow)
    for i in range(oh):
        for j in range(ow):
            a, b = i * stride, j * stride
            output[:, :, i + j] = images[:, :, a : a + rows : dilation, b : b + columns : dilation].flatten(1)
    return output


@wrong(
    UNFOLD,
    fails="rectangles",
    hint="Try a kernel of 1 × 2 on an image of 3 × 2. Which number is a height in your code?",
)
def width_from_the_height(input, kernel_size, dilation=1, padding=0, stride=1):
    """the height stands where the width belongs: right for squares only."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    side = (images.shape[2] - rows) // stride + 1
    output = torch.zeros(len(input), input.shape[1] * kh * kw, side * side)
    for i in range(side):
        for j in range(side):
            a, b = i * stride, j * stride
            output[:, :, i * side + j] = images[:, :, a : a + rows : dilation, b : b + columns : dilation].flatten(1)
    return output


@wrong(
    UNFOLD, fails="rectangles", hint="How many windows fit in one row of the image? Is it the height that tells you?"
)
def columns_counted_by_the_height(input, kernel_size, dilation=1, padding=0, stride=1):
    """the number of a column was counted with the height of the output where its width belongs."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    oh, ow = (images.shape[2] - rows) // stride + 1, (images.shape[3] - columns) // stride + 1
    output = torch.zeros(len(input), input.shape[1] * kh * kw, oh * ow)
    for i in range(oh):
        for j in range(ow):
            a, b = i * stride, j * stride
            window = images[:, :, a : a + rows : dilation, b : b + columns : dilation].flatten(1)
            output[:, :, min(i * oh + j, oh * ow - 1)] = window
    return output


@wrong(UNFOLD, fails="channels", hint="How many numbers are there in a window of an image with 3 channels?")
def channels_added_up(input, kernel_size, dilation=1, padding=0, stride=1):
    """the channels were added up, while each needs rows of its own in the result."""
    images = F.pad(input.sum(1, keepdim=True), [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(
    UNFOLD,
    fails="channels",
    hint="Flatten a kernel of shape (C, KH, KW). Which axis changes slowest? Do likewise here.",
)
def channels_change_fastest(input, kernel_size, dilation=1, padding=0, stride=1):
    """the channels of one pixel stand next to one another; a flattened kernel has all of channel 0 first."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 4, 5, 1, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="channels", hint="How many rows should the result have for 2 channels, and how many columns?")
def channels_side_by_side(input, kernel_size, dilation=1, padding=0, stride=1):
    """the channels stand side by side as more columns, not on top of each other as more rows."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 4, 5, 1, 2, 3).flatten(3).flatten(1, 2)


@wrong(UNFOLD, fails="channels", hint="Call it with two images. Where in your result is the second one?")
def first_image_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """only the first image of the batch was unfolded."""
    images = F.pad(input[:1], [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="stride", hint="How far apart are the first two windows of a row, and the first two of a column?")
def stride_moves_right_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """the stride moves the window to the right only, not down."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, 1).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="padding", hint="F.pad takes the last axis first. Which sides do your numbers stand for?")
def padding_left_and_right_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """zeros were added on the left and on the right only."""
    images = F.pad(input, (padding, padding))
    (kh, kw), d = kernel_size, dilation
    if images.shape[2] < (kh - 1) * d + 1:
        return images.new_zeros(len(images), images.shape[1] * kh * kw, 0)
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="padding", hint="How tall is an image of 3 rows with a padding of 1? Count above and below.")
def padding_above_and_left_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """zeros were added above and on the left only, not on all four sides."""
    images = F.pad(input, (padding, 0, padding, 0))
    (kh, kw), d = kernel_size, dilation
    if min(images.shape[2] - (kh - 1) * d, images.shape[3] - (kw - 1) * d) < 1:
        return images.new_zeros(len(images), images.shape[1] * kh * kw, 0)
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="dilation", hint="Which pixels of the image does a window with dilation 2 take? Print one window.")
def dilation_in_the_size_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """the dilation makes fewer windows, but the windows themselves are not spread."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    windows = []
    for i in range(0, images.shape[2] - rows + 1, stride):
        for j in range(0, images.shape[3] - columns + 1, stride):
            windows.append(images[:, :, i : i + kh, j : j + kw].flatten(1))
    return torch.stack(windows, dim=2)


@wrong(
    UNFOLD,
    fails="dilation",
    hint="Draw three pixels with gaps of one pixel between them. How many pixels is that in all?",
)
def span_one_too_long(input, kernel_size, dilation=1, padding=0, stride=1):
    """the span of a spread window was taken as size · dilation, which is too long."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = kh * dilation, kw * dilation
    windows = []
    for i in range(0, images.shape[2] - rows + 1, stride):
        for j in range(0, images.shape[3] - columns + 1, stride):
            windows.append(images[:, :, i : i + rows : dilation, j : j + columns : dilation].flatten(1))
    return torch.stack(windows, dim=2) if windows else images.new_zeros(len(images), images.shape[1] * kh * kw, 0)


@wrong(UNFOLD, fails="dilation", hint="Your result has no trace of one of the arguments. Which one?")
def dilation_ignored(input, kernel_size, dilation=1, padding=0, stride=1):
    """the dilation is not used at all."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel_size[0], stride).unfold(3, kernel_size[1], stride)
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(
    UNFOLD, fails="dilation", hint="The dilation spreads the window. How many rows of zeros lie above the image then?"
)
def padding_times_the_dilation(input, kernel_size, dilation=1, padding=0, stride=1):
    """the dilation makes the padding larger, which it has nothing to do with."""
    images = F.pad(input, [padding * dilation] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="dilation", hint="Spread a window of 3 × 1 with dilation 2. How many columns does it span?")
def gaps_counted_by_the_height(input, kernel_size, dilation=1, padding=0, stride=1):
    """the gaps of a spread window were counted with its height, to the right as well as down."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = kh + (kh - 1) * (dilation - 1), kw + (kh - 1) * (dilation - 1)
    windows = []
    for i in range(0, images.shape[2] - rows + 1, stride):
        for j in range(0, images.shape[3] - columns + 1, stride):
            window = images[:, :, i : i + rows : dilation, j : j + (kw - 1) * dilation + 1 : dilation]
            windows.append(F.pad(window, (0, kw - window.shape[3])).flatten(1))
    return torch.stack(windows, dim=2) if windows else images.new_zeros(len(images), images.shape[1] * kh * kw, 0)


@wrong(UNFOLD, fails="arguments", hint="Methods that end in _ work in place. Does the caller's input keep its shape?")
def input_resized_in_place(input, kernel_size, dilation=1, padding=0, stride=1):
    """the shape of the input itself was changed."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    input.unsqueeze_(0)
    return columns


@wrong(UNFOLD, fails="columns", hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.")
def empty_slice_without_padding(input, kernel_size, dilation=1, padding=0, stride=1):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    (kh, kw), d = kernel_size, dilation
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(
    UNFOLD, fails="columns", hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?"
)
def divided_into_fractions(input, kernel_size, dilation=1, padding=0, stride=1):
    """the count of windows is a number with a fraction, because / was used where // belongs."""
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    oh, ow = (images.shape[2] - rows) / stride + 1, (images.shape[3] - columns) / stride + 1
    output = torch.zeros(len(input), input.shape[1] * kh * kw, oh * ow)
    for i in range(oh):
        for j in range(ow):
            a, b = i * stride, j * stride
            window = images[:, :, a : a + rows : dilation, b : b + columns : dilation].flatten(1)
            output[:, :, i * ow + j] = window
    return output


@wrong(
    UNFOLD,
    fails="columns",
    hint="How often do your loops turn before the function ends? Look at the indentation of return.",
)
def return_inside_the_loop(input, kernel_size, dilation=1, padding=0, stride=1):
    """the return stands inside the loop, so that only the first column was filled."""
    (kh, kw), d = kernel_size, dilation
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    output = torch.zeros(len(input), input.shape[1] * kh * kw, windows.shape[2] * windows.shape[3])
    output[:, :, 0] = windows[:, :, 0, 0].flatten(1)
    return output


@wrong(
    UNFOLD,
    fails="columns",
    hint="With dilation 1, are there pixels between those of a window? With dilation 2, how many?",
)
def dilation_counted_as_gaps(input, kernel_size, dilation=1, padding=0, stride=1):
    """the dilation was taken for the count of pixels that are skipped, so that windows are spread by 1 too much."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation + 1
    if min(images.shape[2] - (kh - 1) * d, images.shape[3] - (kw - 1) * d) < 1:
        return images.new_zeros(len(images), images.shape[1] * kh * kw, 0)
    windows = images.unfold(2, (kh - 1) * d + 1, stride).unfold(3, (kw - 1) * d + 1, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="rectangles", hint="Try a window of 2 × 3. Which of its sides does your code read, and how often?")
def square_windows_only(input, kernel_size, dilation=1, padding=0, stride=1):
    """the window's height was taken for its width, too."""
    images = F.pad(input, [padding] * 4)
    (kh, _), d = kernel_size, dilation
    span = (kh - 1) * d + 1
    if min(images.shape[2:]) < span:
        return images.new_zeros(len(images), images.shape[1] * kh * kh, 0)
    windows = images.unfold(2, span, stride).unfold(3, span, stride)[..., ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(
    UNFOLD, fails="stride", hint="For stride 2, where does the second window begin? Print top and left of every window."
)
def position_without_the_stride(input, kernel_size, dilation=1, padding=0, stride=1):
    """the windows begin at their number, not at their number times the stride."""
    images = F.pad(input, [padding] * 4)
    (kh, kw), d = kernel_size, dilation
    rows, columns = (kh - 1) * d + 1, (kw - 1) * d + 1
    oh, ow = (images.shape[2] - rows) // stride + 1, (images.shape[3] - columns) // stride + 1
    windows = images.unfold(2, rows, 1).unfold(3, columns, 1)[:, :, :oh, :ow, ::d, ::d]
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)


@wrong(UNFOLD, fails="columns", library=True, hint="Which function does this step ask you to write yourself?")
def library_unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """the library's own unfold was called."""
    return F.unfold(input, kernel_size, dilation, padding, stride)


@wrong(CONVOLUTION, fails="convolution", hint="What is the bias when the caller does not give one?")
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0):
    """a call without a bias breaks."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = kernel.flatten(1) @ columns + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(CONVOLUTION, fails="convolution", hint="After the product, what is one row of it, and what one column?")
def bias_ignored(input, kernel, bias=None, stride=1, padding=0):
    """the bias was not added."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    return (kernel.flatten(1) @ columns).reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(CONVOLUTION, fails="convolution", hint="L windows become OH rows of OW numbers. Which of the two comes first?")
def height_and_width_exchanged_at_the_end(input, kernel, bias=None, stride=1, padding=0):
    """the columns were laid out as (OW, OH) where (OH, OW) belongs."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = kernel.flatten(1) @ columns
    output = output if bias is None else output + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), windows.shape[3], windows.shape[2])


@wrong(
    CONVOLUTION, fails="convolution", hint="Flatten a kernel by hand. Does its first number meet the window's first?"
)
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0):
    """the kernels were turned by 180° before they were flattened."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = kernel.flip(2, 3).flatten(1) @ columns
    output = output if bias is None else output + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(
    CONVOLUTION, fails="convolution", hint="In which order does unfold take dilation, padding and stride? Do you, too?"
)
def stride_and_padding_exchanged(input, kernel, bias=None, stride=1, padding=0):
    """stride and padding reached unfold in the wrong order."""
    stride, padding = max(1, padding), stride
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = kernel.flatten(1) @ columns
    output = output if bias is None else output + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(
    CONVOLUTION, fails="product", hint="Can @ take the whole batch of columns at once? Try its shapes in a free cell."
)
def one_product_for_each_image(input, kernel, bias=None, stride=1, padding=0):
    """there is one product for each image, not one for the whole batch."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = torch.stack([kernel.flatten(1) @ one for one in columns])
    output = output if bias is None else output + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(CONVOLUTION, fails="product", hint="Multiplying and then adding up: which operation of torch does both at once?")
def multiplied_and_added_up(input, kernel, bias=None, stride=1, padding=0):
    """the numbers were multiplied and added up one by one, without a matrix product."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = (kernel.flatten(1)[None, :, :, None] * columns[:, None]).sum(2)
    output = output if bias is None else output + bias.reshape(-1, 1)
    return output.reshape(len(input), len(kernel), *windows.shape[2:4])


@wrong(
    CONVOLUTION, fails="arguments", hint="Methods that end in _ work in place. Does the caller's kernel keep its shape?"
)
def kernel_resized_in_place(input, kernel, bias=None, stride=1, padding=0):
    """the shape of the kernel itself was changed."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    output = kernel.flatten(1) @ columns
    output = output if bias is None else output + bias.reshape(-1, 1)
    kernel.unsqueeze_(0)
    return output.reshape(len(input), -1, *windows.shape[2:4])


@wrong(
    CONVOLUTION, fails="convolution", library=True, hint="Which product gives all outputs once you have the columns?"
)
def library_convolution(input, kernel, bias=None, stride=1, padding=0):
    """the library's own convolution was called."""
    return F.conv2d(input, kernel, bias, stride, padding)
