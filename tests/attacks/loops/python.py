# computes for ever
# expected: 0
# says: in a loop that never ends
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        pass
