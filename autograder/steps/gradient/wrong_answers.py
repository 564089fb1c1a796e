"""Wrong answers to gradient: the way back through a convolution."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "conv2d_backward"


def back(input, kernel, grad_output, stride, padding):
    """Return the gradients of the padded input and of the kernel."""
    images, (kh, kw) = F.pad(input, [padding] * 4), kernel.shape[2:]
    grad_images, grad_kernel = torch.zeros_like(images), torch.zeros_like(kernel)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            grad_kernel += torch.einsum("nf,nckl->fckl", grad_output[:, :, i, j], images[:, :, rows, columns])
            grad_images[:, :, rows, columns] += torch.einsum("nf,fckl->nckl", grad_output[:, :, i, j], kernel)
    return grad_images, grad_kernel


def without(images, padding):
    """Return the images without their padding."""
    return images[:, :, padding : images.shape[2] - padding, padding : images.shape[3] - padding]


@wrong(NAME, fails="bias", helpers=(back, without), hint="How many biases has the layer? Which axes must be gone?")
def bias_for_each_image(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the bias was not summed over the images."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((2, 3))


@wrong(NAME, fails="bias", helpers=(back, without), hint="If a bias grows by 1, how many outputs grow by 1?")
def mean_for_the_bias(input, kernel, grad_output, stride=1, padding=0):
    """the mean was taken for the bias where a sum belongs."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.mean((0, 2, 3))


@wrong(
    NAME,
    fails=("kernel", "input"),
    helpers=(back, without),
    hint="In which order does the caller take the three gradients apart? Look at the docstring.",
)
def input_and_kernel_exchanged(input, kernel, grad_output, stride=1, padding=0):
    """the gradients come in another order than asked for: the kernel's before the input's."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return grad_kernel, without(grad_images, padding), grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="kernel",
    helpers=(back, without),
    hint="On which pixel does kernel[0, 0] lie for output (0, 0)? Turn nothing.",
)
def kernel_gradient_turned(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the kernel is turned by 180°."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel.flip(2, 3), grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="kernel",
    helpers=(back, without),
    hint="What does the gradient hold after the first output, and after the last?",
)
def last_output_only_for_the_kernel(input, kernel, grad_output, stride=1, padding=0):
    """only the last output counts for the kernel: the ones before were overwritten."""
    grad_images, _ = back(input, kernel, grad_output, stride, padding)
    last = F.pad(input, [padding] * 4)[
        :, :, (grad_output.shape[2] - 1) * stride :, (grad_output.shape[3] - 1) * stride :
    ]
    window = last[:, :, : kernel.shape[2], : kernel.shape[3]]
    grad_kernel = torch.einsum("nf,nckl->fckl", grad_output[:, :, -1, -1], window)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME, fails="input", helpers=(back, without), hint="Which outputs does the pixel in the middle go into? Is it one?"
)
def windows_overwrite_one_another(input, kernel, grad_output, stride=1, padding=0):
    """where windows overlap, the later one replaces what the earlier ones gave to the input."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    (kh, kw), grad_images = kernel.shape[2:], torch.zeros_like(grad_images)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            given = torch.einsum("nf,fckl->nckl", grad_output[:, :, i, j], kernel)
            grad_images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = given
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME, fails="input", helpers=(back, without), hint="Try a kernel of (1, 2) and one output. Which pixel gets the 2?"
)
def kernel_turned_for_the_input(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the input was computed with the kernel turned by 180°."""
    grad_images, _ = back(input, kernel.flip(2, 3), grad_output, stride, padding)
    _, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="batch",
    helpers=(back, without),
    hint="All images share one kernel. Do their gradients add up, or is it their mean?",
)
def mean_over_the_images(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the kernel is the mean over the images, not their sum."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel / len(input), grad_output.sum((0, 2, 3))


@wrong(
    NAME, fails="batch", helpers=(back, without), hint="Into how many output channels does each pixel of the input go?"
)
def first_filter_only_for_the_input(input, kernel, grad_output, stride=1, padding=0):
    """only what comes back through the first filter reaches the input."""
    grad_images, _ = back(input, kernel[:1], grad_output[:, :1], stride, padding)
    _, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="stride",
    helpers=(back, without),
    hint="Where does the window of output (0, 1) begin when the stride is 2?",
)
def windows_one_step_apart(input, kernel, grad_output, stride=1, padding=0):
    """the windows are one step apart, whatever the stride is."""
    grad_images, grad_kernel = back(input, kernel, grad_output, 1, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="stride",
    helpers=(back, without),
    hint="What is the gradient of a pixel that no window has ever touched?",
)
def rows_that_no_window_reaches_left_out(input, kernel, grad_output, stride=1, padding=0):
    """the last rows and columns, which the stride does not reach, are missing from the input's gradient."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    reach = [(outputs - 1) * stride + k for outputs, k in zip(grad_output.shape[2:], kernel.shape[2:], strict=True)]
    return without(grad_images[:, :, : reach[0], : reach[1]], padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME, fails="padding", helpers=(back,), hint="What shape has the input? Who would want a gradient for the zeros?"
)
def padding_left_on(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the padded input was returned, including that of the padding."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return grad_images, grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME, fails="padding", helpers=(back,), hint="How many rows of padding stand above the image? Where does it begin?"
)
def padding_cut_off_at_the_end(input, kernel, grad_output, stride=1, padding=0):
    """all of the padding was cut off below and on the right, but only half of it is there."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return grad_images[:, :, : input.shape[2], : input.shape[3]], grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="arguments",
    helpers=(back, without),
    hint="Which of your lines write into a tensor? Who owns that tensor?",
)
def a_step_down_the_gradient_too(input, kernel, grad_output, stride=1, padding=0):
    """the caller's kernel was changed by a training step, which is not part of this function."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    kernel -= 0.5 * grad_kernel
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="input",
    helpers=(back,),
    hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.",
)
def empty_slice_without_padding(input, kernel, grad_output, stride=1, padding=0):
    """the padding was cut off by the slice [padding:-padding], which is empty where the padding is 0."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return grad_images[:, :, padding:-padding, padding:-padding], grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails=("kernel", "input"),
    helpers=(back, without),
    hint="How often do your loops turn before the function ends? Look at the indentation of return.",
)
def return_inside_the_loop(input, kernel, grad_output, stride=1, padding=0):
    """the return stands inside the loop, so that only the first output counts for kernel and input."""
    first = torch.zeros_like(grad_output)
    first[:, :, 0, 0] = grad_output[:, :, 0, 0]
    grad_images, grad_kernel = back(input, kernel, first, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="rectangles",
    helpers=(without,),
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(input, kernel, grad_output, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    images, side = F.pad(input, [padding] * 4), kernel.shape[2]
    grad_images, grad_kernel = torch.zeros_like(images), torch.zeros_like(kernel)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * stride, i * stride + side), slice(j * stride, j * stride + side)
            grad_kernel += torch.einsum("nf,nckl->fckl", grad_output[:, :, i, j], images[:, :, rows, columns])
            grad_images[:, :, rows, columns] += torch.einsum("nf,fckl->nckl", grad_output[:, :, i, j], kernel)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="batch",
    helpers=(back, without),
    hint="What does the kernel's gradient hold after the first image, and after the last?",
)
def last_image_only_for_the_kernel(input, kernel, grad_output, stride=1, padding=0):
    """only the last image counts for the kernel: the ones before were overwritten."""
    grad_images, _ = back(input, kernel, grad_output, stride, padding)
    _, grad_kernel = back(input[-1:], kernel, grad_output[-1:], stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((0, 2, 3))


@wrong(
    NAME,
    fails="batch",
    helpers=(back, without),
    hint="What does the bias's gradient hold after the first image, and after the last?",
)
def last_image_only_for_the_bias(input, kernel, grad_output, stride=1, padding=0):
    """only the last image counts for the bias: the ones before were overwritten."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output[-1].sum((1, 2))


@wrong(
    NAME,
    fails="batch",
    helpers=(back, without),
    hint="All images share one bias. Do their gradients add up, or is it their mean?",
)
def mean_over_the_images_for_the_bias(input, kernel, grad_output, stride=1, padding=0):
    """the gradient of the bias is the mean over the images, not their sum."""
    grad_images, grad_kernel = back(input, kernel, grad_output, stride, padding)
    return without(grad_images, padding), grad_kernel, grad_output.sum((2, 3)).mean(0)


@wrong(
    NAME,
    fails=("bias", "kernel", "input"),
    library=True,
    hint="Go back by hand: which numbers met which, on the way there?",
)
def autograd_of_windows(input, kernel, grad_output, stride=1, padding=0):
    """autograd finds the gradients."""
    leaves = [each.clone().requires_grad_() for each in (input, kernel, torch.zeros(len(kernel)))]
    windows = F.pad(leaves[0], [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, leaves[1]) + leaves[2][:, None, None]
    return torch.autograd.grad(output, leaves, grad_output)


@wrong(
    NAME, fails=("bias", "kernel", "input"), library=True, hint="Which operation is behind torch.nn.grad? Is it yours?"
)
def gradients_of_the_library(input, kernel, grad_output, stride=1, padding=0):
    """the library finds the gradients."""
    grad_input = nn.grad.conv2d_input(input.shape, kernel, grad_output, stride, padding)  # noqa: F821
    grad_kernel = nn.grad.conv2d_weight(input, kernel.shape, grad_output, stride, padding)  # noqa: F821
    return grad_input, grad_kernel, grad_output.sum((0, 2, 3))
