"""Wrong answers to fully_connected: the weight of the dense layer, the layer, and what makes it a convolution."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

WEIGHT, LAYER, INVARIANT, LOCAL = "dense_weight", "dense_layer", "is_translation_invariant", "is_local"


@wrong(WEIGHT, fails="weight", hint="How many indices does w[i, j, k, l] have? Which shape does your result have?")
def kernel_matrix_left_flat(kernel, input_size):
    """the weight is still the kernel matrix, with an axis for all outputs and one for all inputs."""
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(WEIGHT, fails="weight", hint="Which number of the kernel is the weight of input (0, 0) for output (0, 0)?")
def kernel_flipped(kernel, input_size):
    """the kernel was turned by 180° before it was laid on the input."""
    (kh, kw), (h, w) = kernel.shape, input_size
    weight = torch.zeros(h - kh + 1, w - kw + 1, h, w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            weight[i, j, i : i + kh, j : j + kw] = kernel.flip(0, 1)
    return weight


@wrong(WEIGHT, fails="weight", hint="Print weight[0, 0] and weight[1, 1]. Does the kernel lie where the window does?")
def kernel_always_at_the_top_left(kernel, input_size):
    """the kernel lies at the top left for every output: it does not move."""
    (kh, kw), (h, w) = kernel.shape, input_size
    weight = torch.zeros(h - kh + 1, w - kw + 1, h, w)
    weight[:, :, :kh, :kw] = kernel
    return weight


@wrong(WEIGHT, fails="rectangles", hint="Try the input size (2, 3). Which of its numbers does your code never read?")
def square_inputs_only(kernel, input_size):
    """the input was taken to be as wide as it is tall."""
    (kh, kw), h = kernel.shape, input_size[0]
    outputs = h - kh + 1, h - kw + 1
    rows = [F.pad(kernel, (j, h - kw - j, i, h - kh - i)) for i in range(outputs[0]) for j in range(outputs[1])]
    return torch.stack(rows).unflatten(0, outputs)


@wrong(
    WEIGHT,
    fails="weight",
    hint="With which axis does F.pad begin: the first or the last? Print weight[0, 1].",
)
def rows_and_columns_exchanged_in_pad(kernel, input_size):
    """rows and columns changed places in F.pad."""
    (kh, kw), (h, w) = kernel.shape, input_size
    outputs = h - kh + 1, w - kw + 1
    rows = [F.pad(kernel, (i, h - kh - i, j, w - kw - j)) for i in range(outputs[0]) for j in range(outputs[1])]
    return torch.stack(rows).unflatten(0, outputs)


@wrong(
    WEIGHT,
    fails="rectangles",
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(kernel, input_size):
    """the kernel's height was taken for its width, too."""
    k, (h, w) = kernel.shape[0], input_size
    weight = torch.zeros(h - k + 1, w - k + 1, h, w)
    for i in range(h - k + 1):
        for j in range(w - k + 1):
            weight[i, j, i : i + k, j : j + k] = kernel
    return weight


@wrong(WEIGHT, fails=("weight",), library=True, hint="Lay the kernel on the input by hand, once for each output.")
def library_convolution_of_unit_images(kernel, input_size):
    """the library does the convolution."""
    h, w = input_size
    outputs = F.conv2d(torch.eye(h * w).reshape(h * w, 1, h, w), kernel[None, None])[:, 0]
    return outputs.permute(1, 2, 0).unflatten(2, (h, w))


@wrong(LAYER, fails="layer", hint="Which two of the indices i, j, k, l should be left in the result?")
def summed_over_the_outputs(input, weight):
    """the sum runs over the outputs; it should run over the inputs, for each output by itself."""
    return torch.einsum("kl,ijkl->kl", input, weight)


@wrong(LAYER, fails="layer", hint="How many different numbers does your result hold? Which weights are never read?")
def weights_of_the_first_output_for_all(input, weight):
    """every output was given the weights of output (0, 0)."""
    return (input * weight[0, 0]).sum().expand(weight.shape[:2]).clone()


@wrong(
    INVARIANT, fails="invariant", hint="When the output moves down by one, which input does the same weight belong to?"
)
def input_index_does_not_move(weight, tolerance):
    """the weights of neighbouring outputs were compared at the same input, which should move along."""
    down, right = (weight[1:] - weight[:-1]).abs(), (weight[:, 1:] - weight[:, :-1]).abs()
    return bool((down <= tolerance).all() and (right <= tolerance).all())


@wrong(INVARIANT, fails="invariant", hint="In how many directions can an output move by one step?")
def moves_down_only(weight, tolerance):
    """only moves down were looked at, none to the right."""
    return bool(((weight[1:, :, 1:] - weight[:-1, :, :-1]).abs() <= tolerance).all())


@wrong(
    INVARIANT, fails="invariant", hint="Can weights that stay the same along the diagonal change from left to right?"
)
def moves_along_the_diagonal_only(weight, tolerance):
    """only moves down and to the right at once were looked at, neither of the two by itself."""
    return bool(((weight[1:, 1:, 1:, 1:] - weight[:-1, :-1, :-1, :-1]).abs() <= tolerance).all())


@wrong(INVARIANT, fails="invariant", hint="What does type(...) say of your result? How does a bool come of that?")
def tensor_for_a_bool(weight, tolerance):
    """the result is a tensor, not True or False."""
    down, right = weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]
    return (down.abs() <= tolerance).all() & (right.abs() <= tolerance).all()


@wrong(INVARIANT, fails="tolerance", hint="Which of the two arguments does your function never read?")
def tolerance_ignored(weight, tolerance):
    """the tolerance is not used: the smallest difference counts."""
    down, right = weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]
    return not down.any() and not right.any()


@wrong(INVARIANT, fails="tolerance", hint="Is -7 less than 0.5? Is it a small difference?")
def differences_without_their_size(weight, tolerance):
    """a difference below zero counts as small, however large it is."""
    down, right = weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]
    return bool((down <= tolerance).all() and (right <= tolerance).all())


@wrong(INVARIANT, fails="tolerance", hint="The tolerance is 0 and nothing differs at all. What does your code say?")
def tolerance_itself_is_too_much(weight, tolerance):
    """a difference of exactly the tolerance counts as too large."""
    down, right = weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]
    return bool((down.abs() < tolerance).all() and (right.abs() < tolerance).all())


@wrong(INVARIANT, fails="tolerance", hint="Does your comparison have a tolerance of its own? Look up its arguments.")
def relative_tolerance_on_top(weight, tolerance):
    """large numbers may differ by more than the tolerance: the comparison adds one of its own."""
    down = torch.allclose(weight[1:, :, 1:], weight[:-1, :, :-1], atol=tolerance)
    return down and torch.allclose(weight[:, 1:, :, 1:], weight[:, :-1, :, :-1], atol=tolerance)


def distances(weight):
    """Return (OH, OW, H, W) for rows and for columns: how far the input's lies from the output's."""
    i, j, k, l = torch.meshgrid(*(torch.arange(length) for length in weight.shape), indexing="ij")  # noqa: E741
    return k - i, l - j


@wrong(
    LOCAL, fails="local", helpers=(distances,), hint="An input may be in the same row and yet far away. In which way?"
)
def rows_only(weight, radius):
    """only the rows were looked at, not the columns."""
    down, _ = distances(weight)
    return bool((weight[down.abs() > radius] == 0).all())


@wrong(
    LOCAL,
    fails="local",
    helpers=(distances,),
    hint="Is input (1, 1) within radius 1 of output (0, 0)? Look at the rule.",
)
def rows_and_columns_added_up(weight, radius):
    """the steps down and to the right were added up; each of the two may be as large as the radius."""
    down, right = distances(weight)
    return bool((weight[down.abs() + right.abs() > radius] == 0).all())


@wrong(LOCAL, fails="local", helpers=(distances,), hint="May output (1, 1) look at input (0, 0) when the radius is 1?")
def below_and_right_only(weight, radius):
    """an output may look only below and to the right of its own place, while the radius goes both ways."""
    down, right = distances(weight)
    near = (down >= 0) & (right >= 0) & (down <= radius) & (right <= radius)
    return bool((weight[~near] == 0).all())


@wrong(LOCAL, fails="local", helpers=(distances,), hint="How far is input (3, 1) from output (0, 0), by the rule?")
def as_the_crow_flies(weight, radius):
    """the distance was measured as a straight line; rows and columns count each by themselves."""
    down, right = distances(weight)
    return bool((weight[down**2 + right**2 > radius**2] == 0).all())


@wrong(LOCAL, fails="local", helpers=(distances,), hint="Is 1 + (-1) == 0 a sign that both are 0?")
def far_weights_cancel_out(weight, radius):
    """the far weights were added up, and weights of opposite signs cancel out."""
    down, right = distances(weight)
    return bool(weight[(down.abs() > radius) | (right.abs() > radius)].sum() == 0)


@wrong(LOCAL, fails="local", helpers=(distances,), hint="What does allclose say of 0.000000001 and 0? And the rule?")
def nearly_zero_is_enough(weight, radius):
    """far weights that are nearly 0 were accepted, while the rule says exactly 0."""
    down, right = distances(weight)
    far = weight[(down.abs() > radius) | (right.abs() > radius)]
    return torch.allclose(far, torch.zeros_like(far))


@wrong(LOCAL, fails="arguments", helpers=(distances,), hint="Which line writes into weight? Whose tensor is that?")
def weight_emptied_in_place(weight, radius):
    """the weights within the radius were set to zero in the caller's own tensor."""
    down, right = distances(weight)
    weight[(down.abs() <= radius) & (right.abs() <= radius)] = 0
    return not bool(weight.any())
