"""Wrong answers to conv1d: one-dimensional convolution by way of the two-dimensional one."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "conv1d_by_conv2d"


@wrong(
    NAME, fails="single", hint="Which axis of 1 do you add to the input, and which to the kernel? Print both shapes."
)
def axes_that_do_not_match(input, kernel, bias=None, stride=1, padding=0):
    """the input became a row and the kernel a column, so that the kernel does not lie on the input."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(3), bias, (1, stride), (0, padding))
    return output.squeeze(2)


@wrong(NAME, fails="single", hint="How many axes has your result, and how many has the one that is asked for?")
def extra_axis_left(input, kernel, bias=None, stride=1, padding=0):
    """the axis that was added for the 2-D convolution is still there in the result."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding))


@wrong(NAME, fails="single", hint="Without a number, squeeze takes away more than one axis. Which ones should stay?")
def all_axes_of_length_1_squeezed(input, kernel, bias=None, stride=1, padding=0):
    """every axis of length 1 was dropped, not only the one that was added."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding)).squeeze()


@wrong(NAME, fails="single", hint="Does a kernel of (1, 2) give the same as (2, 1) in your function? Should it?")
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0):
    """the kernel was turned round before it was laid on the signal."""
    output = F.conv2d(input.unsqueeze(2), kernel.flip(2).unsqueeze(2), bias, (1, stride), (0, padding))
    return output.squeeze(2)


@wrong(NAME, fails="single", hint="Print the dtype of your result. What becomes of 2.5 in it?")
def whole_numbers_only(input, kernel, bias=None, stride=1, padding=0):
    """the result is a tensor of whole numbers."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding))
    return output.squeeze(2).long()


@wrong(
    NAME, fails="channels", hint="How many channels has your kernel, and how many of them does the result depend on?"
)
def first_channel_only(input, kernel, bias=None, stride=1, padding=0):
    """only the first input channel counts."""
    output = F.conv2d(input[:, :1, None], kernel[:, :1, None], bias, (1, stride), (0, padding))
    return output.squeeze(2)


@wrong(NAME, fails="channels", hint="One output is a sum over all channels. Do you take a mean somewhere?")
def mean_of_the_channels(input, kernel, bias=None, stride=1, padding=0):
    """the mean over the input channels was taken where their sum belongs."""
    weight = kernel.unsqueeze(2) / kernel.shape[1]
    return F.conv2d(input.unsqueeze(2), weight, bias, (1, stride), (0, padding)).squeeze(2)


@wrong(NAME, fails="filters", hint="How many output channels should 3 kernels give?")
def filters_added_up(input, kernel, bias=None, stride=1, padding=0):
    """the results of all kernels were added up into one output channel."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding)).squeeze(2)
    return output.sum(1, keepdim=True)


@wrong(NAME, fails="filters", hint="Which index on the kernel changes from one output channel to the next?")
def first_filter_only(input, kernel, bias=None, stride=1, padding=0):
    """only the first kernel was used."""
    bias = bias if bias is None else bias[:1]
    return F.conv2d(input.unsqueeze(2), kernel[:1, :, None], bias, (1, stride), (0, padding)).squeeze(2)


@wrong(NAME, fails="batch", hint="Call it with two signals. Where in your result is the second one?")
def first_signal_only(input, kernel, bias=None, stride=1, padding=0):
    """only the first signal of the batch was convolved."""
    output = F.conv2d(input[0].unsqueeze(1), kernel.unsqueeze(2), bias, (1, stride), (0, padding))
    return output.squeeze(1)[None]


@wrong(NAME, fails="batch", hint="A reshape never moves a number past another. Which axes should change places?")
def signals_as_rows_of_one_image(input, kernel, bias=None, stride=1, padding=0):
    """the signals became the rows of one image, and its output was reshaped where two axes had to change places."""
    image = input.transpose(0, 1)[None]
    output = F.conv2d(image, kernel.unsqueeze(2), bias, (1, stride), (0, padding))[0]
    return output.reshape(len(input), len(kernel), -1)


@wrong(NAME, fails="bias", hint="One of the arguments does not appear in your code. Which one?")
def bias_left_out(input, kernel, bias=None, stride=1, padding=0):
    """the bias was not added."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), None, (1, stride), (0, padding))
    return output.squeeze(2)


@wrong(NAME, fails="bias", hint="What is the bias when the caller does not give one?")
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0):
    """a call without a bias breaks."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), None, (1, stride), (0, padding))
    return output.squeeze(2) + bias.reshape(-1, 1)


@wrong(NAME, fails="bias", hint="Who adds the bias: F.conv2d, or you?")
def bias_added_twice(input, kernel, bias=None, stride=1, padding=0):
    """the bias was added twice, by F.conv2d and once more after it."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding)).squeeze(2)
    return output if bias is None else output + bias[:, None]


@wrong(
    NAME,
    fails="stride",
    hint="Does the result get shorter when the stride grows? On which axis of the images should F.conv2d use it?",
)
def stride_not_passed_on(input, kernel, bias=None, stride=1, padding=0):
    """the stride does not reach the axis of the signal, so the window moves by 1."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, padding=(0, padding)).squeeze(2)


@wrong(
    NAME,
    fails="stride",
    alias="stride_not_passed_on",
    hint="A pair is for height and width, in this order. Which of the two is the length of the signal?",
)
def stride_for_the_other_axis(input, kernel, bias=None, stride=1, padding=0):
    """the stride went to the axis of length 1, where there is nowhere to move."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (stride, 1), (0, padding)).squeeze(2)


@wrong(NAME, fails="padding", hint="Print the shape that F.conv2d gives with padding=1. How many rows are there now?")
def padding_on_both_axes(input, kernel, bias=None, stride=1, padding=0):
    """the padding reached the axis of length 1 as well, so that there are more rows than one."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, stride, padding).squeeze(2)


@wrong(NAME, fails="padding", hint="Print all rows that F.conv2d gives with padding=1. Which of them is the signal's?")
def first_row_after_padding_both_axes(input, kernel, bias=None, stride=1, padding=0):
    """the padding made rows of zeros, and the result is that of a row of zeros."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), padding)[:, :, 0]


@wrong(NAME, fails="padding", hint="How long is a signal of 3 with a padding of 1? Count both ends.")
def padding_at_the_beginning_only(input, kernel, bias=None, stride=1, padding=0):
    """zeros were added at the beginning of the signal only."""
    signals = F.pad(input, (padding, 0))
    return F.conv2d(signals.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride)).squeeze(2)


@wrong(
    NAME, fails="together", hint="Try stride=2 and padding=1 together. How long is the padded signal in your function?"
)
def padding_times_stride(input, kernel, bias=None, stride=1, padding=0):
    """with a stride, more zeros were added than the padding says."""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding * stride))
    return output.squeeze(2)


@wrong(NAME, fails="arguments", hint="Methods that end in _ work in place. Does the caller's input keep its shape?")
def axes_added_in_place(input, kernel, bias=None, stride=1, padding=0):
    """the axis was added to the caller's own tensors."""
    input.unsqueeze_(2)
    kernel.unsqueeze_(2)
    return F.conv2d(input, kernel, bias, (1, stride), (0, padding)).squeeze(2)


@wrong(
    NAME,
    fails="padding",
    hint="A pair is for height and width, in this order. Which of the two is the length of the signal?",
)
def padding_for_the_other_axis(input, kernel, bias=None, stride=1, padding=0):
    """the padding went to the axis of length 1, so that there are rows of zeros."""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (padding, 0)).squeeze(2)


@wrong(NAME, fails="single", library=True, hint="Which function does this step ask you to do without?")
def library_conv1d(input, kernel, bias=None, stride=1, padding=0):
    """the library's own 1-D convolution was called."""
    return F.conv1d(input, kernel, bias, stride, padding)


@wrong(NAME, fails="single", library=True, hint="Which function does this step ask you to do without?")
def library_convolution_of_three_axes(input, kernel, bias=None, stride=1, padding=0):
    """the library's own convolution was called with signals of three axes."""
    return torch.convolution(input, kernel, bias, [stride], [padding], [1], False, [0], 1)
