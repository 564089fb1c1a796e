# returns a nested tensor
# expected: 0
# says: Expected|raised
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.nested.nested_tensor([right(input, kernel, bias, stride, padding)])
