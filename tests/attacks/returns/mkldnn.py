# returns a tensor in the layout of oneDNN
# expected: 0
# says: Expected a torch.Tensor
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding).to_mkldnn()
