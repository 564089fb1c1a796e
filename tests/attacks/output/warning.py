# a right answer that warns on stderr keeps its points
# expected: 10
# with: answer
import sys
import warnings

print("careful", file=sys.stderr)
warnings.warn("careful")


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding)
