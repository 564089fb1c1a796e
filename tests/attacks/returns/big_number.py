# returns a number with a hundred thousand digits
# expected: 0
# says: huge int
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return 10**100_000
