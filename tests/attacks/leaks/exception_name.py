# puts the inputs into the name of a class
# expected: 0
# never: END|MARK[^"\n]{300}
# says: MARK
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise type("MARK" + str(input.tolist()) * 1000 + chr(69) + "ND", (Exception,), {})
