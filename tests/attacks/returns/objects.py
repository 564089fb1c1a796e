# returns an array of objects
# expected: 0
# says: numpy.ndarray
# with: answer
import numpy


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return numpy.array([print, object()], dtype=object)
