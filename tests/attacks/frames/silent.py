# answers nothing and keeps the socket
# expected: 0
# says: waiting
# with: answer, wire
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        time.sleep(1)
