"""Wrong answers to conv2d: what learners get wrong when a kernel slides over one image."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "matrix_multiplication_for_conv2d"


@wrong(
    NAME,
    fails="slides",
    hint="On paper, number the windows of a 3×3 output. Does any number come twice, and how far do they count?",
)
def row_number_is_i_plus_j(input, kernel, bias=0, stride=1, padding=0):
    """several windows went into the same row: its number was row plus column."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i + j] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].flatten()
    return (regions @ kernel.flatten()).reshape(oh, ow) + bias


@wrong(
    NAME,
    fails="slides",
    hint="Look at the drawing in the notebook: which kernel element lies on the first window's top left corner?",
)
def kernel_flipped(input, kernel, bias=0, stride=1, padding=0):
    """the kernel was turned by 180° before it was laid on the image."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1)) + bias


@wrong(
    NAME,
    fails="slides",
    hint="Try a kernel with a single 1 in its top right corner, and look which input element comes out.",
)
def kernel_transposed(input, kernel, bias=0, stride=1, padding=0):
    """rows and columns of the kernel were exchanged."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,lk->ij", windows, kernel) + bias


@wrong(
    NAME, fails="slides", hint="Print the dtype of your result. Where did it come from, and what becomes of 2.5 in it?"
)
def whole_numbers_only(input, kernel, bias=0, stride=1, padding=0):
    """the result is a tensor of whole numbers."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (torch.einsum("ijkl,kl->ij", windows, kernel) + bias).long()


@wrong(
    NAME, fails="slides", hint="Which shape should come out of a 1×3 input and a 1×1 kernel? Print the shape of yours."
)
def axes_of_length_1_squeezed(input, kernel, bias=0, stride=1, padding=0):
    """axes of length 1 were dropped from the result."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel).squeeze() + bias


@wrong(
    NAME, fails="rectangles", hint="Try an input that is wider than tall, and print how many columns your result has."
)
def width_from_the_height(input, kernel, bias=0, stride=1, padding=0):
    """the output's width was worked out from heights."""
    image = F.pad(input, [padding] * 4)
    size = (image.shape[0] - kernel.shape[0]) // stride + 1
    output = torch.zeros(size, size)
    for i in range(size):
        for j in range(size):
            window = image[i * stride :, j * stride :][: kernel.shape[0], : kernel.shape[1]]
            output[i, j] = (window * kernel).sum()
    return output + bias


@wrong(
    NAME,
    fails="rectangles",
    hint="Try a 1×3 kernel: in which direction does the output shrink, and in which should it?",
)
def kernel_width_in_the_height(input, kernel, bias=0, stride=1, padding=0):
    """the kernel's height and width changed places in the output size."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kw) // stride + 1, (image.shape[1] - kh) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@wrong(
    NAME,
    fails="stride",
    hint="Call it with stride 1 and with stride 2. What differs, and where in your code is stride used?",
)
def stride_ignored(input, kernel, bias=0, stride=1, padding=0):
    """the kernel moves by one element, whatever the stride is."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="stride", hint="Print top and left of every window for stride 2. Do both grow as they should?")
def stride_moves_down_only(input, kernel, bias=0, stride=1, padding=0):
    """the stride moves the window in one direction, and not in the other."""
    image = F.pad(input, [padding] * 4)
    ow = (image.shape[1] - kernel.shape[1]) // stride + 1
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], 1)[:, :ow]
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(
    NAME,
    fails="stride",
    hint="How many windows fit along a side of 5, for a kernel of 3 and stride 2? For how many do you make room?",
)
def size_without_the_stride(input, kernel, bias=0, stride=1, padding=0):
    """the output is as large as with stride 1, and the rest of it stayed zero."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.zeros(image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)
    output[: windows.shape[0], : windows.shape[1]] = torch.einsum("ijkl,kl->ij", windows, kernel)
    return output + bias


@wrong(
    NAME,
    fails="stride",
    hint="Take a side of 6, kernel 3, stride 2: where does the last window begin, and does all of it lie on the image?",
)
def size_rounded_up(input, kernel, bias=0, stride=1, padding=0):
    """a window that sticks out over the end was counted as well."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = math.ceil((image.shape[0] - kh) / stride) + 1, math.ceil((image.shape[1] - kw) / stride) + 1
    windows = F.pad(image, (0, stride, 0, stride)).unfold(0, kh, stride).unfold(1, kw, stride)[:oh, :ow]
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="padding", hint="Print the shape of the padded input. By how much did each side grow?")
def padding_left_and_right_only(input, kernel, bias=0, stride=1, padding=0):
    """zeros were added left and right, but not above and below."""
    image = F.pad(input, (padding, padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="padding", hint="Print the padded input for a 2×2 input of ones. Where should the ones be?")
def padding_at_the_end_only(input, kernel, bias=0, stride=1, padding=0):
    """all the zeros were added below and on the right."""
    image = F.pad(input, (0, 2 * padding, 0, 2 * padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="padding", hint="Print the padded input: which numbers should stand around the image?")
def padding_repeats_the_border(input, kernel, bias=0, stride=1, padding=0):
    """the padding repeats the border of the image."""
    image = F.pad(input[None, None], [padding] * 4, mode="replicate")[0, 0]
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="bias", hint="Try a kernel of zeros and a bias of 1. Which number should every output be?")
def bias_at_each_kernel_element(input, kernel, bias=0, stride=1, padding=0):
    """the bias was added once for every kernel element."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel + bias).sum((2, 3))


@wrong(NAME, fails="bias", hint="Where in your code is bias used? Try a kernel of zeros and a bias of 1.")
def bias_ignored(input, kernel, bias=0, stride=1, padding=0):
    """the bias was not added."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel)


@wrong(NAME, fails="slides", hint="The signature says bias=0. What does your code do with that 0?")
def bias_must_be_a_tensor(input, kernel, bias=0, stride=1, padding=0):
    """the bias is read as a tensor, and breaks where it is left out or a plain number."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias[0]


@wrong(NAME, fails="bias", hint="What does your code do if bias is torch.tensor([1.0])? Which type does it ask for?")
def bias_must_be_a_number(input, kernel, bias=0, stride=1, padding=0):
    """a bias that is a tensor was left out."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + (bias if type(bias) in (int, float) else 0)


@wrong(
    NAME,
    fails="together",
    hint="In which order do things happen to the image: is it padded first, or stepped over first?",
)
def stride_comes_before_the_padding(input, kernel, bias=0, stride=1, padding=0):
    """the output size was divided by the stride before the padding was added."""
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = input.shape, kernel.shape
    oh, ow = (h - kh) // stride + 1 + 2 * padding, (w - kw) // stride + 1 + 2 * padding
    windows = image.unfold(0, kh, stride).unfold(1, kw, stride)[:oh, :ow]
    output = torch.zeros(oh, ow)
    output[: windows.shape[0], : windows.shape[1]] = torch.einsum("ijkl,kl->ij", windows, kernel)
    return output + bias


@wrong(
    NAME,
    fails="arguments",
    hint="Which names in torch end with an underscore, and what does that mean for the tensor they are called on?",
)
def axes_added_in_place(input, kernel, bias=0, stride=1, padding=0):
    """axes were added to the caller's kernel itself."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    kernel.unsqueeze_(0).unsqueeze_(0)
    return (windows * kernel).sum((2, 3)) + bias


@wrong(NAME, fails="arguments", hint="After the call, print the input again. Which line of yours writes to it?")
def input_overwritten_at_the_end(input, kernel, bias=0, stride=1, padding=0):
    """the caller's input was overwritten."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.einsum("ijkl,kl->ij", windows, kernel) + bias
    input.zero_()
    return output


@wrong(NAME, fails="arguments", hint="What does a += b do to a tensor a that somebody else holds as well?")
def bias_added_up_in_place(input, kernel, bias=0, stride=1, padding=0):
    """the caller's bias was changed by +=."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.einsum("ijkl,kl->ij", windows, kernel) + bias
    if isinstance(bias, torch.Tensor):
        bias += output.sum()
    return output


@wrong(
    NAME,
    fails="arguments",
    hint="Try kernel.T of a kernel of yours. Which of torch's ways to reshape works for any tensor?",
)
def contiguous_kernel_only(input, kernel, bias=0, stride=1, padding=0):
    """the kernel was reshaped by view, which fails for a transposed kernel."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return windows.flatten(2) @ kernel.view(-1) + bias


@wrong(NAME, fails="arguments", hint="Try input.T of an input of yours, and compare .stride() with what you assume.")
def contiguous_input_only(input, kernel, bias=0, stride=1, padding=0):
    """the strides were worked out from the input's shape, which holds only where its numbers lie side by side."""
    image = F.pad(input, [padding] * 4) if padding else input
    (h, w), (kh, kw) = image.shape, kernel.shape
    size = ((h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    windows = torch.as_strided(image, size, (w * stride, stride, w, 1))
    return (windows * kernel).sum(dim=(2, 3)) + bias


@wrong(
    NAME,
    fails="slides",
    hint="How often does the loop turn before the function ends? Look at the indentation of your last line.",
)
def return_inside_the_loop(input, kernel, bias=0, stride=1, padding=0):
    """the return stands inside the loop, so that only the first output was computed."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    output = torch.zeros((image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
            return output + bias


@wrong(NAME, fails="slides", hint="Assign what the function gives you to a name, and print that. What is it?")
def nothing_is_returned(input, kernel, bias=0, stride=1, padding=0):
    """the function returns nothing."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.einsum("ijkl,kl->ij", windows, kernel)
    output += bias


@wrong(
    NAME,
    fails="slides",
    hint="What is [[1, 2], [3, 4]] @ [[1, 0], [0, 0]], and what is the same with * in the middle? Which one is meant?",
)
def matrix_product_with_each_window(input, kernel, bias=0, stride=1, padding=0):
    """each window was multiplied by the kernel as matrices are, not element by element."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows @ kernel).sum((2, 3)) + bias


@wrong(NAME, fails="slides", hint="At how many places does a kernel of 2 fit on a side of 3? Count them on paper.")
def one_window_too_few(input, kernel, bias=0, stride=1, padding=0):
    """the last row and the last column of windows are missing."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    output = torch.zeros((image.shape[0] - kh) // stride, (image.shape[1] - kw) // stride)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="slides", hint="Try an image and a 2×2 kernel of ones only. Which number should every output be?")
def mean_for_the_sum(input, kernel, bias=0, stride=1, padding=0):
    """the products were averaged, not added up."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) / kernel.numel() + bias


@wrong(
    NAME,
    fails="slides",
    before="input = torch.arange(16.0).reshape(4, 4)",
    hint="Restart the notebook, run only the cell of your function, and call it. Where does each name come from?",
)
def global_input(image, kernel, bias=0, stride=1, padding=0):
    """the function reads a variable of the notebook named input, whatever image it is given."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(
    NAME, fails="slides", hint="Print the result: what stands behind the numbers? Which of your lines brought it in?"
)
def result_requires_grad(input, kernel, bias=0, stride=1, padding=0):
    """the kernel was made a parameter to be trained, and the result now carries a gradient."""
    image, weight = F.pad(input, [padding] * 4), nn.Parameter(kernel)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, weight) + bias


@wrong(NAME, fails="padding", hint="With padding 1, by how many rows should the image grow? Where are they?")
def padding_counted_once_in_the_size(input, kernel, bias=0, stride=1, padding=0):
    """the padding was added, or counted, only above and on the left."""
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = input.shape, kernel.shape
    windows = image.unfold(0, kh, stride).unfold(1, kw, stride)
    oh, ow = (h + padding - kh) // stride + 1, (w + padding - kw) // stride + 1
    return torch.einsum("ijkl,kl->ij", windows[:oh, :ow], kernel) + bias


@wrong(NAME, fails="padding", hint="Where in your code is padding used? Try a 1×1 image with padding 1.")
def padding_ignored(input, kernel, bias=0, stride=1, padding=0):
    """the image was not padded."""
    windows = input.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


def product_of_regions(image, kernel, stride):
    """Convolve without bias and padding, with loops that do nothing where there is no window."""
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for row in range(oh * ow):
        top, left = row // ow * stride, row % ow * stride
        regions[row] = image[top : top + kh, left : left + kw].flatten()
    return (regions @ kernel.flatten()).reshape(oh, ow)


# Two mistakes from above once more: where nothing fits, loops return nothing, and unfold raises.
@wrong(
    NAME,
    fails="padding",
    alias="padding_left_and_right_only",
    helpers=(product_of_regions,),
    hint="Print the shape of the padded input. By how much did each side grow?",
)
def padding_left_and_right_only_in_loops(input, kernel, bias=0, stride=1, padding=0):
    """zeros were added left and right, but not above and below."""
    return product_of_regions(F.pad(input, (padding, padding)), kernel, stride) + bias


@wrong(
    NAME,
    fails="padding",
    alias="padding_ignored",
    helpers=(product_of_regions,),
    hint="Where in your code is padding used? Try a 1×1 image with padding 1.",
)
def padding_ignored_in_loops(input, kernel, bias=0, stride=1, padding=0):
    """the image was not padded."""
    return product_of_regions(input, kernel, stride) + bias


@wrong(
    NAME,
    fails="slides",
    hint="What is [[1, 2], [3, 4]] @ [[1, 0], [0, 0]], and what is the same with * in the middle? Which one is meant?",
)
def matrix_product_with_the_transposed_kernel(input, kernel, bias=0, stride=1, padding=0):
    """each window was multiplied by the transposed kernel as matrices are, not element by element."""
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows @ kernel.T).sum((2, 3)) + bias


@wrong(NAME, fails="slides", hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.")
def empty_slice_without_padding(input, kernel, bias=0, stride=1, padding=0):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    image = torch.zeros(input.shape[0] + 2 * padding, input.shape[1] + 2 * padding)
    image[padding:-padding, padding:-padding] = input
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="slides", hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?")
def divided_into_fractions(input, kernel, bias=0, stride=1, padding=0):
    """the output size is a number with a fraction, because / was used where // belongs."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) / stride + 1, (image.shape[1] - kw) / stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="rectangles", hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?")
def square_kernels_only(input, kernel, bias=0, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    image, side = F.pad(input, [padding] * 4), kernel.shape[0]
    windows = image.unfold(0, side, stride).unfold(1, side, stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(
    NAME, fails="stride", hint="For stride 2, where does the second window begin? Print top and left of every window."
)
def position_without_the_stride(input, kernel, bias=0, stride=1, padding=0):
    """the windows begin at their number, not at their number times the stride."""
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    return torch.einsum("ijkl,kl->ij", image.unfold(0, kh, 1).unfold(1, kw, 1)[:oh, :ow], kernel) + bias


@wrong(
    NAME,
    fails="slides",
    library=True,
    hint="This step is about what F.conv2d does inside: which two loops does it hide?",
)
def library_convolution(input, kernel, bias=0, stride=1, padding=0):
    """the library does the convolution."""
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0] + bias
