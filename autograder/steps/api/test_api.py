"""api: PyTorch's own convolution, as a layer and as a function; the size that comes out, and the numbers to learn."""

from autograder.suite import windows
from autograder.suite.cases import NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, agree_on_integer
from autograder.suite.draw import Draw
from autograder.suite.references import layer, output_size, parameter_count
from autograder.suite.spaces import bias_of_batch, rectangles

# Nothing is forbidden here: this step is about the library.
FORBIDS = ()


def layer_arguments(draw: Draw) -> dict:
    """Return the arguments of one convolution, as the row of options says."""
    images, channels, filters = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    stride, padding = draw.row["stride"], draw.row["padding"]
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, stride, padding)),
        "weight": draw.tensor(filters, channels, *kernel_size),
        "bias": bias_of_batch(draw, filters),
        "stride": stride,
        "padding": padding,
    }


def size_arguments(draw: Draw) -> dict:
    """Return one axis that the kernel fits. Where the row's remainder is true, the stride does not reach its end."""
    stride, padding, dilation = (draw.row[name] for name in ("stride", "padding", "dilation"))
    kernel, outputs = draw.integer(1, 5), draw.integer(1, 6)
    over = draw.integer(1, stride - 1) if draw.row["remainder"] and stride > 1 else 0
    size = dilation * (kernel - 1) + 1 + (outputs - 1) * stride + over - 2 * padding
    size, kernel = draw.row.get("size_and_kernel") or (size, kernel)
    return {"size": max(1, size), "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}


def count_arguments(draw: Draw) -> dict:
    """Return channels that the groups divide, and a kernel size, which is not square where it is a pair."""
    groups = draw.row["groups"]
    pair = draw.row["kernel_size"] == "pair"
    inputs, outputs = draw.row.get("channels") or (draw.integer(1, 4), draw.integer(1, 5))
    return {
        "in_channels": groups * inputs,
        "out_channels": groups * outputs,
        "kernel_size": draw.pair(draw.choice(("tall", "wide")), 1, 5) if pair else draw.integer(1, 5),
        "groups": groups,
        "bias": draw.row["bias"],
    }


LAYER = Space(
    function="conv2d_by_class",
    arguments=layer_arguments,
    reference=layer,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "bias": ("given", "none", "omitted"),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
    },
    positional=("input", "weight"),
    defaults={"bias": None, "stride": 1, "padding": 0},
    window=windows.layer,
)
FUNCTION = Space(
    function="conv2d_by_function",
    arguments=layer_arguments,
    reference=layer,
    axes=LAYER.axes,
    positional=LAYER.positional,
    defaults=LAYER.defaults,
    window=windows.layer,
)
PLAIN = LAYER.where(bias="none", stride=1, padding=0, remainder=False, input_shape="square", kernel_shape="square")

SIZE = Space(
    function="output_size",
    arguments=size_arguments,
    reference=output_size,
    axes={
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "dilation": (1, 2, 3),
        "remainder": (False, True),
        "spelled": SPELLED,
    },
    positional=("size", "kernel"),
    defaults={"stride": 1, "padding": 0, "dilation": 1},
)
COUNT = Space(
    function="parameter_count",
    arguments=count_arguments,
    reference=parameter_count,
    axes={
        "kernel_size": ("number", "pair"),
        "groups": (1, 2, 3),
        "bias": (True, False),
        "spelled": SPELLED,
    },
    positional=("in_channels", "out_channels", "kernel_size"),
    defaults={"groups": 1, "bias": True},
)


# Calls of one shape with different numbers reveal a layer that is kept from one call to the next.
AGAIN = {"kernel_size": (2, 2), "input_size": (3, 3), "numbers": "reals"}


@check(points=1, cases=PLAIN.plus(AGAIN, AGAIN))
def test_class(learner, case):
    """builds a layer with the given weight"""
    agree(learner.call(case), case.expected, gradient=True)


@check(points=1, after=test_class, cases=rectangles(PLAIN))
def test_class_rectangles(learner, case):
    """keeps height and width apart in the layer"""
    agree(learner.call(case), case.expected, gradient=True)


@check(points=1, after=test_class, cases=PLAIN.where(bias="given").plus({"bias": "zeros", "filters": "many"}))
def test_class_bias(learner, case):
    """gives the layer the given bias"""
    agree(learner.call(case), case.expected, gradient=True)


@check(
    points=1,
    after=test_class,
    cases=PLAIN.where(stride=[1, 2, 3], padding=[0, 1, 2], remainder=[False, True]),
)
def test_class_options(learner, case):
    """builds the layer with stride and padding"""
    agree(learner.call(case), case.expected, gradient=True)


@check(points=1, cases=FUNCTION)
def test_function(learner, case):
    """calls the function with every argument"""
    agree(learner.call(case), case.expected, gradient=True)


@check(points=1, cases=SIZE.where(stride=1, padding=0, dilation=1, remainder=False))
def test_size(learner, case):
    """counts the positions along one axis"""
    agree_on_integer(learner.call(case), case.expected)


@check(
    points=1,
    after=test_size,
    cases=SIZE.where(dilation=1).plus(
        {"padding": 1, "size_and_kernel": (4, 1)},
        # The remainder is more than half a stride.
        {"stride": 3, "size_and_kernel": (6, 1)},
    ),
)
def test_size_options(learner, case):
    """counts with stride and padding"""
    agree_on_integer(learner.call(case), case.expected)


@check(points=1, after=test_size_options, cases=SIZE.where(dilation=[2, 3]))
def test_size_dilation(learner, case):
    """counts with a kernel spread by the dilation"""
    agree_on_integer(learner.call(case), case.expected)


@check(points=1, cases=COUNT.where(groups=1).plus({"channels": (3, 1)}))
def test_parameters(learner, case):
    """counts the weights and the biases of a layer"""
    agree_on_integer(learner.call(case), case.expected)


@check(points=1, after=test_parameters, cases=COUNT.where(groups=[2, 3]).plus({"channels": (1, 2)}))
def test_parameter_groups(learner, case):
    """counts the weights of a layer with groups"""
    agree_on_integer(learner.call(case), case.expected)
