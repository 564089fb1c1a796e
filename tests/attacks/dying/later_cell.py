# redefines the function after a right one; the last one counts
# expected: 0
# says: ended
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding)


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os

    os._exit(1)
