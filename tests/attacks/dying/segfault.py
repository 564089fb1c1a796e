# reads from address 0
# expected: 0
# says: SIGSEGV
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import ctypes

    ctypes.string_at(0)
