# defines functions with odd names, near the right one
# expected: 0
# never: \x1b
# says: instead|defines none
def matrix_multiplication_for_conv2d_():
    pass


globals()["matrix_multiplication_for_conv\x1b[2J"] = matrix_multiplication_for_conv2d_
