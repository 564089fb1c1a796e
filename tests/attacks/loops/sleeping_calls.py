# gives right answers and sleeps a little before each, to hold its judge for minutes
# expected: at most 4
# says: used up its
# with: answer
# slow: it takes as long as a submission may
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    time.sleep(0.3)
    return right(input, kernel, bias, stride, padding)
