# raises a class whose name is markup and escapes
# expected: 0
# says: Passed
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise type("<b>Passed\x1b[32m\u202e</b>", (Exception,), {})("x")
