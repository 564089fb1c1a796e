"""Wrong answers to large_kernel: convolution by Fourier transforms."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "conv2d_by_fft"


def transforms(images, kernel, size):
    """Transform images (N, C, H, W) and kernels (F, C, KH, KW), both padded with zeros to this size."""
    return torch.fft.rfft2(images, s=size), torch.fft.rfft2(kernel, s=size)


def multiplied(images, kernels, size):
    """Convolve channel by channel, add up, and transform back."""
    return torch.fft.irfft2(torch.einsum("nchw,fchw->nfhw", images, kernels), s=size)


BOTH = (transforms, multiplied)


@wrong(NAME, fails="single", helpers=BOTH, hint="Which number of the kernel meets the pixel at the top left first?")
def without_the_conjugate(input, kernel, padding=0):
    """the transforms were multiplied as they are: that turns the kernel by 180°."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other, (h, w))[:, :, kh - 1 :, kw - 1 :]


@wrong(NAME, fails="single", helpers=BOTH, hint="At which index of the whole result does the first window stand?")
def cropped_from_the_wrong_corner(input, kernel, padding=0):
    """the wrong corner of the result was cut out: outputs whose windows hang over the edge came with it."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, kh - 1 :, kw - 1 :]


@wrong(NAME, fails="single", helpers=BOTH, hint="How many windows fit into the image? How many outputs do you return?")
def nothing_cropped(input, kernel, padding=0):
    """the result is as large as the image: the windows that wrap around its edge are still there."""
    images = F.pad(input, [padding] * 4)
    one, other = transforms(images, kernel, images.shape[2:])
    return multiplied(one, other.conj(), images.shape[2:])


@wrong(NAME, fails="single", hint="Call irfft2 on the transform of a row of 5 numbers. How many come back?")
def size_not_told_on_the_way_back(input, kernel, padding=0):
    """the inverse transform was not given the size: where the width is odd, a column is missing."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = torch.fft.rfft2(images), torch.fft.rfft2(kernel, s=(h, w))
    whole = torch.fft.irfft2(torch.einsum("nchw,fchw->nfhw", one, other.conj()))
    return whole[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="single", helpers=BOTH, hint="Try it with 0.5 in the kernel. Where do your fractions go?")
def rounded_to_whole_numbers(input, kernel, padding=0):
    """the result was rounded to whole numbers, to get rid of small errors."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w)).round()[:, :, : h - kh + 1, : w - kw + 1]


@wrong(
    NAME, fails="transforms", helpers=BOTH, hint="Make the image a thousand times darker. What becomes of the result?"
)
def small_outputs_set_to_zero(input, kernel, padding=0):
    """small outputs were taken for errors of the transforms and set to 0."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    output = multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1]
    return output * (output.abs() >= 1e-3)


@wrong(
    NAME, fails="rectangles", helpers=BOTH, hint="Which of your sizes is read from the height, though it is a width?"
)
def square_transforms_only(input, kernel, padding=0):
    """the transforms were made as wide as the image is tall."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, h))
    return multiplied(one, other.conj(), (h, h))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="batch", hint="How many channels does one output look at? What does your result do with the second?")
def first_channel_only(input, kernel, padding=0):
    """only the first input channel counts."""
    images = F.pad(input, [padding] * 4)[:, :1]
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = torch.fft.rfft2(images), torch.fft.rfft2(kernel[:, 0], s=(h, w))
    return torch.fft.irfft2(one * other.conj(), s=(h, w))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="batch", helpers=BOTH, hint="Call it with two images that differ. Do their results differ?")
def images_added_up(input, kernel, padding=0):
    """the images of the batch were added up, and each got the result for all."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images.sum(0, keepdim=True).expand(images.shape), kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="padding", helpers=BOTH, hint="What lies to the left of the image, in a transform, and what should?")
def wrapped_round_where_padded(input, kernel, padding=0):
    """beyond the edge lies the opposite edge of the image, where there should be zeros."""
    rows = torch.arange(-padding, input.shape[2] + padding) % input.shape[2]
    columns = torch.arange(-padding, input.shape[3] + padding) % input.shape[3]
    images = input[:, :, rows][..., columns]
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="padding", helpers=BOTH, hint="In which place of your result does the window at the top left stand?")
def padded_below_and_right_only(input, kernel, padding=0):
    """all zeros were added below and on the right, none above and on the left."""
    images = F.pad(input, (0, 2 * padding, 0, 2 * padding))
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(NAME, fails="large", helpers=BOTH, hint="How large may an image be before your transform cuts it off?")
def transforms_of_a_fixed_size(input, kernel, padding=0):
    """the transforms have a fixed size of 32 × 32, and cut off whatever is larger."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (32, 32))
    return F.pad(multiplied(one, other.conj(), (32, 32)), (0, w, 0, h))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(
    NAME,
    fails="transforms",
    hint="How many multiplications does your way take for a kernel of 31 × 31? Where is torch.fft?",
)
def windows_after_all(input, kernel, padding=0):
    """the kernel slides over windows, and nothing is transformed."""
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    return torch.einsum("ncijkl,fckl->nfij", windows, kernel)


@wrong(NAME, fails="arguments", helpers=BOTH, hint="Which of your lines writes into a tensor? Whose tensor is it?")
def kernel_scaled_in_place(input, kernel, padding=0):
    """the caller's own kernel was divided by the number of pixels."""
    images = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    kernel /= h * w + 1
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1] * (h * w + 1)


@wrong(
    NAME,
    fails="single",
    helpers=BOTH,
    hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.",
)
def empty_slice_without_padding(input, kernel, padding=0):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    (h, w), (kh, kw) = images.shape[2:], kernel.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - kh + 1, : w - kw + 1]


@wrong(
    NAME,
    fails="rectangles",
    helpers=BOTH,
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(input, kernel, padding=0):
    """the kernel's height was taken for its width, too."""
    images, side = F.pad(input, [padding] * 4), kernel.shape[2]
    h, w = images.shape[2:]
    one, other = transforms(images, kernel, (h, w))
    return multiplied(one, other.conj(), (h, w))[:, :, : h - side + 1, : w - side + 1]


@wrong(NAME, fails="single", library=True, hint="Transform both, multiply, transform back: that is all there is to do.")
def library_convolution(input, kernel, padding=0):
    """the library does the convolution."""
    return F.conv2d(input, kernel, padding=padding)
