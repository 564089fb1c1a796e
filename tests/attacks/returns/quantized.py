# returns a quantized tensor
# expected: 0
# says: Expected a torch.Tensor
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.quantize_per_tensor(right(input, kernel, bias, stride, padding), 0.1, 0, torch.qint32)
