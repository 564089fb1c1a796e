# writes for ever to descriptor 1
# expected: 0
# says: in a loop that never ends
import os


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        os.write(1, b"x" * 4096)
