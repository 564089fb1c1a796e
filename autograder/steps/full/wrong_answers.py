"""Wrong answers to full: several images, several channels, several kernels."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "matrix_multiplication_for_conv2d_full"


@wrong(
    NAME,
    fails="single",
    hint="Which kernel element lies on the top left corner of the first window? Look at the drawing again.",
)
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0):
    """the kernels were turned by 180° before they were laid on the image."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel.flip(2, 3))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="single", hint="Which shape should come out of one image and one kernel? How many axes has yours?")
def axes_of_length_1_squeezed(input, kernel, bias=None, stride=1, padding=0):
    """axes of length 1 were dropped from the result."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None]).squeeze()


@wrong(
    NAME, fails="single", hint="Print the dtype of your result. Where did it come from, and what becomes of 2.5 in it?"
)
def whole_numbers_only(input, kernel, bias=None, stride=1, padding=0):
    """the result is a tensor of whole numbers."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None]).int()


@wrong(
    NAME,
    fails="channels",
    hint="What does the output hold after the first turn of your loop over channels, and what after the second?",
)
def last_channel_only(input, kernel, bias=None, stride=1, padding=0):
    """only the last input channel counts: the ones before were overwritten."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    for c in range(input.shape[1]):
        output = torch.einsum("nijkl,fkl->nfij", windows[:, c], kernel[:, c])
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="channels", hint="How many channels has one kernel, and which indices do you use on it?")
def first_kernel_channel_for_all(input, kernel, bias=None, stride=1, padding=0):
    """every input channel was multiplied by the first channel of the kernel."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fkl->nfij", windows, kernel[:, 0])
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="filters", hint="How many output channels should 3 kernels give? Which axes does your sum run over?")
def filters_added_up(input, kernel, bias=None, stride=1, padding=0):
    """the results of all kernels were added up into one output channel."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nij", windows, kernel)[:, None]
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="filters", hint="Which index on the kernel changes from one output channel to the next?")
def first_filter_for_all(input, kernel, bias=None, stride=1, padding=0):
    """every output channel was made with the first kernel."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel[:1].expand_as(kernel))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="batch", hint="How many images come in, and how many go out? Try a batch of two.")
def first_image_only(input, kernel, bias=None, stride=1, padding=0):
    """only the first image of the batch was convolved."""
    images = F.pad(input[:1], [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="batch",
    hint="May one image of a batch change the result of another? Which axes does your sum run over?",
)
def images_added_up(input, kernel, bias=None, stride=1, padding=0):
    """the images of the batch were added together."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(input.shape[0], kernel.shape[0], *windows.shape[2:4])
    output += torch.einsum("ncijkl,fckl->fij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="bias",
    hint="Try kernels of zeros, 3 input channels and a bias of 1. Which number should every output be?",
)
def bias_for_each_channel(input, kernel, bias=None, stride=1, padding=0):
    """the bias was added once for every input channel."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(input.shape[0], kernel.shape[0], *windows.shape[2:4])
    for c in range(input.shape[1]):
        output += torch.einsum("nijkl,fkl->nfij", windows[:, c], kernel[:, c])
        if bias is not None:
            output += bias[:, None, None]
    return output


@wrong(NAME, fails="bias", hint="Call it without a bias. What is bias then, and which line of yours meets it?")
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0):
    """the bias is used even where there is none."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    for f in range(kernel.shape[0]):
        output[:, f] += bias[f]
    return output


@wrong(NAME, fails="bias", hint="Call it without a bias. What is bias then, and which line of yours meets it?")
def bias_default_0_then_indexed(input, kernel, bias=0, stride=1, padding=0):
    """the default of the bias is a number, and is then indexed."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    for f in range(kernel.shape[0]):
        output[:, f] += 0 if bias is None else bias[f]
    return output


@wrong(NAME, fails="bias", hint="How many biases are there? Try kernels of zeros with biases 1, 2 and 3.")
def first_bias_for_all(input, kernel, bias=None, stride=1, padding=0):
    """every output channel got the first bias."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[0]


@wrong(NAME, fails="stride", hint="Print top and left of every window for stride 2. Do both grow as they should?")
def stride_moves_right_only(input, kernel, bias=None, stride=1, padding=0):
    """the stride moves the window in one direction, and not in the other."""
    images = F.pad(input, [padding] * 4)
    oh = (images.shape[2] - kernel.shape[2]) // stride + 1
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], stride)[:, :, :oh]
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="rectangles",
    hint="Try an image that is wider than tall. Which sizes does your code read, and which does it guess?",
)
def squares_only(input, kernel, bias=None, stride=1, padding=0):
    """height and width were taken to be equal."""
    images = F.pad(input, [padding] * 4)
    f, _, kh, _ = kernel.shape
    size = (images.shape[2] - kh) // stride + 1
    output = torch.zeros(input.shape[0], f, size, size)
    for i in range(size):
        for j in range(size):
            window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kh]
            output[:, :, i, j] = torch.einsum("nckl,fckl->nf", window, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", hint="Print the shape before and after padding. Which axes should have grown?")
def channels_padded_too(input, kernel, bias=None, stride=1, padding=0):
    """the padding reaches the channels of the image, and the kernel's as well."""
    images = F.pad(input, [padding] * 6)
    kernel = F.pad(kernel, (0, 0, 0, 0, 0, 2 * padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", hint="Print the shape before and after padding. Which axes should have grown?")
def channels_padded_and_broadcast(input, kernel, bias=None, stride=1, padding=0):
    """the padding reaches the channels of the image."""
    images = F.pad(input, [padding] * 6)
    n, (f, _, kh, kw) = images.shape[0], kernel.shape
    oh, ow = (images.shape[2] - kh) // stride + 1, (images.shape[3] - kw) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        for i in range(oh):
            for j in range(ow):
                window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", hint="Print the shape before and after padding. Which axes should have grown?")
def batch_padded_too(input, kernel, bias=None, stride=1, padding=0):
    """the padding reaches the batch: images of zeros were added."""
    images = F.pad(input, [padding] * 4 + [0, 0] + [padding] * 2)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", hint="Print the shape of the padded input. By how much did each side grow?")
def padding_left_and_right_only(input, kernel, bias=None, stride=1, padding=0):
    """zeros were added left and right, but not above and below."""
    images = F.pad(input, (padding, padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="together",
    hint="In which order do things happen to the image: is it padded first, or stepped over first?",
)
def stride_comes_before_the_padding(input, kernel, bias=None, stride=1, padding=0):
    """the output size was divided by the stride before the padding was added."""
    images = F.pad(input, [padding] * 4)
    (n, _, h, w), (f, _, kh, kw) = input.shape, kernel.shape
    windows = images.unfold(2, kh, stride).unfold(3, kw, stride)
    output = torch.zeros(n, f, (h - kh) // stride + 1 + 2 * padding, (w - kw) // stride + 1 + 2 * padding)
    output[:, :, : windows.shape[2], : windows.shape[3]] = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="arguments",
    hint="Which names in torch end with an underscore, and what does that mean for the tensor they are called on?",
)
def bias_reshaped_in_place(input, kernel, bias=None, stride=1, padding=0):
    """the caller's bias was reshaped itself."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias.unsqueeze_(1).unsqueeze_(2)


@wrong(
    NAME,
    fails="arguments",
    hint="Try a kernel of yours with two axes transposed. Which of torch's ways to reshape works for any tensor?",
)
def contiguous_kernel_only(input, kernel, bias=None, stride=1, padding=0):
    """the kernel was reshaped by view, which fails for a transposed kernel."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 2, 3, 1, 4, 5).flatten(3)
    output = (columns @ kernel.view(kernel.shape[0], -1).T).permute(0, 3, 1, 2)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails=("filters", "batch"), hint="Which axis comes first in the result: the images, or the kernels?")
def images_and_filters_exchanged(input, kernel, bias=None, stride=1, padding=0):
    """images and output channels changed places in the result."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None]).transpose(0, 1)


@wrong(NAME, fails="channels", hint="Try an image and a kernel of ones with 3 channels. Which number should come out?")
def channels_averaged(input, kernel, bias=None, stride=1, padding=0):
    """the input channels were averaged, not added up."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel) / input.shape[1]
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="channels", hint="How many output channels should one kernel give, whatever the image's channels?")
def channels_kept_apart(input, kernel, bias=None, stride=1, padding=0):
    """the input channels were not added up: each of them gave an output channel of its own."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfcij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None, None]).flatten(1, 2)


@wrong(NAME, fails="filters", hint="To which axis does torch align the bias when you just add it? Print both shapes.")
def bias_along_the_width(input, kernel, bias=None, stride=1, padding=0):
    """the bias was added along the width, not along the output channels."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias


@wrong(
    NAME,
    fails="batch",
    hint="How often does the loop over images turn? Look at the indentation of your last line.",
)
def return_inside_the_loop(input, kernel, bias=None, stride=1, padding=0):
    """the return stands inside the loop over images, so that only the first one was convolved."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(len(images), len(kernel), *windows.shape[2:4])
    for n in range(len(images)):
        output[n] = torch.einsum("cijkl,fckl->fij", windows[n], kernel)
        return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="stride", hint="Call it with stride 1 and with stride 2. What differs, and where do you use stride?")
def stride_ignored(input, kernel, bias=None, stride=1, padding=0):
    """the kernel moves by one element, whatever the stride is."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="single",
    hint="Try a kernel with a single 1 in its top right corner, and look which input element comes out.",
)
def kernel_transposed(input, kernel, bias=None, stride=1, padding=0):
    """rows and columns of the kernels were exchanged."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fclk->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="single",
    hint="What is [[1, 2], [3, 4]] @ [[1, 0], [0, 0]], and what is the same with * in the middle? Which one is meant?",
)
def matrix_product_with_each_window(input, kernel, bias=None, stride=1, padding=0):
    """each window was multiplied by its kernel as matrices are, not element by element."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fclm->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="single",
    hint="What is [[1, 2], [3, 4]] @ [[1, 0], [0, 0]], and what is the same with * in the middle? Which one is meant?",
)
def matrix_product_with_the_transposed_kernel(input, kernel, bias=None, stride=1, padding=0):
    """each window was multiplied by the transposed kernel as matrices are, not element by element."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fcml->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME,
    fails="single",
    hint="How often do your loops turn before the function ends? Look at the indentation of return.",
)
def return_after_the_first_output(input, kernel, bias=None, stride=1, padding=0):
    """the return stands inside the innermost loop, so that only the first output was computed."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(len(images), len(kernel), *windows.shape[2:4])
    for i in range(output.shape[2]):
        for j in range(output.shape[3]):
            output[0, 0, i, j] = (windows[0, :, i, j] * kernel[0]).sum()
            return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="single", hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.")
def empty_slice_without_padding(input, kernel, bias=None, stride=1, padding=0):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="single", hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?")
def divided_into_fractions(input, kernel, bias=None, stride=1, padding=0):
    """the output size is a number with a fraction, because / was used where // belongs."""
    images = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape[2:]
    oh, ow = (images.shape[2] - kh) / stride + 1, (images.shape[3] - kw) / stride + 1
    output = torch.zeros(len(input), len(kernel), oh, ow)
    for i in range(oh):
        for j in range(ow):
            window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[:, :, i, j] = torch.einsum("nckl,fckl->nf", window, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="rectangles", hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?")
def square_kernels_only(input, kernel, bias=None, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[2], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="bias", hint="Where in your code is bias used? Try kernels of zeros and a bias of 1.")
def bias_ignored(input, kernel, bias=None, stride=1, padding=0):
    """the bias was not added."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,fckl->nfij", windows, kernel)


@wrong(
    NAME, fails="stride", hint="For stride 2, where does the second window begin? Print top and left of every window."
)
def position_without_the_stride(input, kernel, bias=None, stride=1, padding=0):
    """the windows begin at their number, not at their number times the stride."""
    images = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape[2:]
    oh, ow = (images.shape[2] - kh) // stride + 1, (images.shape[3] - kw) // stride + 1
    windows = images.unfold(2, kh, 1).unfold(3, kw, 1)[:, :, :oh, :ow]
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    NAME, fails="single", library=True, hint="This step is about what F.conv2d does inside: which loops does it hide?"
)
def library_convolution(input, kernel, bias=None, stride=1, padding=0):
    """the library does the convolution."""
    return F.conv2d(input, kernel, bias, stride, padding)
