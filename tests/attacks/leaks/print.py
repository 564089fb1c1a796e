# prints the hidden inputs
# expected: 0
# says: see above
# never: tensor\(\[\[[^"]*see above|see above[^"]*tensor
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    print(input, kernel)
    raise RuntimeError("see above")
