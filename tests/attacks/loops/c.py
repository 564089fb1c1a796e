# loops for ever inside C
# expected: 0
# says: stopped after|waiting
import itertools


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return sum(itertools.repeat(1))
