# asks for signals to its parent with F_SETOWN
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import fcntl
    import os

    fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())
    return input
