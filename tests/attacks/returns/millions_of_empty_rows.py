# returns a tensor without numbers that still has eight million rows, and may travel
# expected: 0
# says: Expected the shape .* got \(>9999, 0\)
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.empty(8_000_000, 0)
