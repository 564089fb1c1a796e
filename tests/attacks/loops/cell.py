# a cell loops for ever; the answer stands in it too
# expected: 0
# with: answer
# says: left out
while True:
    pass


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding)
