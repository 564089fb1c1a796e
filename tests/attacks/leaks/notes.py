# raises a group and a chain of exceptions with the inputs
# expected: 0
# never: MARK
# says: short
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    error = ValueError("short")
    error.add_note(chr(77) + "ARK" + str(input.tolist()))
    raise error from RuntimeError(chr(77) + "ARK" + str(input.tolist()))
