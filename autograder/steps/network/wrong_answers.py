"""Wrong answers to network: its layers, how they are put together, and a step of gradient descent."""

import torch
import torch.nn.functional as F

from autograder.steps.network.right_answers import conv2d, linear, max_pool2d, network
from autograder.suite.known_answers import wrong

CONV2D, MAX_POOL2D, LINEAR, NETWORK, STEP = "conv2d", "max_pool2d", "linear", "network", "training_step"
LAYERS = (conv2d, max_pool2d, linear)
ALL = (*LAYERS, network)


@wrong(CONV2D, fails="convolution", hint="Is the kernel in the lessons before this one ever turned?")
def kernel_turned(input, kernel, bias=None, padding=0):
    """the kernel is turned by 180° before it slides."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel.flip(2, 3))
    return output if bias is None else output + bias[:, None, None]


@wrong(CONV2D, fails="convolution", hint="What does one output collect from the input channels?")
def last_channel_only(input, kernel, bias=None, padding=0):
    """only the last input channel counts: the ones before it were overwritten."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    for channel in range(input.shape[1]):
        output = torch.einsum("nhwij,fij->nfhw", windows[:, channel], kernel[:, channel])
    return output if bias is None else output + bias[:, None, None]


@wrong(CONV2D, fails="convolution", hint="How many rows of zeros belong on each of the four sides?")
def padding_left_out(input, kernel, bias=None, padding=0):
    """the padding is ignored."""
    windows = input.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(CONV2D, fails="convolution", hint="Where does the bias go in once the sums are there?")
def bias_left_out(input, kernel, bias=None, padding=0):
    """the bias is ignored."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    return torch.einsum("nchwij,fcij->nfhw", windows, kernel)


@wrong(CONV2D, fails="convolution", hint="How often should one output receive its bias, with three input channels?")
def bias_for_each_channel(input, kernel, bias=None, padding=0):
    """the bias is added once for every input channel."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + input.shape[1] * bias[:, None, None]


@wrong(CONV2D, fails="rectangles", hint="Try a kernel of 2 × 3. Which of its sides does each loop need?")
def square_kernels_only(input, kernel, bias=None, padding=0):
    """the kernel's height is taken for its width, too."""
    side = kernel.shape[2]
    windows = F.pad(input, [padding] * 4).unfold(2, side, 1).unfold(3, side, 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(MAX_POOL2D, fails="pooling", hint="By how much does the window move each time?")
def windows_overlap(input, size):
    """the window moves by 1 and not by its own size."""
    return input.unfold(2, size, 1).unfold(3, size, 1).amax(dim=(4, 5))


@wrong(MAX_POOL2D, fails="pooling", hint="Which number of the window is kept?")
def mean_of_each_window(input, size):
    """the mean of each window is returned, not its largest number."""
    return input.unfold(2, size, size).unfold(3, size, size).mean(dim=(4, 5))


@wrong(MAX_POOL2D, fails="pooling", hint="What is the largest of four negative numbers?")
def never_below_zero(input, size):
    """the search for the largest number begins at 0, so negative windows become 0."""
    return input.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5)).clamp(min=0)


@wrong(MAX_POOL2D, fails="pooling", hint="Compare by value, not by distance from 0. What is max(-3, 1)?")
def largest_by_size(input, size):
    """the largest number is chosen by its size without its sign."""
    windows = input.unfold(2, size, size).unfold(3, size, size).flatten(4)
    return windows.gather(4, windows.abs().argmax(dim=4, keepdim=True))[..., 0]


@wrong(MAX_POOL2D, fails="pooling", hint="How many whole windows fit into 7 rows, with a size of 2?")
def padded_to_whole_windows(input, size):
    """rows and columns left over at the end get a window of their own."""
    down, right = -input.shape[2] % size, -input.shape[3] % size
    padded = F.pad(input, (0, right, 0, down), value=float("-inf"))
    return padded.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5))


@wrong(MAX_POOL2D, fails="pooling", hint="Should one channel know of another here?")
def largest_over_the_channels(input, size):
    """the largest number is taken over all channels, so they all become alike."""
    largest = input.amax(dim=1, keepdim=True).expand_as(input)
    return largest.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5))


@wrong(MAX_POOL2D, fails="pooling", hint="Pool a 4 × 4 image by 2 on paper. Which four numbers meet?")
def two_by_two_whatever_the_size(input, size):
    """the window is always 2 × 2."""
    return input.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5))


@wrong(LINEAR, fails="dense", hint="Which axis of the weight has as many entries as there are features?")
def weight_not_transposed(input, weight, bias):
    """the input is multiplied by the weight itself, not by its transpose."""
    return input @ weight + bias


@wrong(LINEAR, fails="dense", hint="What is an output for features that are all 0?")
def no_bias(input, weight, bias):
    """the bias is left out."""
    return input @ weight.T


@wrong(LINEAR, fails="dense", hint="Is the bias added or taken away?")
def bias_taken_away(input, weight, bias):
    """the bias is subtracted, not added."""
    return input @ weight.T - bias


@wrong(LINEAR, fails="dense", hint="Scores may be negative. What comes after the last layer?")
def relu_on_the_scores(input, weight, bias):
    """a ReLU follows the dense layer, so no score is negative."""
    return (input @ weight.T + bias).relu()


@wrong(NETWORK, fails="network", helpers=LAYERS, hint="What makes two convolutions more than one? Look at the picture.")
def no_relu(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """no ReLU follows the convolutions."""
    first = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2), 2)
    return linear(second.flatten(1), weight, bias)


@wrong(NETWORK, fails="network", helpers=LAYERS, hint="After which of the two convolutions does a ReLU belong?")
def relu_only_once(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """a ReLU follows the first convolution only."""
    first = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2), 2)
    return linear(second.flatten(1), weight, bias)


@wrong(NETWORK, fails="network", helpers=LAYERS, hint="How large is the image after each convolution, by the picture?")
def no_padding(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the convolutions are not padded, so each one makes the image smaller."""
    first = max_pool2d(conv2d(images, kernel1, bias1).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2).relu(), 2)
    return linear(second.flatten(1), weight, bias)


@wrong(NETWORK, fails="network", helpers=LAYERS, hint="In which order do channels, rows and columns become one row?")
def channels_last(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the channels come last as the images are flattened, where they should come first."""
    first = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2).relu(), 2)
    return linear(second.permute(0, 2, 3, 1).flatten(1), weight, bias)


@wrong(
    NETWORK, fails="network", helpers=LAYERS, hint="Does a loss such as cross entropy expect scores or probabilities?"
)
def probabilities(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """a softmax turns the scores into probabilities."""
    first = max_pool2d(conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2).relu(), 2)
    return linear(second.flatten(1), weight, bias).softmax(dim=1)


@wrong(NETWORK, fails="network", helpers=LAYERS, hint="Where in the picture are the images pooled?")
def pooled_only_at_the_end(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the images are pooled once, by 4, at the end, and not by 2 after each convolution."""
    first = conv2d(images, kernel1, bias1, kernel1.shape[-1] // 2).relu()
    second = max_pool2d(conv2d(first, kernel2, bias2, kernel2.shape[-1] // 2).relu(), 4)
    return linear(second.flatten(1), weight, bias)


@wrong(NETWORK, fails="sizes", helpers=LAYERS, hint="Which padding keeps the size for a 5 × 5 kernel, and for 1 × 1?")
def padding_always_one(images, kernel1, bias1, kernel2, bias2, weight, bias):
    """the padding is always 1, which keeps the size for 3 × 3 kernels only."""
    first = max_pool2d(conv2d(images, kernel1, bias1, 1).relu(), 2)
    second = max_pool2d(conv2d(first, kernel2, bias2, 1).relu(), 2)
    return linear(second.flatten(1), weight, bias)


def slopes_of(images, labels, parameters, reduction="mean"):
    """The slopes of the loss, a tensor for each parameter."""
    leaves = [each.detach().clone().requires_grad_() for each in parameters]
    loss = F.cross_entropy(network(images, *leaves), labels, reduction=reduction)
    return torch.autograd.grad(loss, leaves)


@wrong(STEP, fails="step", helpers=(*ALL, slopes_of), hint="In which direction does the loss grow? Where do you go?")
def uphill(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the step goes up the slope: it is added, not subtracted."""
    parameters = (kernel1, bias1, kernel2, bias2, weight, bias)
    slopes = slopes_of(images, labels, parameters)
    return tuple(old + learning_rate * slope for old, slope in zip(parameters, slopes, strict=True))


@wrong(STEP, fails="step", helpers=(*ALL, slopes_of), hint="What would happen for a learning rate of 0?")
def learning_rate_left_out(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the learning rate is left out: the whole slope is subtracted."""
    parameters = (kernel1, bias1, kernel2, bias2, weight, bias)
    slopes = slopes_of(images, labels, parameters)
    return tuple(old - slope for old, slope in zip(parameters, slopes, strict=True))


@wrong(STEP, fails="step", helpers=(*ALL, slopes_of), hint="Should a batch of two images take a step twice as long?")
def sum_of_the_losses(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the loss is the sum over the images, not their mean."""
    parameters = (kernel1, bias1, kernel2, bias2, weight, bias)
    slopes = slopes_of(images, labels, parameters, "sum")
    return tuple(old - learning_rate * slope for old, slope in zip(parameters, slopes, strict=True))


@wrong(STEP, fails="step", helpers=(*ALL, slopes_of), hint="What does the caller need to go on training?")
def slopes_returned(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the slopes are returned, not the new parameters."""
    return slopes_of(images, labels, (kernel1, bias1, kernel2, bias2, weight, bias))


@wrong(STEP, fails="step", helpers=(*ALL, slopes_of), hint="Which layers learn? Compare the kernels before and after.")
def dense_layer_only(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """only the dense layer learns; the kernels stay as they were."""
    slopes = slopes_of(images, labels, (kernel1, bias1, kernel2, bias2, weight, bias))
    return kernel1, bias1, kernel2, bias2, weight - learning_rate * slopes[4], bias - learning_rate * slopes[5]


@wrong(STEP, fails="step", helpers=ALL, hint="Cross entropy takes the logarithm of a softmax itself. Of what, then?")
def softmax_twice(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the scores go through a softmax before the loss, which applies one itself."""
    leaves = [each.detach().clone().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    slopes = torch.autograd.grad(F.cross_entropy(network(images, *leaves).softmax(dim=1), labels), leaves)
    return tuple((old - learning_rate * slope).detach() for old, slope in zip(leaves, slopes, strict=True))


@wrong(STEP, fails="step", helpers=ALL, hint="Which loss compares scores with the number of a class?")
def squared_error(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the loss is the squared error, not the cross entropy."""
    leaves = [each.detach().clone().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    scores = network(images, *leaves)
    slopes = torch.autograd.grad(F.mse_loss(scores, F.one_hot(labels, scores.shape[1]).float()), leaves)
    return tuple((old - learning_rate * slope).detach() for old, slope in zip(leaves, slopes, strict=True))


@wrong(STEP, fails="step", helpers=ALL, hint="In which step do the numbers of a parameter change?")
def nothing_learned(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the parameters come back as they were: the slopes are computed and never used."""
    leaves = [each.detach().clone().requires_grad_() for each in (kernel1, bias1, kernel2, bias2, weight, bias)]
    F.cross_entropy(network(images, *leaves), labels).backward()
    return tuple(each.detach() for each in leaves)


@wrong(
    STEP,
    fails="arguments",
    helpers=ALL,
    hint="The caller's kernels should be the same after the call. Work on copies.",
)
def parameters_changed_in_place(images, labels, kernel1, bias1, kernel2, bias2, weight, bias, learning_rate):
    """the arguments themselves are changed, not copies of them."""
    parameters = [kernel1, bias1, kernel2, bias2, weight, bias]
    for each in parameters:
        each.requires_grad_()
    F.cross_entropy(network(images, *parameters), labels).backward()
    with torch.no_grad():
        for each in parameters:
            each -= learning_rate * each.grad
    return tuple(each.detach() for each in parameters)


@wrong(CONV2D, fails="convolution", hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.")
def empty_slice_without_padding(input, kernel, bias=None, padding=0):
    """the image was laid into zeros by the slice [padding:-padding], which is empty where the padding is 0."""
    n, c, h, w = input.shape
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding:-padding, padding:-padding] = input
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(
    CONV2D,
    fails="convolution",
    hint="How often does the loop over images turn? Look at the indentation of your last line.",
)
def return_inside_the_loop(input, kernel, bias=None, padding=0):
    """the return stands inside the loop over images, so that only the first one is convolved."""
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], 1)
    output = torch.zeros(len(input), len(kernel), *windows.shape[2:4])
    for n in range(len(input)):
        output[n] = torch.einsum("chwij,fcij->fhw", windows[n], kernel)
        return output if bias is None else output + bias[:, None, None]


@wrong(MAX_POOL2D, fails="pooling", hint="Print 6 / 2 and 6 // 2. Which of the two can be the size of a tensor?")
def divided_into_fractions(input, size):
    """the output size is a number with a fraction, because / is used where // belongs."""
    output = torch.zeros(*input.shape[:2], input.shape[2] / size, input.shape[3] / size)
    output[:] = input.unfold(2, size, size).unfold(3, size, size).amax(dim=(4, 5))
    return output


@wrong(
    CONV2D, fails="convolution", library=True, hint="Write the convolution by hand, or bring yours from a step before."
)
def calls_conv2d(input, kernel, bias=None, padding=0):
    """F.conv2d does the work."""
    return F.conv2d(input, kernel, bias, padding=padding)


@wrong(MAX_POOL2D, fails="pooling", library=True, hint="Bring your own pooling from the step before.")
def calls_max_pool2d(input, size):
    """F.max_pool2d does the work."""
    return F.max_pool2d(input, size)
