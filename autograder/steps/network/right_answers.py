"""Right answers to network."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

CONV2D, MAX_POOL2D, LINEAR, NETWORK, STEP = "conv2d", "max_pool2d", "linear", "network", "training_step"


def conv2d(input, kernel, bias=None, padding=0):
    """(N, C, H, W), (F, C, KH, KW), (F,) or None -> (N, F, OH, OW)."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


def max_pool2d(input, size):
    """(N, C, H, W) -> (N, C, H // size, W // size)."""
    return input.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5))


def linear(input, weight, bias):
    """(N, I), (O, I), (O,) -> (N, O)."""
    return input @ weight.T + bias


def network(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """The scores (N, classes) of images (N, C, H, W)."""
    first = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2).relu(), 2)
    return linear(second.flatten(1), weight, bias)


LAYERS = (conv2d, max_pool2d, linear)


@right(CONV2D)
def windows_of_all_images(input, kernel, bias=None, padding=0):
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@right(CONV2D)
def loops_over_all(input, kernel, bias=None, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    kh, kw = kernel.shape[2:]
    output = torch.zeros(len(images), len(kernel), images.shape[2] - kh + 1, images.shape[3] - kw + 1)
    for n in range(output.shape[0]):
        for f in range(output.shape[1]):
            for i in range(output.shape[2]):
                for j in range(output.shape[3]):
                    output[n, f, i, j] = (images[n, :, i : i + kh, j : j + kw] * kernel[f]).sum()
            if bias is not None:
                output[n, f] += bias[f]
    return output


@right(CONV2D)
def one_matrix_product(input, kernel, bias=None, padding=0):
    columns = F.unfold(input, kernel.shape[2:], padding=padding)
    output = kernel.flatten(1) @ columns
    if bias is not None:
        output = output + bias.unsqueeze(1)
    size = [side + 2 * padding - k + 1 for side, k in zip(input.shape[2:], kernel.shape[2:], strict=True)]
    return output.unflatten(2, size)


@right(CONV2D)
def shifted_images_added_up(input, kernel, bias=None, padding=0):
    images = F.pad(input, [padding] * 4)
    oh, ow = images.shape[2] - kernel.shape[2] + 1, images.shape[3] - kernel.shape[3] + 1
    output = 0 if bias is None else bias.reshape(1, -1, 1, 1)
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            shifted = images[:, :, i : i + oh, j : j + ow]
            output = output + torch.einsum("nchw,fc->nfhw", shifted, kernel[:, :, i, j])
    return output


@right(MAX_POOL2D)
def largest_of_each_window(input, size):
    return input.unfold(2, size, size).unfold(3, size, size).amax(dim=(-1, -2))


@right(MAX_POOL2D)
def cropped_and_reshaped(input, size):
    n, c, h, w = input.shape
    cropped = input[:, :, : h // size * size, : w // size * size]
    return cropped.reshape(n, c, h // size, size, w // size, size).amax((3, 5))


@right(MAX_POOL2D)
def loops_over_windows(input, size):
    n, c, h, w = input.shape
    output = torch.empty(n, c, h // size, w // size)
    for i in range(h // size):
        for j in range(w // size):
            window = input[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size]
            output[:, :, i, j] = window.flatten(2).max(dim=2).values
    return output


@right(MAX_POOL2D)
def largest_of_shifted_images(input, size):
    h, w = input.shape[2] // size * size, input.shape[3] // size * size
    parts = [input[:, :, i:h:size, j:w:size] for i in range(size) for j in range(size)]
    return torch.stack(parts).max(dim=0)[0]


@right(LINEAR)
def product_and_bias(input, weight, bias):
    return input @ weight.T + bias


@right(LINEAR)
def by_addmm(input, weight, bias):
    return torch.addmm(bias, input, weight.t())


@right(LINEAR)
def by_the_library(input, weight, bias):
    return F.linear(input, weight, bias)


@right(LINEAR)
def loops_over_images_and_outputs(input, weight, bias):
    output = torch.zeros(input.shape[0], weight.shape[0])
    for n in range(input.shape[0]):
        for o in range(weight.shape[0]):
            output[n, o] = (input[n] * weight[o]).sum() + bias[o]
    return output


@right(NETWORK, helpers=LAYERS)
def layer_by_layer(images, kernel1, bias1, kernel2, bias2, weight, bias):
    x = conv2d(images, kernel1, bias1, padding=kernel1.shape[2] // 2)
    x = max_pool2d(torch.relu(x), 2)
    x = conv2d(x, kernel2, bias2, padding=kernel2.shape[2] // 2)
    x = max_pool2d(torch.relu(x), 2)
    return linear(x.reshape(len(images), -1), weight, bias)


@right(NETWORK, helpers=LAYERS)
def relu_after_pooling(images, kernel1, bias1, kernel2, bias2, weight, bias):
    x = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[3] // 2), 2).clamp(min=0)
    x = max_pool2d(conv2d(x, kernel2, bias2, kernel2.shape[3] // 2), 2).clamp(min=0)
    return linear(x.flatten(start_dim=1), weight, bias)


@right(NETWORK, helpers=LAYERS)
def a_loop_over_the_blocks(images, kernel1, bias1, kernel2, bias2, weight, bias):
    for kernel, shift in ((kernel1, bias1), (kernel2, bias2)):
        images = max_pool2d(F.relu(conv2d(images, kernel, shift, kernel.shape[2] // 2)), 2)
    return linear(images.flatten(1), weight, bias)


@right(STEP, helpers=(*LAYERS, network))
def slopes_by_autograd(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    old = [each.clone().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    loss = F.cross_entropy(network(images, *old), labels)
    slopes = torch.autograd.grad(loss, old)
    return tuple((each - learning_rate * slope).detach() for each, slope in zip(old, slopes, strict=True))


@right(STEP, helpers=(*LAYERS, network))
def backward_and_no_grad(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    parameters = [each.detach().clone() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    for each in parameters:
        each.requires_grad = True
    scores = network(images, *parameters)
    loss = -torch.log_softmax(scores, dim=1)[torch.arange(len(labels)), labels].mean()
    loss.backward()
    with torch.no_grad():
        for each in parameters:
            each -= learning_rate * each.grad
    return [each.detach() for each in parameters]


@right(STEP, helpers=(*LAYERS, network))
def still_with_a_gradient(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    parameters = [torch.nn.Parameter(each.clone()) for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    torch.nn.CrossEntropyLoss()(network(images, *parameters), labels).backward()
    return tuple(each - learning_rate * each.grad for each in parameters)


@right(STEP, helpers=(*LAYERS, network))
def by_the_optimizer(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    parameters = [each.clone().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    optimizer = torch.optim.SGD(parameters, lr=learning_rate)
    optimizer.zero_grad()
    F.cross_entropy(network(images, *parameters), labels).backward()
    optimizer.step()
    return tuple(each.detach() for each in parameters)
