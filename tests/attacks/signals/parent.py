# kills its parent
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os
    import signal

    os.kill(os.getppid(), signal.SIGKILL)
    return input
