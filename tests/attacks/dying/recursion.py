# recurses without end
# expected: 0
# says: RecursionError
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    def deeper():
        return deeper()

    deeper()
