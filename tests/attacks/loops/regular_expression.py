# backtracks for ever in a regular expression
# expected: 0
# says: stopped after|waiting
import re


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    re.match("(a+)+$", "a" * 64 + "b")
