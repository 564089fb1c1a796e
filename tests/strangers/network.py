"""Wrong answers to network that no known mistake was made from."""

import torch
import torch.nn.functional as F


def slid(input, kernel, bias=None, padding=0):
    """the convolution as it should be"""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias.reshape(1, -1, 1, 1)


def pooled(input, size):
    """the pooling as it should be"""
    return input.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5))


def features(images, kernel1, bias1, kernel2, bias2):
    """what the dense layer should take, before it is flattened"""
    images = pooled(slid(images, kernel1, bias1, kernel1.shape[2] // 2).relu(), 2)
    return pooled(slid(images, kernel2, bias2, kernel2.shape[2] // 2).relu(), 2)


def scored(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the network as it should be"""
    return features(images, kernel1, bias1, kernel2, bias2).flatten(1) @ weight.T + bias


def watched(parameters):
    """copies that autograd watches"""
    return [each.detach().clone().requires_grad_() for each in parameters]


def stepped(old, loss, learning_rate):
    """the new parameters as they should be, for this loss"""
    slopes = torch.autograd.grad(loss, old)
    return tuple((each - learning_rate * slope).detach() for each, slope in zip(old, slopes, strict=True))


def output_as_wide_as_high(input, kernel, bias=None, padding=0):
    """the output's width is computed from the image's height, so that only square images come out right"""
    images = F.pad(input, [padding] * 4)
    size = images.shape[2] - kernel.shape[2] + 1
    output = torch.zeros(len(input), len(kernel), size, size)
    for row in range(size):
        for column in range(size):
            window = images[:, :, row : row + kernel.shape[2], column : column + kernel.shape[3]]
            output[:, :, row, column] = torch.einsum("ncij,fcij->nf", window, kernel)
    return output if bias is None else output + bias[:, None, None]


def kernels_of_three_by_three_only(input, kernel, bias=None, padding=0):
    """the loops over the kernel run from 0 to 2, so that only kernels of 3 × 3 come out right"""
    images = F.pad(input, [padding] * 4)
    high, wide = images.shape[2] - kernel.shape[2] + 1, images.shape[3] - kernel.shape[3] + 1
    output = torch.zeros(len(input), len(kernel), high, wide)
    for i in range(3):
        for j in range(3):
            output = output + torch.einsum(
                "nchw,fc->nfhw", images[:, :, i : i + high, j : j + wide], kernel[:, :, i, j]
            )
    return output if bias is None else output + bias[:, None, None]


def bias_along_the_columns(input, kernel, bias=None, padding=0):
    """the bias is added without new axes, so that it goes along the columns, or fails"""
    output = slid(input, kernel, None, padding)
    return output if bias is None else output + bias


def bias_asked_for_its_truth(input, kernel, bias=None, padding=0):
    """`if bias` instead of `is not None`, which is ambiguous for more than one number"""
    return slid(input, kernel, bias if bias else None, padding)


def columns_padded_only(input, kernel, bias=None, padding=0):
    """F.pad gets two numbers instead of four, so that only the columns are padded"""
    return slid(F.pad(input, (padding, padding)), kernel, bias)


def always_padded_by_half_the_kernel(input, kernel, bias=None, padding=0):
    """the padding is computed from the kernel and the argument is not looked at"""
    return slid(input, kernel, bias, kernel.shape[2] // 2)


def size_kept_whenever_padded(input, kernel, bias=None, padding=0):
    """with padding the output is cut to the size of the image, which is wrong for kernels of even size"""
    output = slid(input, kernel, bias, padding)
    return output[:, :, : input.shape[2], : input.shape[3]] if padding else output


def one_axis_too_many_lost(input, kernel, bias=None, padding=0):
    """the output is squeezed, so that a single image or a single kernel loses its axis"""
    return slid(input, kernel, bias, padding).squeeze()


def kernel_without_its_history(input, kernel, bias=None, padding=0):
    """kernel.data is used: the numbers are right, but autograd finds no way back to the kernel"""
    return slid(input, kernel.data, bias, padding)


def computed_without_autograd(input, kernel, bias=None, padding=0):
    """the loops stand under torch.no_grad, so that nothing before the dense layer has a slope"""
    with torch.no_grad():
        return slid(input, kernel, bias, padding)


def bias_left_out_over_the_padding(input, kernel, bias=None, padding=0):
    """the bias is added to the image's own part of the output only, not where the window looks at padding"""
    output = slid(input, kernel, None, padding)
    if bias is None:
        return output
    inner = torch.zeros_like(output)
    inner[:, :, padding : output.shape[2] - padding, padding : output.shape[3] - padding] = 1
    return output + inner * bias[:, None, None]


def remainder_dropped_in_front(input, size):
    """the rows and columns left over are dropped at the top and at the left"""
    return pooled(input[:, :, input.shape[2] % size :, input.shape[3] % size :], size)


def windows_of_two_always(input, size):
    """the window is 2 × 2 whatever the size is"""
    return pooled(input, 2)


def whole_windows_only(input, size):
    """the image is reshaped into windows, which fails where rows or columns are left over"""
    count, channels, high, wide = input.shape
    return input.reshape(count, channels, high // size, size, wide // size, size).amax(dim=(3, 5))


def neighbours_in_a_row(input, size):
    """the image is reshaped without a transpose, so that a window is size * size numbers of one row"""
    count, channels, high, wide = (*input.shape[:2], input.shape[2] // size, input.shape[3] // size)
    whole = input[:, :, : high * size, : wide * size]
    return whole.reshape(count, channels, high, wide, size * size).amax(dim=4)


def largest_over_the_positions(input, size):
    """the largest number is taken over the positions of the windows instead of over the places inside them"""
    return input.unfold(2, size, size).unfold(3, size, size).amax(dim=(2, 3))


def values_and_places(input, size):
    """max(dim=…) returns the values and their places, and both are returned"""
    return input.unfold(2, size, size).unfold(3, size, size).flatten(4).max(dim=4)


def remainder_struck_out_in_place(input, size):
    """the rows and columns left over are set to minus infinity in the caller's image"""
    input[:, :, input.shape[2] // size * size :] = -torch.inf
    input[:, :, :, input.shape[3] // size * size :] = -torch.inf
    return pooled(input, size)


def largest_of_all_channels(input, size):
    """the largest number is taken over the channels, too, and repeated for each"""
    return pooled(input, size).amax(dim=1, keepdim=True).expand(-1, input.shape[1], -1, -1)


def numbers_without_their_history(input, size):
    """the largest number is written with .item(): autograd finds no way back to the image"""
    output = torch.zeros(*input.shape[:2], input.shape[2] // size, input.shape[3] // size)
    for n, c, row, column in torch.cartesian_prod(*map(torch.arange, output.shape)).reshape(-1, 4).tolist():
        window = input[n, c, row * size : (row + 1) * size, column * size : (column + 1) * size]
        output[n, c, row, column] = window.max().item()
    return output


def farthest_from_zero(input, size):
    """the number farthest from zero is kept, so that −5 beats 3"""
    windows = input.unfold(2, size, size).unfold(3, size, size).flatten(4)
    return windows.gather(4, windows.abs().argmax(dim=4, keepdim=True)).squeeze(4)


def weight_reshaped(input, weight, bias):
    """the weight is reshaped to (I, O) instead of transposed"""
    return input @ weight.reshape(weight.shape[1], weight.shape[0]) + bias


def bias_down_the_images(input, weight, bias):
    """the bias gets a second axis and goes down the images instead of along the outputs"""
    return input @ weight.T + bias[:, None]


def weight_transposed_in_place(input, weight, bias):
    """the caller's own weight is transposed with t_()"""
    return input @ weight.t_() + bias


def image_meets_its_own_row_only(input, weight, bias):
    """input and weight are multiplied entry by entry, so that image n meets only row n of the weight"""
    return (input * weight).sum(dim=1) + bias


def outputs_before_images(input, weight, bias):
    """the result is (O, N)"""
    return weight @ input.T + bias[:, None]


def single_image_without_its_axis(input, weight, bias):
    """the scores of a single image come as (O,)"""
    return (input @ weight.T + bias).squeeze(0)


def every_output_with_all_biases(input, weight, bias):
    """the sum of all biases is added to each output"""
    return input @ weight.T + bias.sum()


def images_flattened_into_one(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """flatten(0) puts all images into one row, which fits the dense layer for a single image only"""
    row = features(images, kernel1, bias1, kernel2, bias2).flatten(0)
    return row[None] @ weight.T + bias


def channels_flattened_last(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the channels are moved to the end before they are flattened"""
    last = features(images, kernel1, bias1, kernel2, bias2).permute(0, 2, 3, 1)
    return last.flatten(1) @ weight.T + bias


def features_before_images(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """reshaped to (features, N) and transposed, which mixes the numbers of several images"""
    columns = features(images, kernel1, bias1, kernel2, bias2).reshape(weight.shape[1], -1)
    return columns.T @ weight.T + bias


def padded_for_three_by_three(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """each convolution is padded by 1, whatever its kernel"""
    images = pooled(slid(images, kernel1, bias1, 1).relu(), 2)
    return pooled(slid(images, kernel2, bias2, 1).relu(), 2).flatten(1) @ weight.T + bias


def padded_by_the_first_kernel(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """both convolutions are padded by half the first kernel"""
    padding = kernel1.shape[2] // 2
    images = pooled(slid(images, kernel1, bias1, padding).relu(), 2)
    return pooled(slid(images, kernel2, bias2, padding).relu(), 2).flatten(1) @ weight.T + bias


def even_kernels_padded_less(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """each convolution is padded by (K − 1) // 2, too little for kernels of even size"""
    images = pooled(slid(images, kernel1, bias1, (kernel1.shape[2] - 1) // 2).relu(), 2)
    images = pooled(slid(images, kernel2, bias2, (kernel2.shape[2] - 1) // 2).relu(), 2)
    return images.flatten(1) @ weight.T + bias


def negative_pixels_cut_off(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the images are cut off at 0 before the first convolution, too"""
    return scored(images.relu(), kernel1, bias1, kernel2, bias2, weight, bias)


def callers_images_cut_off(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the scores are right, and then the caller's images are cut off at 0 with relu_"""
    scores = scored(images, kernel1, bias1, kernel2, bias2, weight, bias)
    images.relu_()
    return scores


def sigmoid_for_the_relu(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """a sigmoid stands where the ReLU should be"""
    images = pooled(slid(images, kernel1, bias1, kernel1.shape[2] // 2).sigmoid(), 2)
    images = pooled(slid(images, kernel2, bias2, kernel2.shape[2] // 2).sigmoid(), 2)
    return images.flatten(1) @ weight.T + bias


def half_of_the_features_dropped(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """dropout before the dense layer, as in tutorials, drops half of the features by chance"""
    return F.dropout(features(images, kernel1, bias1, kernel2, bias2).flatten(1)) @ weight.T + bias


def the_winning_class(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the number of the class with the largest score is returned instead of the scores"""
    return scored(images, kernel1, bias1, kernel2, bias2, weight, bias).argmax(dim=1)


def scores_detached(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the scores are detached: the numbers are right, but the loss has no slope"""
    return scored(images, kernel1, bias1, kernel2, bias2, weight, bias).detach()


def detached_between_the_layers(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """what the first layer returns is detached, so that its kernels have no slope"""
    images = pooled(slid(images, kernel1, bias1, kernel1.shape[2] // 2).relu(), 2).detach()
    return pooled(slid(images, kernel2, bias2, kernel2.shape[2] // 2).relu(), 2).flatten(1) @ weight.T + bias


def images_brought_to_one(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the images are divided by their largest number first"""
    return scored(images / images.max(), kernel1, bias1, kernel2, bias2, weight, bias)


def biases_learn_only(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """only the three biases take the step"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    new = stepped(old, F.cross_entropy(scored(images, *old), labels), learning_rate)
    return kernel1, new[1], kernel2, new[3], weight, new[5]


def dense_layer_learns_only(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the features are detached, so that only the dense layer takes the step"""
    old = watched((weight, bias))
    rows = features(images, kernel1, bias1, kernel2, bias2).flatten(1).detach()
    loss = F.cross_entropy(rows @ old[0].T + old[1], labels)
    return kernel1, bias1, kernel2, bias2, *stepped(old, loss, learning_rate)


def squares_instead_of_entropy(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the loss is the mean square of what the scores differ by from the one-hot labels"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    scores = scored(images, *old)
    return stepped(old, F.mse_loss(scores, F.one_hot(labels, scores.shape[1]).float()), learning_rate)


def classes_counted_in_the_labels(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """one_hot counts the classes in the batch, which fails where the last class is not in it"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    chances = scored(images, *old).log_softmax(dim=1)
    return stepped(old, -(F.one_hot(labels) * chances).sum(dim=1).mean(), learning_rate)


def softmax_over_the_images(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the softmax goes over the images instead of over the classes"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.nll_loss(scored(images, *old).log_softmax(dim=0), labels), learning_rate)


def scores_taken_for_logarithms(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """nll_loss gets the scores themselves, without a log_softmax"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.nll_loss(scored(images, *old), labels), learning_rate)


def one_parameter_after_the_other(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """each parameter steps by a slope that is computed after the ones before it have stepped"""
    new = [kernel1, bias1, kernel2, bias2, weight, bias]
    for place in range(6):
        old = watched(new)
        new[place] = stepped(old, F.cross_entropy(scored(images, *old), labels), learning_rate)[place]
    return tuple(new)


def one_image_after_the_other(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """takes a step for each image instead of one for the batch"""
    new = (kernel1, bias1, kernel2, bias2, weight, bias)
    for image, label in zip(images.split(1), labels.split(1), strict=True):
        old = watched(new)
        new = stepped(old, F.cross_entropy(scored(image, *old), label), learning_rate)
    return new


def divided_by_the_batch_twice(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the mean loss is divided by the number of images once more"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.cross_entropy(scored(images, *old), labels) / len(images), learning_rate)


def weights_before_biases(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """returns the kernels and the weight first, and then the three biases"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    new = stepped(old, F.cross_entropy(scored(images, *old), labels), learning_rate)
    return new[0], new[2], new[4], new[1], new[3], new[5]


def loss_returned_too(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """returns the loss as well, before the parameters"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    loss = F.cross_entropy(scored(images, *old), labels)
    return loss.detach(), *stepped(old, loss, learning_rate)


def class_zero_left_out(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """images of class 0 do not count, as if 0 stood for no label"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.cross_entropy(scored(images, *old), labels, ignore_index=0), learning_rate)


def digits_counted_from_one(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """1 is taken from the labels, and so class 0 becomes the last one"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    scores = scored(images, *old)
    return stepped(old, F.cross_entropy(scores, (labels - 1) % scores.shape[1]), learning_rate)


def read_correctly_left_out(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """images that are read correctly already are left out of the loss"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    scores = scored(images, *old)
    losses = F.cross_entropy(scores, labels, reduction="none")
    return stepped(old, (losses * (scores.argmax(dim=1) != labels)).mean(), learning_rate)


def steps_of_one_length(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """each slope is divided by its length, so that only the direction counts"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    slopes = torch.autograd.grad(F.cross_entropy(scored(images, *old), labels), old)
    steps = [slope / slope.norm().clamp(min=1e-12) for slope in slopes]
    return tuple((each - learning_rate * step).detach() for each, step in zip(old, steps, strict=True))


def adam_steps(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the step is taken by torch.optim.Adam, which steps by the sign of the slope at first"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    optimizer = torch.optim.Adam(old, lr=learning_rate)
    F.cross_entropy(scored(images, *old), labels).backward()
    optimizer.step()
    return tuple(each.detach() for each in old)


def step_of_a_tenth(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the learning rate is 0.1, whatever the argument says"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.cross_entropy(scored(images, *old), labels), 0.1)


def truth_softened(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the labels are smoothed by a tenth, as recipes for large networks do"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    return stepped(old, F.cross_entropy(scored(images, *old), labels, label_smoothing=0.1), learning_rate)


def biases_step_in_place(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the kernels and the weight are new, but the step is subtracted from the caller's biases in place"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    new = stepped(old, F.cross_entropy(scored(images, *old), labels), learning_rate)
    mine = [each.copy_(value) for each, value in zip((bias1, bias2, bias), new[1::2], strict=True)]
    return new[0], mine[0], new[2], mine[1], new[4], mine[2]


def stepped_twice(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """takes two steps"""
    new = (kernel1, bias1, kernel2, bias2, weight, bias)
    for _ in range(2):
        old = watched(new)
        new = stepped(old, F.cross_entropy(scored(images, *old), labels), learning_rate)
    return new


def large_slopes_cut_off(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """large slopes are cut off at 1, as recurrent networks do"""
    old = watched((kernel1, bias1, kernel2, bias2, weight, bias))
    slopes = torch.autograd.grad(F.cross_entropy(scored(images, *old), labels), old)
    cut = [slope.clamp(-1, 1) for slope in slopes]
    return tuple((each - learning_rate * slope).detach() for each, slope in zip(old, cut, strict=True))


STRANGERS = {
    "conv2d": (
        output_as_wide_as_high,
        kernels_of_three_by_three_only,
        bias_along_the_columns,
        bias_asked_for_its_truth,
        columns_padded_only,
        always_padded_by_half_the_kernel,
        size_kept_whenever_padded,
        one_axis_too_many_lost,
        kernel_without_its_history,
        computed_without_autograd,
        bias_left_out_over_the_padding,
    ),
    "max_pool2d": (
        remainder_dropped_in_front,
        windows_of_two_always,
        whole_windows_only,
        neighbours_in_a_row,
        largest_over_the_positions,
        values_and_places,
        remainder_struck_out_in_place,
        largest_of_all_channels,
        numbers_without_their_history,
        farthest_from_zero,
    ),
    "linear": (
        weight_reshaped,
        bias_down_the_images,
        weight_transposed_in_place,
        image_meets_its_own_row_only,
        outputs_before_images,
        single_image_without_its_axis,
        every_output_with_all_biases,
    ),
    "network": (
        images_flattened_into_one,
        channels_flattened_last,
        features_before_images,
        padded_for_three_by_three,
        padded_by_the_first_kernel,
        even_kernels_padded_less,
        negative_pixels_cut_off,
        callers_images_cut_off,
        sigmoid_for_the_relu,
        half_of_the_features_dropped,
        the_winning_class,
        scores_detached,
        detached_between_the_layers,
        images_brought_to_one,
    ),
    "training_step": (
        biases_learn_only,
        dense_layer_learns_only,
        squares_instead_of_entropy,
        classes_counted_in_the_labels,
        softmax_over_the_images,
        scores_taken_for_logarithms,
        one_parameter_after_the_other,
        one_image_after_the_other,
        divided_by_the_batch_twice,
        weights_before_biases,
        loss_returned_too,
        class_zero_left_out,
        digits_counted_from_one,
        read_correctly_left_out,
        steps_of_one_length,
        adam_steps,
        step_of_a_tenth,
        truth_softened,
        biases_step_in_place,
        stepped_twice,
        large_slopes_cut_off,
    ),
}
HELPERS = (slid, pooled, features, scored, watched, stepped)
