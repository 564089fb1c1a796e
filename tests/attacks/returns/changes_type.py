# changes the type of its argument in place
# expected: 9
# says: was changed
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    result = right(input, kernel, bias, stride, padding)
    input.data = input.data.to(torch.int64)
    return result
