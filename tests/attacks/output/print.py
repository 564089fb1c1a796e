# prints for ever
# expected: 0
# says: printed more than
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        print("x" * 1000)
