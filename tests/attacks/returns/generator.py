# returns a generator
# expected: 0
# says: generator
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return (row for row in input)
