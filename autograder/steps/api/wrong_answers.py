"""Wrong answers to api: the layer, the function, the size that comes out, and the numbers to learn."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

CLASS, FUNCTION, SIZE, COUNT = "conv2d_by_class", "conv2d_by_function", "output_size", "parameter_count"


@wrong(CLASS, fails="class", hint="Call your function twice in a notebook. Why are the two results not the same?")
def weight_left_random(input, weight, bias=None, stride=1, padding=0):
    """the layer kept its initial random weight."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias=bias is not None)
    if bias is not None:
        layer.bias = nn.Parameter(bias)
    return layer(input)


@wrong(
    CLASS, fails="class", hint="A layer has a bias unless you say otherwise. What are its numbers when none is given?"
)
def random_bias_where_none_is_given(input, weight, bias=None, stride=1, padding=0):
    """the layer has a random bias of its own where none was given."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding)
    layer.weight = nn.Parameter(weight)
    if bias is not None:
        layer.bias = nn.Parameter(bias)
    return layer(input)


@wrong(CLASS, fails="class", hint="The weight is (F, C, KH, KW). Which of the first two does nn.Conv2d ask for first?")
def channels_exchanged(input, weight, bias=None, stride=1, padding=0):
    """the numbers of input and output channels are exchanged."""
    layer = nn.Conv2d(weight.shape[0], weight.shape[1], weight.shape[2:], stride, padding, bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer(input)


@wrong(
    CLASS, fails="class_rectangles", hint="The kernel size may be a pair. Which two axes of the weight does it hold?"
)
def square_kernels_only(input, weight, bias=None, stride=1, padding=0):
    """the layer was built for a square kernel, from one side of the kernel only."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], stride, padding, bias=bias is not None)
    with torch.no_grad():
        layer.weight[:] = weight
        if bias is not None:
            layer.bias[:] = bias
    return layer(input)


@wrong(CLASS, fails="class", hint="Print what you return. Has the input been there at all?")
def layer_returned(input, weight, bias=None, stride=1, padding=0):
    """the layer itself was returned; it was never called with the input."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    return layer


@wrong(
    CLASS, fails="class_bias", hint="Print layer.bias before you call the layer. Are these the numbers that were given?"
)
def bias_left_random(input, weight, bias=None, stride=1, padding=0):
    """the layer kept its own random bias although one was given."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    return layer(input)


@wrong(CLASS, fails="class_bias", hint="One of the arguments does not appear in your code. Which one?")
def bias_left_out(input, weight, bias=None, stride=1, padding=0):
    """the layer has no bias although one was given."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias=False)
    layer.weight = nn.Parameter(weight)
    return layer(input)


@wrong(CLASS, fails="class_bias", hint="Who adds the bias: the layer, or you?")
def bias_added_twice(input, weight, bias=None, stride=1, padding=0):
    """the bias was added twice, by the layer and once more after it."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    if bias is None:
        return layer(input)
    layer.bias = nn.Parameter(bias)
    return layer(input) + bias[:, None, None]


@wrong(
    CLASS,
    fails="class_options",
    hint="How does the layer know how far to move? Print the layer: it tells all it knows.",
)
def stride_not_passed_on(input, weight, bias=None, stride=1, padding=0):
    """the layer was built without the stride."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], padding=padding, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    if bias is not None:
        layer.bias = nn.Parameter(bias)
    return layer(input)


@wrong(CLASS, fails="class_options", hint="Print the layer: it tells all it knows. Is there a padding?")
def padding_not_passed_on(input, weight, bias=None, stride=1, padding=0):
    """the layer was built without the padding."""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    if bias is not None:
        layer.bias = nn.Parameter(bias)
    return layer(input)


@wrong(
    FUNCTION, fails="function", hint="In which order does F.conv2d take its arguments? Names are safer than positions."
)
def stride_and_padding_exchanged(input, weight, bias=None, stride=1, padding=0):
    """stride and padding were passed in the wrong order."""
    return F.conv2d(input, weight, bias, padding, stride)


@wrong(FUNCTION, fails="function", hint="Count the arguments that your call passes on, and those that it was given.")
def function_without_the_bias(input, weight, bias=None, stride=1, padding=0):
    """the bias was not passed on."""
    return F.conv2d(input, weight, stride=stride, padding=padding)


@wrong(FUNCTION, fails="function", hint="Count the arguments that your call passes on, and those that it was given.")
def function_without_the_padding(input, weight, bias=None, stride=1, padding=0):
    """the padding was not passed on."""
    return F.conv2d(input, weight, bias, stride)


@wrong(FUNCTION, fails="function", hint="Which of the two slides over the other: the image, or the weight?")
def weight_and_input_exchanged(input, weight, bias=None, stride=1, padding=0):
    """input and weight were passed in the wrong order."""
    return F.conv2d(weight, input, bias, stride, padding)


@wrong(SIZE, fails="size", hint="How many places are there for a kernel of 1 on an axis of 1? And in your formula?")
def one_position_missing(size, kernel, stride=1, padding=0, dilation=1):
    """one position is missing: the first one counts, too."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride


@wrong(SIZE, fails="size", hint="What does 3 / 1 give in Python, and what 3 // 1?")
def divided_into_fractions(size, kernel, stride=1, padding=0, dilation=1):
    """the size is a number with a fraction, because / was used where // belongs."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1


@wrong(SIZE, fails="size", hint="With dilation 1, are there pixels between those of a kernel? Put 1 into your formula.")
def dilation_counted_as_gaps(size, kernel, stride=1, padding=0, dilation=1):
    """the dilation was taken for the count of pixels that are skipped, so that the kernel spans too much."""
    return (size + 2 * padding - (dilation + 1) * (kernel - 1) - 1) // stride + 1


@wrong(SIZE, fails="size_options", hint="A window that hangs over the end: is it counted?")
def rounded_up(size, kernel, stride=1, padding=0, dilation=1):
    """the size was rounded up, while a window that does not fit is left out."""
    return math.ceil((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


@wrong(SIZE, fails="size_options", hint="How long is an axis of 3 with a padding of 1? Draw it.")
def padding_on_one_side_only(size, kernel, stride=1, padding=0, dilation=1):
    """the padding was counted on one side of the axis only."""
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


@wrong(SIZE, fails="size_options", hint="Try an axis of 4, a kernel of 1, stride 2 on paper. Where does the 1 belong?")
def one_added_before_dividing(size, kernel, stride=1, padding=0, dilation=1):
    """the first position was added before dividing by the stride, not after."""
    return (size + 2 * padding - dilation * (kernel - 1)) // stride


@wrong(
    SIZE, fails="size_options", hint="Does a larger step give more positions, or fewer? Which argument is never used?"
)
def stride_ignored(size, kernel, stride=1, padding=0, dilation=1):
    """the stride is not used."""
    return size + 2 * padding - dilation * (kernel - 1)


@wrong(
    SIZE,
    fails="size_dilation",
    hint="Draw three pixels with one pixel between each two. How long is that from end to end?",
)
def span_is_kernel_times_dilation(size, kernel, stride=1, padding=0, dilation=1):
    """the span of the spread kernel was taken as kernel · dilation, which is too long."""
    return (size + 2 * padding - kernel * dilation) // stride + 1


@wrong(
    SIZE,
    fails="size_dilation",
    hint="Does a spread kernel need more room, or just as much? Which argument is never used?",
)
def dilation_ignored(size, kernel, stride=1, padding=0, dilation=1):
    """the dilation is not used."""
    return (size + 2 * padding - kernel) // stride + 1


@wrong(COUNT, fails="parameters", hint="Print the shapes of a layer's parameters. How many have you counted of each?")
def biases_forgotten(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the biases were not counted."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups) * height * width


@wrong(COUNT, fails="parameters", hint="What does bias=False mean for the number of biases?")
def biases_always_counted(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the biases were counted even where there are none."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups) * height * width + out_channels


@wrong(COUNT, fails="parameters", hint="How many biases has a layer with 3 input channels and 1 output channel?")
def bias_for_each_input_channel(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """a bias was counted for each input channel; there is one for each output channel."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups) * height * width + (in_channels if bias else 0)


@wrong(COUNT, fails="parameters", hint="Has a kernel of 2 × 3 as many numbers as one of 2 × 2?")
def height_for_the_width(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the kernel was taken for a square: its height was counted twice."""
    side = kernel_size if isinstance(kernel_size, int) else kernel_size[0]
    return out_channels * (in_channels // groups) * side * side + (out_channels if bias else 0)


@wrong(COUNT, fails="parameters", hint="A kernel may be given as one number. What can you do so that it is a pair?")
def pairs_only(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """a kernel size that is one number breaks the call."""
    height, width = kernel_size
    return out_channels * (in_channels // groups) * height * width + (out_channels if bias else 0)


@wrong(COUNT, fails="parameters", hint="Does every output channel see all input channels with the same kernel?")
def one_kernel_for_all_input_channels(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """a kernel was counted as one map, while it has one for each input channel."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * height * width + (out_channels if bias else 0)


@wrong(COUNT, fails="parameter_groups", hint="With 2 groups, how many input channels does one output channel look at?")
def groups_ignored(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the groups were not looked at: each output channel counts the weights for all input channels."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * in_channels * height * width + (out_channels if bias else 0)


@wrong(
    COUNT,
    fails="parameter_groups",
    hint="The number that you divide counts one group's weights. How many groups are there?",
)
def one_group_only(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the weights of one group only were counted."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    weights = (in_channels // groups) * (out_channels // groups) * height * width
    return weights + (out_channels if bias else 0)


@wrong(
    COUNT,
    fails="parameter_groups",
    hint="Do groups make a layer smaller or larger? Compare with nn.Conv2d in a free cell.",
)
def multiplied_by_the_groups(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the number of weights was multiplied by the groups, while groups save weights."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return groups * out_channels * in_channels * height * width + (out_channels if bias else 0)
