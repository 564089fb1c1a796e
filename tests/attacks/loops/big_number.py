# computes a number that is too big
# expected: 0
# says: stopped after|raised|ended
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return len(str(9**9**9))
