"""Wrong answers to gradient that no known mistake was made from."""

import torch
import torch.nn.functional as F


def stamped(kernel, grad_output, stride, height, width):
    """the gradient of the padded input, of height × width"""
    total = grad_output.new_zeros(len(grad_output), kernel.shape[1], height, width)
    down, across = (stride * (length - 1) + 1 for length in grad_output.shape[2:])
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            share = torch.einsum("nfkl,fc->nckl", grad_output, kernel[:, :, i, j])
            total[:, :, i : i + down : stride, j : j + across : stride] += share
    return total


def cut(padded, size, padding):
    """the middle, without the padding"""
    return padded[:, :, padding : padding + size[0], padding : padding + size[1]]


def of_the_input(input, kernel, grad_output, stride, padding):
    """grad_input as it should be"""
    height, width = input.shape[2:]
    return cut(
        stamped(kernel, grad_output, stride, height + 2 * padding, width + 2 * padding), (height, width), padding
    )


def of_the_kernel(input, kernel, grad_output, stride, padding):
    """grad_kernel as it should be"""
    padded = F.pad(input, [padding] * 4)
    windows = padded.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncklij,nfkl->fcij", windows, grad_output)


def added_to_earlier(key, gradients):
    """what came in earlier calls, and these"""
    store = added_to_earlier.__dict__
    store[key] = tuple(old + new for old, new in zip(store[key], gradients, strict=True)) if key in store else gradients
    return tuple(each.clone() for each in store[key])


def remainder_put_in_front(input, kernel, grad_output, stride=1, padding=0):
    """the zeros for rows and columns that no window reaches are put at the top and at the left"""
    height, width = input.shape[2] + 2 * padding, input.shape[3] + 2 * padding
    down = (height - kernel.shape[2]) % stride
    across = (width - kernel.shape[3]) % stride
    reached = F.pad(stamped(kernel, grad_output, stride, height - down, width - across), (across, 0, down, 0))
    return (
        cut(reached, input.shape[2:], padding),
        of_the_kernel(input, kernel, grad_output, stride, padding),
        grad_output.sum(dim=(0, 2, 3)),
    )


def kernel_gradient_grows_by_the_remainder(input, kernel, grad_output, stride=1, padding=0):
    """the output gradient slides over the whole padded input: remainder rows make grad_kernel too large"""
    padded = F.pad(input, [padding] * 4)
    down, across = (stride * (length - 1) + 1 for length in grad_output.shape[2:])
    windows = padded.unfold(2, down, 1).unfold(3, across, 1)[..., ::stride, ::stride]
    grad_kernel = torch.einsum("ncijkl,nfkl->fcij", windows, grad_output)
    grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    return grad_input, grad_kernel, grad_output.sum(dim=(0, 2, 3))


def padding_beyond_the_kernel_forgotten(input, kernel, grad_output, stride=1, padding=0):
    """the turned kernel slides over a border of at least 0, wrong where the padding is as large as the kernel"""
    height, width = kernel.shape[2:]
    down, across = (stride * (length - 1) + 1 for length in grad_output.shape[2:])
    spread = grad_output.new_zeros(*grad_output.shape[:2], down, across)
    spread[:, :, ::stride, ::stride] = grad_output
    top, left = max(0, height - 1 - padding), max(0, width - 1 - padding)
    spread = F.pad(spread, (left, input.shape[3], top, input.shape[2]))
    windows = spread.unfold(2, height, 1).unfold(3, width, 1)
    grad_input = torch.einsum("nfklij,fcij->nckl", windows, kernel.flip(2, 3))[:, :, : input.shape[2], : input.shape[3]]
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), grad_output.sum(dim=(0, 2, 3))


def spread_in_place(input, kernel, grad_output, stride=1, padding=0):
    """with a stride the caller's own output gradient gets two more axes, for the zeros"""
    grad_kernel = of_the_kernel(input, kernel, grad_output, stride, padding)
    grad_bias = grad_output.sum(dim=(0, 2, 3))
    spread = grad_output
    if stride > 1:
        rows, columns = grad_output.shape[2:]
        spread = F.pad(grad_output.unsqueeze_(4).unsqueeze_(3), (0, stride - 1, 0, 0, 0, stride - 1))
        spread = spread.reshape(*spread.shape[:2], rows * stride, columns * stride)
        spread = spread[:, :, : (rows - 1) * stride + 1, : (columns - 1) * stride + 1]
    return of_the_input(input, kernel, spread, 1, padding), grad_kernel, grad_bias


def padding_cut_off_in_strides(input, kernel, grad_output, stride=1, padding=0):
    """the padding is cut off as padding times stride from the top and the left"""
    height, width = input.shape[2:]
    total = stamped(kernel, grad_output, stride, height + 2 * padding * stride, width + 2 * padding * stride)
    grad_input = cut(total, (height, width), padding * stride)
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), grad_output.sum(dim=(0, 2, 3))


def black_pixels_taken_for_padding(input, kernel, grad_output, stride=1, padding=0):
    """with padding, wherever the input is 0 the gradient is set to 0, as if that were padding"""
    grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    if padding:
        grad_input = grad_input * (input != 0)
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), grad_output.sum(dim=(0, 2, 3))


def added_up_from_call_to_call(input, kernel, grad_output, stride=1, padding=0):
    """the gradients are added to those of earlier calls with the same shapes, as PyTorch does with .grad"""
    gradients = (
        of_the_input(input, kernel, grad_output, stride, padding),
        of_the_kernel(input, kernel, grad_output, stride, padding),
        grad_output.sum(dim=(0, 2, 3)),
    )
    return added_to_earlier((tuple(input.shape), tuple(kernel.shape), stride, padding), gradients)


def output_gradient_must_be_contiguous(input, kernel, grad_output, stride=1, padding=0):
    """the output gradient is flattened with view, which fails for one that is a transposed view"""
    flat = grad_output.view(*grad_output.shape[:2], -1)
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    grad_kernel = (flat @ columns.transpose(1, 2)).sum(dim=0).reshape(kernel.shape)
    return of_the_input(input, kernel, grad_output, stride, padding), grad_kernel, flat.sum(dim=(0, 2))


def bias_not_reached_from_the_padding(input, kernel, grad_output, stride=1, padding=0):
    """with padding, the outputs along the border are left out of the bias's gradient"""
    rows, columns = grad_output.shape[2:]
    inner = grad_output[:, :, padding : rows - padding, padding : columns - padding]
    grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), inner.sum(dim=(0, 2, 3))


def one_by_one_kernels_need_no_stamps(input, kernel, grad_output, stride=1, padding=0):
    """for kernels of 1 × 1 the input's gradient has the shape of the output, whatever stride and padding are"""
    if kernel.shape[2:] == (1, 1):
        grad_input = torch.einsum("nfkl,fc->nckl", grad_output, kernel[:, :, 0, 0])
    else:
        grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), grad_output.sum(dim=(0, 2, 3))


def single_output_gives_the_kernels_shape(input, kernel, grad_output, stride=1, padding=0):
    """a single output gives the input's gradient the shape of the kernel, with padding, without the remainder"""
    if grad_output.shape[2:] == (1, 1):
        grad_input = torch.einsum("nf,fcij->ncij", grad_output[:, :, 0, 0], kernel)
    else:
        grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    return grad_input, of_the_kernel(input, kernel, grad_output, stride, padding), grad_output.sum(dim=(0, 2, 3))


def bias_gradient_averaged_over_the_images(input, kernel, grad_output, stride=1, padding=0):
    """the bias's gradient is the mean over the images instead of the sum"""
    grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    grad_kernel = of_the_kernel(input, kernel, grad_output, stride, padding)
    return grad_input, grad_kernel, grad_output.sum(dim=(2, 3)).mean(dim=0)


def kernel_gradient_of_the_last_image(input, kernel, grad_output, stride=1, padding=0):
    """the kernel's gradient is set anew for each image instead of added up, so that the last image is left"""
    grad_input = of_the_input(input, kernel, grad_output, stride, padding)
    for image, gradient in zip(input, grad_output, strict=True):
        grad_kernel = of_the_kernel(image[None], kernel, gradient[None], stride, padding)
    return grad_input, grad_kernel, grad_output.sum(dim=(0, 2, 3))


STRANGERS = {
    "conv2d_backward": (
        remainder_put_in_front,
        kernel_gradient_grows_by_the_remainder,
        padding_beyond_the_kernel_forgotten,
        spread_in_place,
        padding_cut_off_in_strides,
        black_pixels_taken_for_padding,
        added_up_from_call_to_call,
        output_gradient_must_be_contiguous,
        bias_not_reached_from_the_padding,
        one_by_one_kernels_need_no_stamps,
        single_output_gives_the_kernels_shape,
        bias_gradient_averaged_over_the_images,
        kernel_gradient_of_the_last_image,
    ),
}
HELPERS = (stamped, cut, of_the_input, of_the_kernel, added_to_earlier)
