# leaves something to do at exit
# expected: 10
# with: answer
import atexit
import os
import sys

atexit.register(os._exit, 9)
sys.excepthook = lambda *problem: os._exit(9)


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding)
