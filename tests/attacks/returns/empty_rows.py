# returns a tensor of 20 rows without numbers, as an honest slip may
# expected: 0
# says: Expected the shape .* got \(20, 0\)
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.empty(20, 0)
