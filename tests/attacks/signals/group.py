# kills its process group
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os
    import signal

    os.killpg(0, signal.SIGTERM)
