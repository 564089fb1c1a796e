# keeps data in a file that no folder holds
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os

    descriptor = os.memfd_create("hidden")
    os.write(descriptor, b"x")
    return input
