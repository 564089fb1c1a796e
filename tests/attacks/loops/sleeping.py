# sleeps for ever
# expected: 0
# says: stopped after|waiting
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    time.sleep(1e6)
