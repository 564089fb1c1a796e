# returns more than may travel
# expected: 0
# says: Expected a torch.Tensor
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.zeros(9_000_000)
