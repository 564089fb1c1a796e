# raises with a script as text
# expected: 0
# says: raised ValueError
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise ValueError("<script>alert(1)</script><img src=x onerror=alert(1)>")
