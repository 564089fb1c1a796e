# returns a text with escapes
# expected: 0
# says: the text
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return "\x1b[32mpassed\u202e"
