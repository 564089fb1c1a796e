"""Wrong answers to dilation_groups: every option of the library's convolution."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "matrix_multiplication_for_conv2d_final"


def refuse_indivisible(input, kernel, groups):
    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise ValueError("groups must divide the channels")


def windows_of(images, kernel, stride, dilation):
    """Map (N, C, H, W) to (N, C, OH, OW, KH, KW)."""
    spans = [dilation * (size - 1) + 1 for size in kernel.shape[2:]]
    return images.unfold(2, spans[0], stride).unfold(3, spans[1], stride)[..., ::dilation, ::dilation]


def filtered(windows, kernel, groups):
    """Map (N, C, OH, OW, KH, KW), (F, C / groups, KH, KW) to (N, F, OH, OW)."""
    parts = zip(windows.chunk(groups, 1), kernel.chunk(groups, 0), strict=True)
    return torch.cat([torch.einsum("ncijkl,fckl->nfij", part, own) for part, own in parts], 1)


def add_bias(output, bias):
    return output if bias is None else output + bias[:, None, None]


CELLS = (refuse_indivisible, windows_of, filtered, add_bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="Which number of the kernel meets the window's top left pixel? In this course nothing is turned.",
)
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the kernel was turned by 180° before it slid over the image."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel.flip(2, 3), groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="Try two input channels, the last of them all zeros. What should the first one still contribute?",
)
def last_channel_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """each input channel's result replaced the one before it, so that only the last channel counts."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    only_last = torch.zeros_like(kernel)
    only_last[:, -1] = kernel[:, -1]
    return add_bias(filtered(windows, only_last, groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="With a stride of 2, how many places does a 2 x 2 kernel have in a row of 6 pixels? Count them on paper.",
)
def size_without_the_stride(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the size of the output was computed without dividing by the stride."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    found = add_bias(filtered(windows_of(images, kernel, stride, dilation), kernel, groups), bias)
    height, width = (images.shape[axis] - dilation * (kernel.shape[axis] - 1) for axis in (2, 3))
    output = torch.zeros(*found.shape[:2], height, width)
    output[:, :, : found.shape[2], : found.shape[3]] = found
    return output


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="Print the shape of the padded input. How many numbers does F.pad take for an axis, and which axis is first?",
)
def channels_padded_too(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the channels were padded as well as height and width."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 6)[:, : input.shape[1]], kernel, stride, dilation)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="Give it two different images in one batch. Are the results different, too?",
)
def first_image_for_all(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """every image of the batch got the result of the first one."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input[:1].expand_as(input), [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Where in your code does the dilation have an effect?",
)
def dilation_ignored(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the dilation is taken as an argument and then never used."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, 1)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="The output has the right size. Which pixels does one window take in, and how far apart do they lie?",
)
def dilation_in_the_size_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the dilation counts in the size of the output, but the pixels of a window still lie side by side."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = windows_of(images, kernel, stride, dilation).shape[2:4]
    windows = windows_of(images, kernel, stride, 1)[:, :, :oh, :ow]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="The pixels are picked as they should be. How many places are there for a kernel that is spread so far?",
)
def dilation_in_the_slice_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the pixels of a window are spread, but the size of the output was computed as if they were not."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = ((images.shape[axis] - kernel.shape[axis]) // stride + 1 for axis in (2, 3))
    output = torch.zeros(images.shape[0], kernel.shape[0], oh, ow)
    for i in range(oh):
        for j in range(ow):
            window = images[:, :, i * stride :, j * stride :]
            output[:, :, i, j] = filtered(windows_of(window, kernel, 1, dilation), kernel, groups)[:, :, 0, 0]
    return add_bias(output, bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Draw a kernel of 3 with dilation 2. How many pixels are there from the first to the last, both included?",
)
def span_one_too_long(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the spread kernel was taken to be dilation times its size, as if there were a gap after its last pixel."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape[2:]
    windows = images.unfold(2, dilation * kh, stride).unfold(3, dilation * kw, stride)[..., ::dilation, ::dilation]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Put a kernel of 2 with dilation 1 into your formula for the spread size. Then one with dilation 3.",
)
def dilation_added_to_the_size(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the kernel's size grew by the dilation less 1 only once, not once for each of its gaps."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = ((images.shape[axis] - (kernel.shape[axis] + dilation - 1)) // stride + 1 for axis in (2, 3))
    windows = windows_of(images, kernel, stride, dilation)
    output = torch.zeros(images.shape[0], kernel.shape[0], oh, ow)
    found = filtered(windows, kernel, groups)[:, :, :oh, :ow]
    output[:, :, : found.shape[2], : found.shape[3]] = found
    return add_bias(output, bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Look at a window of a kernel with several columns: how far apart are its columns, and how far its rows?",
)
def dilation_downwards_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the rows of a window are spread by the dilation, but its columns lie side by side."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = windows_of(images, kernel, stride, dilation).shape[2:4]
    span = dilation * (kernel.shape[2] - 1) + 1
    windows = images.unfold(2, span, stride).unfold(3, kernel.shape[3], stride)[:, :, :oh, :ow, ::dilation]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Dilation and stride: which one is about the pixels inside one window, and which about where windows start?",
)
def dilation_taken_for_the_stride(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the window moves by the dilation as well, as if it were a second stride."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride * dilation, dilation)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="dilation",
    helpers=CELLS,
    hint="Which of the two is spread by the dilation, the kernel or the image?",
)
def image_spread_instead(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the pixels of the image were spread by the dilation, with zeros between them, and not those of the kernel."""
    refuse_indivisible(input, kernel, groups)
    spread = torch.zeros(*input.shape[:2], *(dilation * (size - 1) + 1 for size in input.shape[2:]))
    spread[:, :, ::dilation, ::dilation] = input
    return add_bias(filtered(windows_of(F.pad(spread, [padding] * 4), kernel, stride, 1), kernel, groups), bias)


@wrong(
    NAME,
    fails="rectangles",
    helpers=CELLS,
    hint="Try an input that is wider than tall. Which of its sides does each axis of your output come from?",
)
def output_made_square(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the output was made as wide as it is tall."""
    refuse_indivisible(input, kernel, groups)
    found = add_bias(filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups), bias)
    output = torch.zeros(*found.shape[:3], found.shape[2])
    width = min(found.shape[2:])
    output[:, :, :, :width] = found[:, :, :, :width]
    return output


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="Which input channels does the first kernel of the second group look at?",
)
def channel_not_offset_by_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """every group looks at the input channels of the first group."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows[:, : kernel.shape[1]], kernel, 1), bias)


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="With 4 kernels in 2 groups, which of them belong to the first group? Write the groups down in a row.",
)
def group_by_remainder(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """kernels were given to the groups in turn, one each, instead of group after group."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation).chunk(groups, 1)
    output = [filtered(windows[b % groups], kernel[b : b + 1], 1) for b in range(len(kernel))]
    return add_bias(torch.cat(output, 1), bias)


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="Count the kernels that your code really uses. There are F of them, over all groups together.",
)
def kernel_counted_inside_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """every group used the kernels of the first group."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    first = kernel[: len(kernel) // groups]
    return add_bias(filtered(windows, torch.cat([first] * groups), groups), bias)


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="A kernel has C / groups channels. How many input channels may it see?",
)
def groups_ignored_all_channels(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the kernels were repeated until they reach over all input channels, so that the groups are not kept apart."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel.repeat(1, groups, 1, 1), 1), bias)


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="Each group gives F / groups output channels. What is to happen with those of two groups?",
)
def groups_added_up(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the results of the groups were added up instead of put one after the other."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    added = sum(output.chunk(groups, 1))
    return added if bias is None else added + bias[: added.shape[1], None, None]


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="In which order do the output channels come: all of the first group first, or one of each group in turn?",
)
def output_channels_interleaved(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the output channels of the groups were shuffled together, one of each in turn."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    return add_bias(torch.stack(output.chunk(groups, 1), 2).flatten(1, 2), bias)


@wrong(
    NAME,
    fails="groups",
    helpers=CELLS,
    hint="By how many input channels does the next group start further on? Try F different from C.",
)
def channel_offset_by_the_filters(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a group's first input channel was counted in output channels, of which a group may have more or fewer."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    (f, cg), output = kernel.shape[:2], []
    for b in range(f):
        first = b // (f // groups) * (f // groups)
        output.append(filtered(windows[:, first : first + cg], kernel[b : b + 1], 1))
    return add_bias(torch.cat(output, 1), bias)


@wrong(
    NAME,
    fails="depthwise",
    helpers=CELLS,
    hint="With groups = C and twice as many kernels as channels, which channel does the second kernel look at?",
)
def depthwise_with_f_equal_to_c_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the depthwise case takes the input channel with the kernel's own number, which fits one kernel a channel."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    if groups == input.shape[1] > 1:
        windows = torch.cat([windows[:, b % groups :][:, :1] for b in range(len(kernel))], 1)
        return add_bias(filtered(windows, kernel, len(kernel)), bias)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="bias",
    helpers=CELLS,
    hint="How many biases are there, and which one does the first kernel of the second group get?",
)
def bias_counted_inside_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """every group was given the biases of the first group."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    return output if bias is None else output + bias[: len(bias) // groups].repeat(groups)[:, None, None]


@wrong(
    NAME,
    fails="bias",
    helpers=CELLS,
    hint="Is the line that adds the bias inside the loop over the input channels, or after it?",
)
def bias_for_each_channel(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the bias was added once for every input channel."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    return output if bias is None else output + bias[:, None, None] * kernel.shape[1]


@wrong(
    NAME,
    fails="bias",
    helpers=CELLS,
    hint="Call it without a bias. What is bias then?",
)
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the bias was used without a look at whether there is one."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    return output + bias[:, None, None]


@wrong(
    NAME,
    fails="bias",
    helpers=CELLS,
    hint="Try a bias of 10 and 20. Which axis of the output should it go along?",
)
def first_bias_for_all(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """every output channel was given the first bias."""
    refuse_indivisible(input, kernel, groups)
    output = filtered(windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation), kernel, groups)
    return output if bias is None else output + bias[0]


def one_by_one(windows, kernel, groups):
    """Convolve each kernel with its group's channels, while there are any."""
    (f, cg), output = kernel.shape[:2], []
    for b in range(f):
        first = b // max(1, f // groups) * cg
        part = windows[:, first : first + cg]
        output.append(torch.einsum("ncijkl,ckl->nij", part, kernel[b, : part.shape[1]]))
    return torch.stack(output, 1)


UNCHECKED = (windows_of, one_by_one, add_bias)


@wrong(
    NAME,
    fails="divides",
    helpers=UNCHECKED,
    hint="What is to happen with 3 input channels and 2 groups?",
)
def groups_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that do not divide the channels were accepted, and used as far as possible."""
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(one_by_one(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="divides",
    helpers=UNCHECKED,
    hint="The groups must divide two numbers. Which one did you not look at?",
)
def input_channels_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that do not divide the input channels were not refused."""
    if kernel.shape[0] % groups:
        raise ValueError("groups must divide the output channels")
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(one_by_one(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="divides",
    helpers=UNCHECKED,
    hint="The groups must divide two numbers. Which one did you not look at?",
)
def output_channels_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that do not divide the output channels were not refused."""
    if input.shape[1] % groups:
        raise ValueError("groups must divide the input channels")
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(one_by_one(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="divides",
    helpers=CELLS,
    hint="Which kinds of error does the step ask for?",
)
def another_error_for_wrong_groups(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that do not divide the channels were refused with an error of another kind."""
    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise RuntimeError("groups must divide the channels")
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="together",
    helpers=CELLS,
    hint="Padding and dilation at once: is it the image that the dilation spreads?",
)
def padding_times_the_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the padding was multiplied by the dilation."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding * dilation] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="together",
    helpers=CELLS,
    hint="Stride and dilation at once: what does each of them count, pixels of the image or of the kernel?",
)
def stride_inside_the_window(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """with a dilation, the pixels of a window were spread by the stride as well."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = windows_of(images, kernel, stride, dilation).shape[2:4]
    room = F.pad(images, (0, stride * images.shape[3], 0, stride * images.shape[2]))
    apart = dilation if dilation == 1 else dilation * stride
    windows = windows_of(room, kernel, stride, apart)[:, :, :oh, :ow]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="arguments",
    helpers=CELLS,
    hint="Print the input before and after the call.",
)
def input_overwritten_at_the_end(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the caller's own input was set to zero at the end."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    output = add_bias(filtered(windows, kernel, groups).clone(), bias)
    input.zero_()
    return output


@wrong(
    NAME,
    fails="arguments",
    helpers=CELLS,
    hint="Call it with kernel.transpose(2, 3). Which of reshape and view needs a tensor that lies in one piece?",
)
def contiguous_kernel_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the kernel was reshaped in a way that only works where it lies in memory in one piece."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return add_bias(filtered(windows, kernel.view(len(kernel), -1).reshape(kernel.shape), groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.",
)
def empty_slice_without_padding(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    refuse_indivisible(input, kernel, groups)
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    return add_bias(filtered(windows_of(images, kernel, stride, dilation), kernel, groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?",
)
def divided_into_fractions(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the output size is a number with a fraction, because / was used where // belongs."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = ((images.shape[axis] - dilation * (kernel.shape[axis] - 1) - 1) / stride + 1 for axis in (2, 3))
    output = torch.zeros(len(input), len(kernel), oh, ow)
    output[:] = filtered(windows_of(images, kernel, stride, dilation), kernel, groups)
    return add_bias(output, bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="For stride 2, where does the second window begin? Print top and left of every window.",
)
def position_without_the_stride(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the windows begin at their number, not at their number times the stride."""
    refuse_indivisible(input, kernel, groups)
    images = F.pad(input, [padding] * 4)
    oh, ow = windows_of(images, kernel, stride, dilation).shape[2:4]
    windows = windows_of(images, kernel, 1, dilation)[:, :, :oh, :ow]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="plain",
    helpers=CELLS,
    hint="With dilation 1, are there pixels between those of a window? With dilation 2, how many?",
)
def dilation_counted_as_gaps(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the dilation was taken for the count of pixels that are skipped, so that windows are spread by 1 too much."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation + 1)
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(
    NAME,
    fails="rectangles",
    helpers=CELLS,
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the kernel's height was taken for its width, too."""
    refuse_indivisible(input, kernel, groups)
    images, span = F.pad(input, [padding] * 4), dilation * (kernel.shape[2] - 1) + 1
    windows = images.unfold(2, span, stride).unfold(3, span, stride)[..., ::dilation, ::dilation]
    return add_bias(filtered(windows, kernel, groups), bias)


@wrong(NAME, fails="bias", helpers=CELLS, hint="Where in your code is bias used? Try kernels of zeros and a bias of 1.")
def bias_ignored(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the bias was not added."""
    refuse_indivisible(input, kernel, groups)
    windows = windows_of(F.pad(input, [padding] * 4), kernel, stride, dilation)
    return filtered(windows, kernel, groups)


@wrong(
    NAME,
    fails="plain",
    library=True,
    hint="Write the loops or the matrix product yourself: the library function is what you are to rebuild.",
)
def library_convolution(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the library's own convolution was called."""
    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise ValueError("groups must divide the channels")
    return F.conv2d(input, kernel, bias, stride, padding, dilation, groups)
