# raises KeyboardInterrupt
# expected: 0
# says: KeyboardInterrupt
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise KeyboardInterrupt
