# raises with a text that looks like a template
# expected: 0
# says: \{name\}
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise ValueError("{name} {seconds:g} {0} %s %(x)s {{}}")
