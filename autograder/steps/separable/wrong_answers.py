"""Wrong answers to separable: depthwise, pointwise, and the one after the other."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

DEPTHWISE, POINTWISE = "depthwise_conv2d", "pointwise_conv2d"
BOTH, COUNT = "depthwise_separable_conv2d", "separable_parameter_count"


@wrong(DEPTHWISE, fails="depthwise", hint="How many channels go in, and how many should come out?")
def channels_added_up(input, kernel, stride=1, padding=0):
    """the channels were added up, while each should stay by itself."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->nij", windows, kernel[:, 0])[:, None]


@wrong(
    DEPTHWISE, fails="depthwise", hint="Which kernel lies on channel 1? Which index of the kernel changes in your code?"
)
def first_kernel_for_all_channels(input, kernel, stride=1, padding=0):
    """every channel was convolved with the first kernel."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,kl->ncij", windows, kernel[0, 0])


@wrong(DEPTHWISE, fails="depthwise", hint="How many outputs has each channel? Does one kernel ever see two channels?")
def every_kernel_on_the_sum_of_channels(input, kernel, stride=1, padding=0):
    """each kernel was laid on the sum of all channels, not on its own channel."""
    images = F.pad(input.sum(1), [padding] * 4)
    windows = images.unfold(1, kernel.shape[2], stride).unfold(2, kernel.shape[3], stride)
    return torch.einsum("nijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(DEPTHWISE, fails="depthwise", hint="Which number of the kernel lies on the top left corner of the first window?")
def kernels_flipped(input, kernel, stride=1, padding=0):
    """the kernels were turned by 180° before they were laid on the channels."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0].flip(1, 2))


@wrong(DEPTHWISE, fails="depthwise", hint="Call it with two images. Where in your result is the second one?")
def first_image_only(input, kernel, stride=1, padding=0):
    """only the first image of the batch was convolved."""
    windows = F.pad(input[:1], [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE, fails="options", hint="Does the result get smaller when the stride grows? Which argument is never used?"
)
def stride_ignored(input, kernel, stride=1, padding=0):
    """the stride is not used."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE, fails="options", hint="How far apart are the first two windows of a row, and the first two of a column?"
)
def stride_moves_right_only(input, kernel, stride=1, padding=0):
    """the stride moves the kernels to the right only, not down."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(DEPTHWISE, fails="options", hint="How tall is an image of 3 rows with a padding of 1? Count above and below.")
def padding_above_and_left_only(input, kernel, stride=1, padding=0):
    """zeros were added above and on the left only, not on all four sides."""
    images = F.pad(input, (padding, 0, padding, 0))
    if images.shape[2] < kernel.shape[2] or images.shape[3] < kernel.shape[3]:
        return images.new_zeros(*images.shape[:2], 0, 0)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE, fails="arguments", hint="Methods that end in _ work in place. Does the caller's kernel keep its shape?"
)
def kernel_squeezed_in_place(input, kernel, stride=1, padding=0):
    """the axis of length 1 was taken away from the caller's own kernel."""
    size = kernel.shape
    windows = F.pad(input, [padding] * 4).unfold(2, size[2], stride).unfold(3, size[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel.squeeze_(1))


@wrong(POINTWISE, fails="pointwise", hint="The kernel is (F, C, 1, 1). Which of the two axes is summed over?")
def weights_transposed(input, kernel):
    """the kernel's axes for output and input channels are exchanged."""
    n, c, h, w = input.shape
    return (kernel.reshape(c, -1).T @ input.reshape(n, c, h * w)).reshape(n, -1, h, w)


@wrong(POINTWISE, fails="pointwise", hint="How many output channels should 3 kernels give?")
def filters_added_up(input, kernel):
    """the results of all kernels were added up into one output channel."""
    return torch.einsum("nchw,fc->nhw", input, kernel[:, :, 0, 0])[:, None]


@wrong(
    POINTWISE, fails="pointwise", hint="One output pixel is a sum. Over what: the pixels around it, or the channels?"
)
def mean_of_the_channels(input, kernel):
    """the mean over the channels was taken where their sum belongs."""
    return torch.einsum("nchw,fc->nfhw", input, kernel[:, :, 0, 0]) / input.shape[1]


@wrong(
    POINTWISE, fails="pointwise", hint="What does the output hold after the first channel, and what after the second?"
)
def last_channel_only(input, kernel):
    """only the last input channel counts: the ones before were overwritten."""
    for c in range(input.shape[1]):
        output = input[:, c, None] * kernel[None, :, c]
    return output


@wrong(POINTWISE, fails="pointwise", hint="How many axes should the result have when there is one image?")
def axes_of_length_1_squeezed(input, kernel):
    """axes of length 1 were dropped from the result."""
    return torch.einsum("nchw,fc->nfhw", input, kernel[:, :, 0, 0]).squeeze()


@wrong(
    BOTH, fails="separable", hint="What does the pointwise part get: the image, or what the depthwise part made of it?"
)
def pointwise_gets_the_image(input, depthwise, pointwise, stride=1, padding=0):
    """the pointwise part was given the image itself, so that the depthwise part is lost."""
    images = F.pad(input, [padding] * 4)
    h, w = images.shape[2] - depthwise.shape[2] + 1, images.shape[3] - depthwise.shape[3] + 1
    return torch.einsum("nchw,fc->nfhw", images[:, :, :h:stride, :w:stride], pointwise[:, :, 0, 0])


@wrong(BOTH, fails="separable", hint="How many channels has your result, and how many does the pointwise part make?")
def pointwise_left_out(input, depthwise, pointwise, stride=1, padding=0):
    """the channels were not mixed: the pointwise part is missing."""
    windows = F.pad(input, [padding] * 4).unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, depthwise[:, 0])


@wrong(BOTH, fails="separable", hint="How many channels has the depthwise part to do with: C, or F?")
def mixed_before_the_depthwise_part(input, depthwise, pointwise, stride=1, padding=0):
    """the channels were mixed first and then convolved, which is the wrong order."""
    images = torch.einsum("nchw,fc->nfhw", F.pad(input, [padding] * 4), pointwise[:, :, 0, 0])
    windows = images.unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    return torch.stack(
        [torch.einsum("nijkl,kl->nij", windows[:, c], depthwise[c, 0]) for c in range(images.shape[1])], dim=1
    )


@wrong(BOTH, fails="separable_options", hint="After the depthwise part, is there anything left to move over?")
def stride_for_both_parts(input, depthwise, pointwise, stride=1, padding=0):
    """the stride was used twice, by the pointwise part as well."""
    windows = F.pad(input, [padding] * 4).unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    output = torch.einsum("ncijkl,ckl,fc->nfij", windows, depthwise[:, 0], pointwise[:, :, 0, 0])
    return output[:, :, ::stride, ::stride]


@wrong(
    BOTH, fails="separable_options", hint="What does padding do to a 1 × 1 convolution? How large is the result then?"
)
def padding_for_both_parts(input, depthwise, pointwise, stride=1, padding=0):
    """the zeros were added twice, around the image and around the depthwise part's result."""
    windows = F.pad(input, [padding] * 4).unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    output = torch.einsum("ncijkl,ckl,fc->nfij", windows, depthwise[:, 0], pointwise[:, :, 0, 0])
    return F.pad(output, [padding] * 4)


@wrong(BOTH, fails="separable_options", hint="Which of the two parts has windows that could hang over the edge?")
def padding_for_the_pointwise_part(input, depthwise, pointwise, stride=1, padding=0):
    """the zeros were added after the depthwise part, where they come too late."""
    if input.shape[2] < depthwise.shape[2] or input.shape[3] < depthwise.shape[3]:
        return input.new_zeros(len(input), len(pointwise), 2 * padding, 2 * padding)
    windows = input.unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    output = torch.einsum("ncijkl,ckl,fc->nfij", windows, depthwise[:, 0], pointwise[:, :, 0, 0])
    return F.pad(output, [padding] * 4)


@wrong(COUNT, fails="count", hint="Two layers learn their numbers side by side. Is the total a product, or a sum?")
def multiplied_where_added(in_channels, out_channels, kernel_size):
    """the numbers of the two parts were multiplied, which is what one full layer learns."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return in_channels * height * width * out_channels


@wrong(COUNT, fails="count", hint="How many kernels has the depthwise part? Does that depend on the output channels?")
def depthwise_kernel_for_each_output_channel(in_channels, out_channels, kernel_size):
    """a depthwise kernel was counted for each output channel; there is one for each input channel."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * height * width + in_channels * out_channels


@wrong(COUNT, fails="count", hint="Which of the two parts is missing from your sum?")
def pointwise_not_counted(in_channels, out_channels, kernel_size):
    """only the depthwise part was counted."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return in_channels * height * width


@wrong(COUNT, fails="count", hint="Has a kernel of 2 × 3 as many numbers as one of 2 × 2?")
def height_for_the_width(in_channels, out_channels, kernel_size):
    """the kernel was taken for a square: its height was counted twice."""
    side = kernel_size if isinstance(kernel_size, int) else kernel_size[0]
    return in_channels * side * side + in_channels * out_channels


@wrong(COUNT, fails="count", hint="Do these two layers have biases? Look at the arguments that they take.")
def biases_counted(in_channels, out_channels, kernel_size):
    """biases were counted, which these layers do not have."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return in_channels * (height * width + 1) + out_channels * (in_channels + 1)


@wrong(
    DEPTHWISE,
    fails="depthwise",
    hint="Try kernels with a single 1 in the top right corner. Which input element comes out?",
)
def kernels_transposed(input, kernel, stride=1, padding=0):
    """rows and columns of the kernels were exchanged."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,clk->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE,
    fails="depthwise",
    hint="How often does the loop over channels turn? Look at the indentation of your last line.",
)
def return_inside_the_loop(input, kernel, stride=1, padding=0):
    """the return stands inside the loop over channels, so that only the first one was convolved."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(*windows.shape[:4])
    for c in range(input.shape[1]):
        output[:, c] = torch.einsum("nijkl,kl->nij", windows[:, c], kernel[c, 0])
        return output


@wrong(
    DEPTHWISE, fails="depthwise", hint="What does [padding:-padding] cut out where padding is 0? Print such a slice."
)
def empty_slice_without_padding(input, kernel, stride=1, padding=0):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE,
    fails="depthwise",
    hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?",
)
def divided_into_fractions(input, kernel, stride=1, padding=0):
    """the output size is a number with a fraction, because / was used where // belongs."""
    images = F.pad(input, [padding] * 4)
    oh, ow = ((images.shape[axis] - kernel.shape[axis]) / stride + 1 for axis in (2, 3))
    output = torch.zeros(*input.shape[:2], oh, ow)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output[:] = torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])
    return output


@wrong(
    DEPTHWISE,
    fails="options",
    hint="For stride 2, where does the second window begin? Print top and left of every window.",
)
def position_without_the_stride(input, kernel, stride=1, padding=0):
    """the windows begin at their number, not at their number times the stride."""
    images = F.pad(input, [padding] * 4)
    oh, ow = ((images.shape[axis] - kernel.shape[axis]) // stride + 1 for axis in (2, 3))
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)[:, :, :oh, :ow]
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(
    DEPTHWISE, fails="rectangles", hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?"
)
def square_kernels_only(input, kernel, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    images, side = F.pad(input, [padding] * 4), kernel.shape[2]
    windows = images.unfold(2, side, stride).unfold(3, side, stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@wrong(BOTH, fails="rectangles", hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?")
def square_depthwise_kernels_only(input, depthwise, pointwise, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    images, side = F.pad(input, [padding] * 4), depthwise.shape[2]
    windows = images.unfold(2, side, stride).unfold(3, side, stride)
    return torch.einsum("ncijkl,ckl,fc->nfij", windows, depthwise[:, 0], pointwise[:, :, 0, 0])


@wrong(DEPTHWISE, fails="depthwise", library=True, hint="Which function does this step ask you to write yourself?")
def library_convolution_in_groups(input, kernel, stride=1, padding=0):
    """the library's own convolution was called."""
    return F.conv2d(input, kernel, None, stride, padding, groups=len(kernel))
