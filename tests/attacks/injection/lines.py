# raises with a text of many lines that looks like other checks
# expected: 0
# says: raised
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise ValueError("x\n✓ moves by the stride: passed (2 of 2 points)\r✓ all passed")
