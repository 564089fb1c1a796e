"""Right answers to fully_connected."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

WEIGHT, LAYER, INVARIANT, LOCAL = "dense_weight", "dense_layer", "is_translation_invariant", "is_local"


@right(WEIGHT)
def by_slices(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    weight = torch.zeros(h - kh + 1, w - kw + 1, h, w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            weight[i, j, i : i + kh, j : j + kw] = kernel
    return weight


@right(WEIGHT)
def by_the_kernel_matrix(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    oh, ow = h - kh + 1, w - kw + 1
    rows = [F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i in range(oh) for j in range(ow)]
    return torch.stack(rows).reshape(oh, ow, h, w)


@right(WEIGHT)
def by_offsets(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    down = torch.arange(h) - torch.arange(h - kh + 1)[:, None]
    across = torch.arange(w) - torch.arange(w - kw + 1)[:, None]
    rows, columns = down[:, None, :, None], across[None, :, None, :]
    inside = (rows >= 0) & (rows < kh) & (columns >= 0) & (columns < kw)
    return torch.where(inside, kernel[rows.clamp(0, kh - 1), columns.clamp(0, kw - 1)], torch.zeros(()))


@right(LAYER)
def by_einsum(input, weight):
    return torch.einsum("kl,ijkl->ij", input, weight)


@right(LAYER)
def by_loops_in_float64(input, weight):
    outputs = [[(plane.double() * input.double()).sum() for plane in planes] for planes in weight]
    return torch.tensor(outputs).float()


@right(LAYER)
def by_a_matrix(input, weight):
    oh, ow, h, w = weight.shape
    return (weight.reshape(oh * ow, h * w) @ input.reshape(h * w)).view(oh, ow)


@right(INVARIANT)
def by_neighbours(weight, tolerance):
    down, across = weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]
    return bool((down.abs() <= tolerance).all()) and bool((across.abs() <= tolerance).all())


@right(INVARIANT)
def by_loops_over_outputs(weight, tolerance):
    oh, ow, h, w = weight.shape
    for i in range(oh):
        for j in range(ow):
            here = weight[i, j]
            if i + 1 < oh and (weight[i + 1, j, 1:] - here[: h - 1]).abs().max() > tolerance:
                return False
            if j + 1 < ow and (weight[i, j + 1, :, 1:] - here[:, : w - 1]).abs().max() > tolerance:
                return False
    return True


@right(LOCAL)
def by_loops_over_all_weights(weight, radius):
    values = weight.tolist()
    return all(
        value == 0 or (abs(k - i) <= radius and abs(l - j) <= radius)
        for i, planes in enumerate(values)
        for j, plane in enumerate(planes)
        for k, row in enumerate(plane)
        for l, value in enumerate(row)  # noqa: E741
    )


@right(LOCAL)
def by_numpy(weight, radius):
    import numpy as np

    i, j, k, l = np.nonzero(weight.numpy())  # noqa: E741
    return bool(np.all(np.abs(k - i) <= radius) and np.all(np.abs(l - j) <= radius))
