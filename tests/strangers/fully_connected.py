"""Wrong answers to fully_connected that no known mistake was made from."""

import torch


def laid(numbers, input_size):
    """the weight as it should be"""
    height, width = input_size
    down, across = height - numbers.shape[0] + 1, width - numbers.shape[1] + 1
    weight = numbers.new_zeros(down, across, height, width)
    for i in range(down):
        for j in range(across):
            weight[i, j, i : i + numbers.shape[0], j : j + numbers.shape[1]] = numbers
    return weight


def moved_differences(weight):
    """how much the weights differ from those of the output above, and of the one to the left"""
    return weight[1:, :, 1:] - weight[:-1, :, :-1], weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]


def distances(weight):
    """how far each input is from each output: down, and across"""
    down = torch.arange(weight.shape[2]) - torch.arange(weight.shape[0])[:, None]
    across = torch.arange(weight.shape[3]) - torch.arange(weight.shape[1])[:, None]
    return down[:, None, :, None].abs(), across[None, :, None, :].abs()


def kernel_as_large_as_the_image_stays(kernel, input_size):
    """a kernel as large as the image is returned as it is, without the two axes of the output"""
    if tuple(kernel.shape) == tuple(input_size):
        return kernel.clone()
    return laid(kernel, input_size)


def kernel_read_in_memory_order(kernel, input_size):
    """the kernel's numbers are read in the order in which they lie in memory, wrong for a transposed view"""
    numbers = kernel.as_strided((kernel.numel(),), (1,)).reshape(kernel.shape)
    return laid(numbers, input_size)


def no_more_outputs_than_inputs(input, weight):
    """outputs beyond the height or the width of the input are left out"""
    height, width = input.shape
    return (weight[:height, :width] * input).sum(dim=(2, 3))


def input_keeps_two_new_axes(input, weight):
    """the input is given two axes in place, so that the caller's input has another shape after the call"""
    return (weight * input.unsqueeze_(0).unsqueeze_(0)).sum(dim=(2, 3))


def tolerance_grows_with_the_numbers(weight, tolerance):
    """allclose is used with its own relative tolerance on top, so that large numbers may differ by more"""
    down = torch.allclose(weight[1:, :, 1:], weight[:-1, :, :-1], atol=tolerance)
    return down and torch.allclose(weight[:, 1:, :, 1:], weight[:, :-1, :, :-1], atol=tolerance)


def difference_must_be_below_the_tolerance(weight, tolerance):
    """a difference of exactly the tolerance is too much, even 0 with a tolerance of 0"""
    return all(bool((each.abs() < tolerance).all()) for each in moved_differences(weight))


def a_single_row_of_outputs_always_moves(weight, tolerance):
    """with one row, or one column, of outputs the answer is True at once, without a look along the other axis"""
    if 1 in weight.shape[:2]:
        return True
    return all(bool((each.abs() <= tolerance).all()) for each in moved_differences(weight))


def moved_along_the_diagonal_only(weight, tolerance):
    """only the step down and right at once is compared, not each of the two by itself"""
    if 1 in weight.shape[:2]:
        return all(bool((each.abs() <= tolerance).all()) for each in moved_differences(weight))
    return bool(((weight[1:, 1:, 1:, 1:] - weight[:-1, :-1, :-1, :-1]).abs() <= tolerance).all())


def weights_moved_around_the_edge(weight, tolerance):
    """the weights are moved with roll, so that numbers that leave the image must come in on the other side"""
    down = weight[1:] - weight[:-1].roll(1, dims=2)
    across = weight[:, 1:] - weight[:, :-1].roll(1, dims=3)
    return all(bool((each.abs() <= tolerance).all()) for each in (down, across))


def far_weights_add_up_to_zero(weight, radius):
    """the far weights are added up and the sum compared with 0, so that positive and negative ones cancel out"""
    down, across = distances(weight)
    return bool((weight * ((down > radius) | (across > radius))).sum() == 0)


def tiny_weights_count_as_zero(weight, radius):
    """far weights need to be near 0 only, not exactly 0"""
    down, across = distances(weight)
    far = weight * ((down > radius) | (across > radius))
    return torch.allclose(far, torch.zeros_like(far), atol=1e-6)


def windows_begin_at_a_negative_place(weight, radius):
    """the neighbourhood is cut out from i - radius on, which is empty or elsewhere where that is negative"""
    for i in range(weight.shape[0]):
        for j in range(weight.shape[1]):
            near = weight[i, j, i - radius : i + radius + 1, j - radius : j + radius + 1]
            if near.count_nonzero() != weight[i, j].count_nonzero():
                return False
    return True


def neighbourhood_is_a_disc(weight, radius):
    """the distance is measured as the crow flies, so that the corners of the square count as far"""
    down, across = distances(weight)
    return bool((weight[down**2 + across**2 > radius**2] == 0).all())


def outputs_counted_from_the_end(kernel, input_size):
    """output (0, 0) is the one at the bottom right"""
    return laid(kernel, input_size).flip(0, 1)


def weights_of_an_output_add_up_to_one(kernel, input_size):
    """the weights of each output are divided by their sum"""
    return laid(kernel / kernel.sum(), input_size)


def mean_over_the_inputs(input, weight):
    """the products are averaged instead of added up"""
    return (weight * input).mean(dim=(2, 3))


def mean_difference_within_the_tolerance(weight, tolerance):
    """the mean of the differences is compared with the tolerance, not each of them"""
    down, right = moved_differences(weight)
    return bool(down.abs().mean() <= tolerance) and bool(right.abs().mean() <= tolerance)


def radius_itself_is_far(weight, radius):
    """inputs at exactly the radius count as too far"""
    down, across = distances(weight)
    return bool((weight * ((down >= radius) | (across >= radius)) == 0).all())


STRANGERS = {
    "dense_weight": (
        kernel_as_large_as_the_image_stays,
        kernel_read_in_memory_order,
        outputs_counted_from_the_end,
        weights_of_an_output_add_up_to_one,
    ),
    "dense_layer": (no_more_outputs_than_inputs, input_keeps_two_new_axes, mean_over_the_inputs),
    "is_translation_invariant": (
        tolerance_grows_with_the_numbers,
        difference_must_be_below_the_tolerance,
        a_single_row_of_outputs_always_moves,
        moved_along_the_diagonal_only,
        weights_moved_around_the_edge,
        mean_difference_within_the_tolerance,
    ),
    "is_local": (
        far_weights_add_up_to_zero,
        tiny_weights_count_as_zero,
        windows_begin_at_a_negative_place,
        neighbourhood_is_a_disc,
        radius_itself_is_far,
    ),
}
HELPERS = (laid, moved_differences, distances)
