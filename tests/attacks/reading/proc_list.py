# looks at the processes of the machine
# expected: 0
# says: raised|got None
# with: answer
import os


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = os.listdir("/proc")
    if text:
        return right(input, kernel, bias, stride, padding)
