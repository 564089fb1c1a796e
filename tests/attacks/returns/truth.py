# returns True
# expected: 0
# says: got True
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return True
